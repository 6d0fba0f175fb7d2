"""RFC 9525's and RFC 4592's own examples, put to the verifier and to the embedded AWS, which share no code for names.

Every expectation stands here, written from the RFCs, and neither side is asked what the other should say.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from dns.name import Name

from edge.verify.dns_client import DnsClient
from edge.verify.endpoints import Endpoint, Settings
from edge.verify.requests import Requests
from embedded_aws import dns_names
from embedded_aws.data_plane import certificate_names, dns_server
from embedded_aws.data_plane.zone_answers import RecordSet, Reply, Zone, answer
from environments import dns_names as files

Covers = Callable[[str, str], bool]
SIDES = ["the verifier, by the environments' names", "the embedded AWS"]
ALL_SIDES = pytest.mark.parametrize("covers", [files.certificate_covers, certificate_names.covers], ids=SIDES)


@ALL_SIDES
@pytest.mark.parametrize(
    ("presented", "reference", "matches"),
    [
        # RFC 9525 section 6.3: every label must match, without regard to case.
        ("www.example.com", "WWW.Example.Com", True),
        ("WWW.EXAMPLE.COM", "www.example.com", True),
        ("www.example.com", "www.example.com.", True),
        ("www.example.com", "example.com", False),
        ("example.com", "www.example.com", False),
        ("www.example.com", "www.example.net", False),
        ("www.example.com", "wwwXexample.com", False),
        # The wildcard is the complete content of the left-most label, and matches one label.
        ("*.example.com", "foo.example.com", True),
        ("*.EXAMPLE.com", "Foo.Example.COM", True),
        ("*.example.com", "bar.foo.example.com", False),
        ("*.example.com", "example.com", False),
        ("*.example.com", "foo.example.net", False),
        ("*.example.com", "fooexample.com", False),
        # RFC 6125 section 6.4.3 still took the first three of these; RFC 9525 takes none: such a name is ignored.
        ("baz*.example.net", "baz1.example.net", False),
        ("*baz.example.net", "foobaz.example.net", False),
        ("b*z.example.net", "buzz.example.net", False),
        ("bar.*.example.net", "bar.foo.example.net", False),
        ("*.*.example.net", "bar.foo.example.net", False),
        ("**.example.net", "foo.example.net", False),
        # An ignored name does not even match itself: a client never asks for a wildcard.
        ("baz*.example.net", "baz*.example.net", False),
        ("bar.*.example.net", "bar.*.example.net", False),
        # Internationalized names compare as A-labels, which a wildcard covers as any other label (section 6.3).
        ("xn--bcher-kva.example", "XN--BCHER-KVA.example", True),
        ("*.example.com", "xn--bcher-kva.example.com", True),
        ("xn--bcher-*.example.com", "xn--bcher-kva.example.com", False),
        # What is not a name covers nothing.
        ("", "www.example.com", False),
        ("*.example.com", ".example.com", False),
        ("www..example.com", "www.example.com", False),
    ],
)
def test_a_certificate_matches_as_rfc_9525_has_it(
    covers: Covers, presented: str, reference: str, matches: bool
) -> None:
    assert covers(presented, reference) is matches


def lower_case_of_the_embedded_aws(text: str) -> str:
    return dns_names.written(dns_names.parse(text))


@pytest.mark.parametrize("canonical", [files.canonical, lower_case_of_the_embedded_aws], ids=SIDES)
@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("www.example.com", "www.example.com"),
        ("WWW.Example.COM", "www.example.com"),
        ("www.example.com.", "www.example.com"),
        ("Www.Example.Com.", "www.example.com"),
        ("_proof.Host.example.", "_proof.host.example"),
        ("*.Example.com", "*.example.com"),
    ],
)
def test_case_and_the_last_dot_do_not_count(canonical: Callable[[str], str], text: str, same: str) -> None:
    """RFC 4343 section 3, and RFC 1034 section 3.1 for the dot."""
    assert canonical(text) == same


def test_both_sides_read_route_53s_octal_escapes() -> None:
    r"""RFC 1035 section 5.1 escapes in decimal, where `\052` is the digit 4."""
    assert files.canonical(r"\052.Example.com.") == "*.example.com"
    assert dns_names.parse(r"\052.Example.com.") == dns_names.parse("*.example.com")
    assert dns_names.parse(r"\052.example.com").is_wild()
    assert dns_names.written(dns_names.parse(r"a\100B.example.com")) == r"a\100b.example.com"


NS = ("ns.example.com", "ns.example.net")
SERVICE = "0 0 22 host1.example."


def records(name: str, kind: str, *values: str) -> RecordSet:
    return RecordSet(dns_names.parse(name), kind, 3600, values)


# The zone of RFC 4592 section 2.2.1, to the letter; its SOA is the server's own.
ZONE = Zone(
    "/hostedzone/RFC4592",
    dns_names.parse("example"),
    tuple(map(dns_names.parse, NS)),
    (
        records("example.", "NS", *NS),
        records("*.example.", "TXT", '"this is a wildcard"'),
        records("*.example.", "MX", "10 host1.example."),
        records("sub.*.example.", "TXT", '"this is not a wildcard"'),
        records("host1.example.", "A", "192.0.2.1"),
        records("_ssh._tcp.host1.example.", "SRV", SERVICE),
        records("_ssh._tcp.host2.example.", "SRV", SERVICE),
        records("subdel.example.", "NS", *NS),
    ),
)
WILDCARD_MX, WILDCARD_TXT = ("10 host1.example.",), ('"this is a wildcard"',)


@dataclass(frozen=True)
class Question:
    """A question of RFC 4592, and what the zone's name server must answer."""

    name: str
    kind: str
    status: str = "NOERROR"
    values: tuple[str, ...] = ()
    referral: tuple[str, ...] = ()


QUESTIONS = [
    # Section 2.2.1: "would be synthesized from one of the wildcards".
    Question("host3.example.", "MX", values=WILDCARD_MX),
    Question("host3.example.", "A"),  # no error, and no data: no A stands at the wildcard
    Question("foo.bar.example.", "TXT", values=WILDCARD_TXT),  # bar.example does not exist, but the wildcard does
    # "would not be synthesized from any of the wildcards".
    Question("host1.example.", "MX"),  # host1.example exists
    Question("sub.*.example.", "MX"),  # sub.*.example exists
    Question("_telnet._tcp.host1.example.", "SRV", "NXDOMAIN"),  # _tcp.host1.example exists, without data
    Question("host.subdel.example.", "A", referral=("ns.example.com.", "ns.example.net.")),  # a zone cut
    Question("ghost.*.example.", "MX", "NXDOMAIN"),  # *.example exists
    # Section 2.3: a wildcard is asked for as any other name.
    Question("*.example.", "MX", values=WILDCARD_MX),
    Question("*.example.", "A"),
    # Section 2.2.2: an empty non-terminal exists, and no wildcard covers it.
    Question("_tcp.host1.example.", "TXT"),
    Question("host2.example.", "MX"),
    # Section 3.3.1: the names for which it lists the closest encloser and the source of synthesis.
    Question("_dns._udp.host2.example.", "SRV", "NXDOMAIN"),
    Question("_telnet._tcp.host3.example.", "MX", values=WILDCARD_MX),
    Question("_chat._udp.host3.example.", "MX", values=WILDCARD_MX),
    Question("foobar.*.example.", "TXT", "NXDOMAIN"),
    # Case does not count (RFC 4343), nor does the asterisk's place in a longer label.
    Question("HOST3.Example.", "MX", values=WILDCARD_MX),
    Question("*x.example.", "TXT", values=WILDCARD_TXT),
]
IDS = [f"{question.name} {question.kind}" for question in QUESTIONS]


def no_alias(name: Name) -> tuple[str, ...]:
    raise AssertionError(f"{name} is not an alias")


@pytest.mark.parametrize("question", QUESTIONS, ids=IDS)
def test_the_embedded_aws_answers_as_rfc_4592_has_it(question: Question) -> None:
    name = dns_names.parse(question.name)
    reply = answer(ZONE, name, question.kind, no_alias)
    assert reply.status == question.status
    assert [record.values for record in reply.answer] == ([question.values] if question.values else [])
    assert {record.name for record in reply.answer} <= {name}  # synthesized under the name that was asked for
    assert reply.is_referral == bool(question.referral)
    if question.referral:
        assert [record.values for record in reply.authority] == [NS]


@pytest.fixture(scope="module")
def name_server() -> int:
    """A name server that answers what stands in this file; the zone's own rules are not asked."""
    by_question = {(dns_names.parse(question.name), question.kind): question for question in QUESTIONS}

    def reply(name: Name, kind: str) -> Reply:
        question = by_question[name, kind]
        found = (RecordSet(name, kind, 3600, question.values),) if question.values else ()
        servers = (records("subdel.example.", "NS", *question.referral),) if question.referral else ()
        return Reply(question.status, found, servers, authoritative=not servers)

    return dns_server.start(reply, recursive=True)


@pytest.mark.parametrize("question", QUESTIONS, ids=IDS)
def test_the_verifier_reads_the_answers_of_rfc_4592(question: Question, name_server: int) -> None:
    client = DnsClient(Settings(resolver=Endpoint("127.0.0.1", name_server)), Requests())
    found = client.resolve(question.name, question.kind)
    values = tuple(value.lower() for value in found.values)  # a compressed name takes the question's case
    assert (found.status, values, found.alias) == (question.status, question.values, None)
    assert found.authoritative is (question.referral == ())


@pytest.mark.parametrize(
    ("kind", "status", "values", "alias"),
    [
        ("A", "NOERROR", (), "c.isi.edu."),  # the addresses stand at another name
        ("CNAME", "NOERROR", ("c.isi.edu.",), None),
        ("MX", "NOERROR", (), "c.isi.edu."),  # NXDOMAIN is the target's (RFC 6604 section 3)
    ],
)
def test_the_verifier_reads_what_stands_at_the_asked_name_alone(
    kind: str, status: str, values: tuple[str, ...], alias: str | None
) -> None:
    """The example of RFC 1034 section 3.6.2, whose name server answers with the alias and what it leads to."""

    def reply(name: Name, kind: str) -> Reply:
        addresses = (records("c.isi.edu", "A", "10.0.0.52"),) if kind == "A" else ()
        canonical = RecordSet(name, "CNAME", 3600, ("C.ISI.EDU",))
        return Reply("NXDOMAIN" if kind == "MX" else "NOERROR", (canonical, *addresses))

    port = dns_server.start(reply, recursive=True)
    found = DnsClient(Settings(resolver=Endpoint("127.0.0.1", port)), Requests()).resolve("usc-isic.arpa", kind)
    lower = found.alias.lower() if found.alias else None
    assert (found.status, tuple(value.lower() for value in found.values), lower) == (status, values, alias)


ZONES = ["example", "sub.example", "a.example", "example.net"]


def zone_of_the_embedded_aws(name: str, zones: list[str]) -> str | None:
    found = dns_names.zone_of(dns_names.parse(name), map(dns_names.parse, zones))
    return dns_names.written(found) if found else None


@pytest.mark.parametrize("zone_of", [files.zone_of, zone_of_the_embedded_aws], ids=SIDES)
@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("host.sub.example", "sub.example"),  # RFC 1034 section 4.3.2 step 2: the nearest ancestor
        ("Host.SUB.Example.", "sub.example"),
        ("sub.example", "sub.example"),
        ("host.a.example", "a.example"),
        ("sub2.example", "example"),
        ("hostsub.example", "example"),
        ("host.example.net", "example.net"),
        ("host.myexample.net", None),
        ("example.org", None),
        ("net", None),
    ],
)
def test_a_name_lies_in_the_nearest_zone_above_it(
    zone_of: Callable[[str, list[str]], str | None], name: str, zone: str | None
) -> None:
    assert zone_of(name, ZONES) == zone
    assert zone_of(name, ZONES[::-1]) == zone
