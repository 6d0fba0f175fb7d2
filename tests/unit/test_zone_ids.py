"""A zone that is named by its id: looked up by that, and by that alone, wherever the account's zones are asked."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws

from edge.roles import ids
from edge.verify.aws_client import AwsClient
from edge.verify.requests import Requests
from environments.checked import Environment
from tests.support.files import environment, prod
from tests.support.survey_world import SurveyWorld

Stack = dict[str, Any]


def with_id(id: str) -> Environment:
    content = prod()
    content["zones"]["getorcha.com"] = {"account": "management", "id": id}
    return environment(content)


@pytest.fixture
def world() -> Iterator[SurveyWorld]:
    """Two public zones of one name stand in the account, and a private one."""
    with mock_aws():
        made = SurveyWorld()
        made.client("route53").create_hosted_zone(Name="getorcha.com", CallerReference="2")
        yield made


def test_it_is_looked_up_by_its_id_which_must_be_a_public_zone_of_the_name(
    synthesized: Callable[[Environment], Stack],
) -> None:
    by_name, by_id = (
        synthesized(content)["data"]["aws_route53_zone"] for content in (environment(prod()), with_id("Z1A"))
    )
    assert by_id["prod_getorcha_com"] == by_name["prod_getorcha_com"]
    found = by_id["getorcha_com"]
    assert (found["zone_id"], "name" in found, found["provider"]) == ("Z1A", False, by_name["getorcha_com"]["provider"])
    named, public = found["lifecycle"]["postcondition"]
    assert named["condition"] == '${trimsuffix(self.name, ".") == "getorcha.com"}'
    assert public["condition"] == "${!self.private_zone}"


def test_a_survey_knows_the_zone_of_the_id(world: SurveyWorld) -> None:
    world.environment = with_id(world.zone)
    assert world.reader().zone_ids["getorcha.com"] == ("management", world.zone)
    world.environment = with_id("Z0OTHER")
    assert "getorcha.com" not in world.reader().zone_ids


def test_roles_take_the_id_and_ask_nobody() -> None:
    def refuse(*_: object) -> None:
        pytest.fail("asked")

    found = with_id("Z1A")
    things = [thing for thing in ids.wanted(found) if thing.name == "getorcha.com"]
    assert ids.found(found, things, {}, refuse, "prod.toml") == ({"getorcha.com": "Z1A"}, [])
    assert ids.found(found, things, {"getorcha.com": "Z2"}, refuse, "prod.toml")[0] == {"getorcha.com": "Z2"}


def test_a_verification_asks_the_zone_of_the_id(world: SurveyWorld) -> None:
    def client(content: Environment) -> AwsClient:
        return AwsClient(content, lambda service, _account, _region: world.client(service), Requests())

    zones = client(environment(prod())).hosted_zones("getorcha.com")
    assert len(zones) == 2
    for id, servers in zones.items():
        assert client(with_id(id)).hosted_zones("getorcha.com") == {id: servers}
    assert client(with_id("Z0OTHER")).hosted_zones("getorcha.com") == {}


def test_of_several_zones_the_one_that_dns_leads_to_is_named() -> None:
    client = AwsClient(environment(prod()), lambda *_: None, Requests())
    zones = {"Z1": ("ns1.example.com",), "Z2": ("ns2.example.com",)}
    several = client.not_one("getorcha.com", zones, ("ns2.example.com",))
    assert several.found == (
        "account management holds 2 public hosted zones getorcha.com, not one: Z1, Z2 (the parent delegates to it)"
    )
    assert several.remedy == 'say which in [zones]: { account = "management", id = "Z2" }'
    assert client.not_one("getorcha.com", zones, ()).remedy.endswith('id = "Z…" }')


def test_a_zone_that_is_not_there_is_named_with_its_id() -> None:
    client = AwsClient(with_id("Z0OTHER"), lambda *_: None, Requests())
    missing = client.not_one("getorcha.com", {}, ())
    assert missing.found == "account management holds no public hosted zone getorcha.com with the id Z0OTHER"
    assert missing.remedy == "make it, or correct the id or the account in [zones]"
