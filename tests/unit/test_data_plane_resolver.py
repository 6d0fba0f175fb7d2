"""The DNS world of the embedded AWS: the registry, delegations between accounts, and what a resolver makes of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from embedded_aws.data_plane.aws_reader import Api
from embedded_aws.data_plane.resolver import REGISTRY_SERVER, World
from embedded_aws.data_plane.routes import Places
from embedded_aws.dns_names import parse

PROD, MANAGEMENT = "111111111111", "222222222222"
DECLARED = {"getorcha.com": MANAGEMENT, "prod.getorcha.com": PROD}
BALANCER = "v1-orcha-alb-1.eu-central-1.elb.amazonaws.com"


def record(name: str, kind: str, *values: str) -> dict[str, Any]:
    return {"Name": f"{name}.", "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value} for value in values]}


def alias(name: str) -> dict[str, Any]:
    return {"Name": f"{name}.", "Type": "A", "AliasTarget": {"DNSName": f"dualstack.{BALANCER}."}}


def zone(number: int, name: str, *records: dict[str, Any]) -> dict[str, Any]:
    servers = [f"ns-{number}.awsdns.com", f"ns-{number}.awsdns.net"]
    return {"Id": f"/hostedzone/Z{number}", "Name": name, "NameServers": servers, "Records": list(records)}


class FakeApi:
    """Hosted zones and one load balancer, as the APIs would give them."""

    account_ids = (PROD, MANAGEMENT)

    def __init__(self) -> None:
        self.held = {
            MANAGEMENT: [
                zone(
                    1,
                    "getorcha.com",
                    record("prod.getorcha.com", "NS", "ns-2.awsdns.com.", "ns-2.awsdns.net."),
                    record("link.getorcha.com", "CNAME", "link.prod.getorcha.com"),
                    record("a.getorcha.com", "CNAME", "b.prod.getorcha.com"),
                    record("lame.getorcha.com", "NS", "ns-9.awsdns.com"),
                ),
                zone(3, "getorcha.com", record("link.getorcha.com", "CNAME", "elsewhere.example")),
            ],
            PROD: [
                zone(
                    2,
                    "prod.getorcha.com",
                    alias("link.prod.getorcha.com"),
                    alias(r"\052.web.prod.getorcha.com"),
                    record("b.prod.getorcha.com", "CNAME", "a.getorcha.com"),
                )
            ],
        }

    def zones(self, account_id: str) -> list[dict[str, Any]]:
        return self.held[account_id]

    def remember(self, _question: Any, read: Callable[[], Any]) -> Any:
        return read()

    def balancers(self) -> dict[str, Any]:
        return {"arn:alb": ((PROD, "eu-central-1"), {"DNSName": BALANCER})}


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "routes.json", open_dns=lambda _: 5300, open_front=lambda _, port: 40000 + port)


@pytest.fixture
def world(api: FakeApi, places: Places) -> World:
    return World(DECLARED, cast("Api", api), places)


@pytest.mark.parametrize(
    ("name", "kind", "status", "last"),
    [
        ("link.prod.getorcha.com", "A", "NOERROR", "192.0.2.1"),
        ("link.getorcha.com", "A", "NOERROR", "192.0.2.1"),
        ("any.web.prod.getorcha.com", "A", "NOERROR", "192.0.2.1"),
        ("link.getorcha.com", "CNAME", "NOERROR", "link.prod.getorcha.com"),
        (BALANCER, "A", "NOERROR", "192.0.2.1"),
        (BALANCER, "AAAA", "NOERROR", None),
        ("ns-2.awsdns.com", "A", "NOERROR", "198.51.100.1"),
        ("com", "NS", "NOERROR", REGISTRY_SERVER),
        (REGISTRY_SERVER, "A", "NOERROR", "203.0.113.53"),
        ("com", "CAA", "NOERROR", None),
        ("nowhere.getorcha.com", "A", "NXDOMAIN", None),
        ("example.org", "A", "NXDOMAIN", None),
        ("x.lame.getorcha.com", "A", "SERVFAIL", None),  # delegated to servers that nobody runs
    ],
)
def test_a_resolver_answers(world: World, name: str, kind: str, status: str, last: str | None) -> None:
    reply = world.resolver(parse(name), kind)
    assert (reply.status, reply.answer[-1].values[0] if reply.answer else None) == (status, last)


def test_a_loop_over_two_zones_is_a_servers_failure(world: World) -> None:
    assert world.resolver(parse("a.getorcha.com"), "A").status == "SERVFAIL"


def test_only_the_zone_that_is_delegated_to_answers(api: FakeApi, world: World) -> None:
    """Two zones bear one name: the registry knows the older one."""
    (delegation,) = world.registry(parse("link.getorcha.com"), "A").authority
    assert delegation.values == ("ns-1.awsdns.com", "ns-1.awsdns.net")
    other = world.authority("/hostedzone/Z3", parse("link.getorcha.com"), "CNAME")
    assert other.answer[0].values == ("elsewhere.example",)
    api.held[MANAGEMENT][0]["Records"][0] = record("prod.getorcha.com", "NS", "ns1.example.net")
    assert world.resolver(parse("link.prod.getorcha.com"), "A").status == "SERVFAIL"


def test_a_zone_that_is_gone_is_refused(api: FakeApi, world: World) -> None:
    api.held[PROD] = []
    assert world.authority("/hostedzone/Z2", parse("link.prod.getorcha.com"), "A").status == "REFUSED"


def test_addresses_are_distinct_stable_and_routed(places: Places, tmp_path: Path) -> None:
    given = [places.balancer("arn:one"), places.balancer("arn:two"), places.balancer("arn:one")]
    assert given == ["192.0.2.1", "192.0.2.2", "192.0.2.1"]
    assert places.zone("/hostedzone/Z1") != places.zone("/hostedzone/Z2")
    assert '"192.0.2.2:443": "127.0.0.1:40443"' in (tmp_path / "routes.json").read_text(encoding="utf-8")
