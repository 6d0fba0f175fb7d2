"""What stands above the declared zones in DNS: asked of servers on loopback that answer as a registry would."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from dns.name import Name
from moto import mock_aws

from edge.aws.neighbours.model import CaaRecords, ForeignDelegation, Part
from edge.aws.neighbours.zones import undelegated
from edge.aws.survey.reader import Reader
from edge.plan.public_dns import above
from embedded_aws.data_plane import dns_server
from embedded_aws.data_plane.zone_answers import RecordSet, Reply
from embedded_aws.dns_names import written
from tests.support.files import MANAGED_TOML_FILE, environment, environment_of, prod
from tests.support.two_accounts import Accounts

PROD, MANAGEMENT, REGION = "111111111111", "222222222222", "eu-central-1"
REGISTRY, ADDRESS = "ns.registry.invalid", "192.0.2.53"
OTHERS = ("ns1.parking.example", "ns2.parking.example")
HOSTS = ["link.prod.getorcha.com", "*.getorcha.com"]


@dataclass
class World:
    """A resolver and the registry of `com`, which hands getorcha.com to `handed`; `caa` are records by their names."""

    handed: tuple[str, ...] = ()
    caa: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    zones: tuple[str, ...] = ("com",)

    def resolver(self, name: Name, kind: str) -> Reply:
        self.asked.append(f"{kind} {written(name)}")
        if kind == "NS" and written(name) in self.zones:
            return Reply("NOERROR", (RecordSet(name, "NS", 60, (REGISTRY,)),))
        if kind == "A" and written(name) == REGISTRY:
            return Reply("NOERROR", (RecordSet(name, "A", 60, (ADDRESS,)),))
        if kind == "CAA" and written(name) in self.caa:
            return Reply("NOERROR", (RecordSet(name, "CAA", 60, (self.caa[written(name)],)),))
        return Reply("NOERROR")

    def registry(self, name: Name, kind: str) -> Reply:
        assert (written(name).removeprefix("prod."), kind) == ("getorcha.com", "NS")
        if not self.handed:
            return Reply("NXDOMAIN")
        return Reply("NOERROR", authority=(RecordSet(name, "NS", 60, self.handed),), authoritative=False)


class Asking:
    """Both accounts' zones on moto, the world's servers on loopback, and the shell's variables that name those."""

    def __init__(self, folder: Path) -> None:
        self.world, self.accounts = World(), Accounts()
        made = self.accounts("route53", MANAGEMENT, REGION).create_hosted_zone(Name="getorcha.com", CallerReference="1")
        self.servers = tuple(made["DelegationSet"]["NameServers"])
        routes = folder / "routes.json"
        registry = dns_server.start(self.world.registry, recursive=False)
        routes.write_text(json.dumps({f"{ADDRESS}:53": f"127.0.0.1:{registry}"}), encoding="utf-8")
        resolver = dns_server.start(self.world.resolver, recursive=True)
        self.environ = {"ORCHA_VERIFY_DNS": f"127.0.0.1:{resolver}", "ORCHA_VERIFY_ROUTES": str(routes)}

    def found(self, names: list[str] = HOSTS, **environ: str) -> dict[str, Any]:
        here = environment(prod())
        return above(here, names, Reader(here, self.accounts), {**self.environ, **environ})


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with mock_aws():
        yield Asking(tmp_path)


def test_a_zone_that_its_registry_hands_to_our_servers_is_fine(asking: Asking) -> None:
    asking.world.handed = asking.servers
    assert asking.found() == {"undelegated_above": (), "caa_above": ()}
    assert [question for question in asking.world.asked if "getorcha" in question] == [], "our own zones say that"


@pytest.mark.parametrize("handed", [(), OTHERS], ids=["to nobody", "to others"])
def test_a_zone_that_its_registry_does_not_hand_to_us_is_found(asking: Asking, handed: tuple[str, ...]) -> None:
    asking.world.handed = handed
    lost = ForeignDelegation(zone="com", name="getorcha.com", servers=handed)
    assert asking.found()["undelegated_above"] == (lost,)


def test_caa_above_our_zones_counts(asking: Asking) -> None:
    asking.world.handed = asking.servers
    asking.world.caa = {"com": '0 issue "registry.example"', "getorcha.com": '0 issue "amazon.com"'}
    assert asking.found()["caa_above"] == (CaaRecords(name="com", values=('0 issue "registry.example"',)),)


def test_where_no_server_answers_that_part_is_missing(asking: Asking) -> None:
    asking.environ.pop("ORCHA_VERIFY_ROUTES")
    found = asking.found(ORCHA_VERIFY_DNS="127.0.0.1:9")
    assert set(found) == {"unasked"}
    assert found["unasked"][Part.WORLD].startswith("the DNS server 127.0.0.1:9 does not answer: ")


def test_a_setting_that_cannot_be_used_leaves_it_open(asking: Asking) -> None:
    found = asking.found(ORCHA_VERIFY_DNS="nowhere")
    assert found["unasked"][Part.WORLD].startswith('ORCHA_VERIFY_DNS: "nowhere" is not an address with a port')


def test_an_aws_of_ones_own_has_no_world_unless_one_is_named(asking: Asking) -> None:
    assert asking.found(ORCHA_VERIFY_DNS="", AWS_ENDPOINT_URL="http://127.0.0.1:1") == {}
    assert asking.world.asked == []
    assert asking.found(AWS_ENDPOINT_URL="http://127.0.0.1:1")["undelegated_above"] != ()


def test_a_declared_parent_without_names_of_ours_is_asked_as_everybody_asks_it(asking: Asking) -> None:
    """The roles may not read it, and in its account there may be none."""
    content = prod()
    content["services"]["link"]["hosts"] = ["link.prod.getorcha.com"]
    here = environment(content)
    made = asking.accounts("route53", PROD, REGION).create_hosted_zone(Name="prod.getorcha.com", CallerReference="2")
    asking.world.zones, asking.world.handed = ("getorcha.com",), OTHERS
    asking.world.caa = {"getorcha.com": '0 issue "letsencrypt.org"'}
    asking.accounts.calls.clear()
    reader = Reader(here, asking.accounts)
    found = above(here, here.hosts, reader, asking.environ)
    assert found["undelegated_above"] == (
        ForeignDelegation(zone="getorcha.com", name="prod.getorcha.com", servers=OTHERS),
    )
    assert found["caa_above"] == (CaaRecords(name="getorcha.com", values=('0 issue "letsencrypt.org"',)),)
    asking.world.handed = tuple(made["DelegationSet"]["NameServers"])
    assert above(here, here.hosts, reader, asking.environ)["undelegated_above"] == ()
    assert undelegated(reader) == []
    assert {call.account for call in asking.accounts.recorded if call.operation.startswith("List")} == {PROD}


def test_of_a_zone_that_is_made_here_its_parent_is_asked_about(asking: Asking) -> None:
    here = environment_of(MANAGED_TOML_FILE.read_text(encoding="utf-8"), "staging")
    assert here.created_zones == ("staging.getorcha.com",)
    found = above(here, here.hosts, Reader(here, asking.accounts), asking.environ)
    assert [lost.name for lost in found["undelegated_above"]] == ["getorcha.com"]


def test_nothing_is_asked_for_a_plan_that_makes_no_name_known(asking: Asking) -> None:
    assert asking.found([]) == {}
    assert asking.world.asked == []
