"""A hosted zone as its name servers answer: RFC 1034, RFC 2308 and RFC 4592, question by question."""

import pytest
from dns.name import Name

from embedded_aws.data_plane.zone_answers import RecordSet, Zone, answer
from embedded_aws.dns_names import parse, written

BALANCER = "alb.elb.amazonaws.com"


def record(name: str, kind: str, *values: str, alias: str | None = None) -> RecordSet:
    return RecordSet(parse(name), kind, 300, values, parse(alias) if alias else None)


ZONE = Zone(
    "/hostedzone/Z1",
    parse("example.com"),
    (parse("ns1.awsdns.com"), parse("ns2.awsdns.net")),
    (
        record("example.com", "NS", "ns1.awsdns.com", "ns2.awsdns.net"),
        record("example.com", "A", alias=BALANCER),
        record("www.example.com", "CNAME", "link.example.com"),
        record("link.example.com", "A", alias=BALANCER),
        record("twice.example.com", "A", alias="link.example.com"),
        record("gone.example.com", "A", alias="other.elb.amazonaws.com"),
        record("out.example.com", "CNAME", "elsewhere.org"),
        record("lost.example.com", "CNAME", "nowhere.example.com"),
        record("a.example.com", "CNAME", "b.example.com"),
        record("b.example.com", "CNAME", "a.example.com"),
        record("_proof.deep.example.com", "CNAME", "x.acm-validations.aws"),
        record("*.wild.example.com", "A", "192.0.2.9"),
        record("*.wild.example.com", "TXT", '"wild"'),
        record("mine.wild.example.com", "TXT", '"mine"'),
        record("sub.example.com", "NS", "ns9.awsdns.com"),
        record("short.example.com", "CNAME", "link.sub.example.com"),
    ),
)


def addresses(name: Name) -> tuple[str, ...]:
    return ("192.0.2.1",) if name == parse(BALANCER) else ()


@pytest.mark.parametrize(
    ("name", "kind", "status", "answered"),
    [
        ("link.example.com", "A", "NOERROR", [("link.example.com", "A", "192.0.2.1")]),
        ("link.example.com", "AAAA", "NOERROR", []),  # NODATA
        ("example.com", "A", "NOERROR", [("example.com", "A", "192.0.2.1")]),
        ("twice.example.com", "A", "NOERROR", [("twice.example.com", "A", "192.0.2.1")]),
        ("gone.example.com", "A", "NOERROR", []),  # the load balancer of the alias is gone
        (
            "www.example.com",
            "A",
            "NOERROR",
            [("www.example.com", "CNAME", "link.example.com"), ("link.example.com", "A", "192.0.2.1")],
        ),
        ("www.example.com", "CNAME", "NOERROR", [("www.example.com", "CNAME", "link.example.com")]),
        ("out.example.com", "A", "NOERROR", [("out.example.com", "CNAME", "elsewhere.org")]),
        ("lost.example.com", "A", "NXDOMAIN", [("lost.example.com", "CNAME", "nowhere.example.com")]),
        (
            "a.example.com",
            "A",
            "NOERROR",
            [("a.example.com", "CNAME", "b.example.com"), ("b.example.com", "CNAME", "a.example.com")],
        ),
        ("nowhere.example.com", "A", "NXDOMAIN", []),
        ("deep.example.com", "A", "NOERROR", []),  # an empty non-terminal exists
        ("any.wild.example.com", "A", "NOERROR", [("any.wild.example.com", "A", "192.0.2.9")]),
        ("a.b.wild.example.com", "A", "NOERROR", [("a.b.wild.example.com", "A", "192.0.2.9")]),
        ("mine.wild.example.com", "A", "NOERROR", []),  # a name that exists is not a wildcard's
        ("under.mine.wild.example.com", "A", "NXDOMAIN", []),  # nor is one below it (RFC 4592 section 2.2.1)
        ("wild.example.com", "A", "NOERROR", []),
        ("short.example.com", "A", "NOERROR", [("short.example.com", "CNAME", "link.sub.example.com")]),
        ("other.org", "A", "REFUSED", []),
    ],
)
def test_a_zone_answers(name: str, kind: str, status: str, answered: list[tuple[str, str, str]]) -> None:
    reply = answer(ZONE, parse(name), kind, addresses)
    assert reply.status == status
    assert [(written(item.name), item.kind, item.values[0]) for item in reply.answer] == answered


@pytest.mark.parametrize("name", ["sub.example.com", "link.sub.example.com"])
def test_below_a_delegation_it_refers_and_claims_no_authority(name: str) -> None:
    reply = answer(ZONE, parse(name), "A", addresses)
    assert reply.is_referral
    assert [item.values for item in reply.authority] == [("ns9.awsdns.com",)]


@pytest.mark.parametrize("name", ["nowhere.example.com", "deep.example.com"])
def test_what_is_not_there_comes_with_the_zones_soa(name: str) -> None:
    reply = answer(ZONE, parse(name), "A", addresses)
    assert (reply.authoritative, [item.kind for item in reply.authority]) == (True, ["SOA"])
