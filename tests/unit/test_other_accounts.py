"""What the state has in one account and the file in another: refused before a plan, with the deploys that do it."""

from typing import Any

import pytest

from edge.plan import other_accounts
from edge.plan.errors import RefusedError
from environments.checked import Environment
from tests.support.files import PROD_TOML, environment_of
from tests.support.synthesizing import synthesize

ENVIRONMENT = environment_of(PROD_TOML.read_text(encoding="utf-8"))
PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
ZONES = {
    "111111111111": {"ZPROD": "prod.getorcha.com"},
    "222222222222": {"ZMAIN": "getorcha.com", "ZOTHER": "other.com", "ZLINK": "link.getorcha.com"},
}
SERVERS = "ns1.aws.example"


class Route53:
    """An account's zones, in pages of one; each has the same server, and ZMAIN leads to `led_to`."""

    led_to: tuple[str, ...] = ()

    def __init__(self, zones: dict[str, str]) -> None:
        self.zones = zones

    def get_paginator(self, _: str) -> "Route53":
        return self

    def list_resource_record_sets(self, **asked: str) -> dict[str, Any]:
        names = [self.zones[asked["HostedZoneId"]], *(self.led_to if asked["HostedZoneId"] == "ZMAIN" else ())]
        values = [{"Value": SERVERS}]
        return {"ResourceRecordSets": [{"Name": n, "Type": "NS", "ResourceRecords": values} for n in names]}

    def paginate(self) -> list[dict[str, Any]]:
        config = {"PrivateZone": False}
        return [
            {"HostedZones": [{"Id": f"/hostedzone/{id}", "Name": f"{name}.", "Config": config}]}
            for id, name in self.zones.items()
        ]


@pytest.fixture(autouse=True)
def accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    def clients(service: str, account: str, _region: str) -> Route53:
        assert service == "route53"
        return Route53(ZONES[account])

    monkeypatch.setattr(other_accounts, "client_of", lambda _: clients)


def stands(address: str, account: str, **attributes: str) -> dict[str, Any]:
    type, _, name = address.partition(".")
    resource = {"mode": "managed", "type": type, "name": name, "provider": f"{PROVIDER}.{account}"}
    return {**resource, "instances": [{"attributes": attributes}]}


def refused(*resources: dict[str, Any], of: Environment = ENVIRONMENT, **changes: Any) -> list[str]:
    configuration = synthesize(of) | changes
    try:
        other_accounts.refuse_other_accounts(of, configuration, {"resources": list(resources)})
    except RefusedError as error:
        *sentences, last = str(error).splitlines()
        assert last == "Nothing was planned."
        return sentences
    return []


PUBLIC, ALIAS = "aws_route53_record.link_getorcha_com", "aws_route53_record.link_prod_getorcha_com"
GROUP = "aws_lb_target_group.link"


def arn(account: str) -> str:
    return f"arn:aws:elasticloadbalancing:eu-central-1:{account}:targetgroup/v1-orcha-link-tg/1"


def test_what_stands_where_the_file_has_it_is_planned() -> None:
    assert refused() == []
    assert (
        refused(
            stands(PUBLIC, "management", zone_id="ZMAIN"),
            stands(ALIAS, "prod", zone_id="ZPROD"),
            stands(GROUP, "prod", arn=arn("111111111111")),
            stands("aws_autoscaling_attachment.link", "other"),
            {"mode": "data", "type": "aws_lb", "name": "all", "provider": f"{PROVIDER}.other", "instances": [{}]},
        )
        == []
    )


def test_an_account_of_another_name_is_the_same_account() -> None:
    assert refused(stands(PUBLIC, "old-name", zone_id="ZMAIN"), stands(GROUP, "old", arn=arn("111111111111"))) == []


def test_a_record_in_a_zone_of_another_account_takes_two_deploys() -> None:
    (sentence,) = refused(
        stands(PUBLIC, "prod", zone_id="ZPROD"), stands(f"{PUBLIC}__validation", "prod", zone_id="ZPROD")
    )
    assert sentence == (
        f"{PUBLIC} and 1 more stand in hosted zone ZPROD of account prod, and the file has them in account management. "
        "Take two deploys: first take the hosts out of the file, with [zones] as it was; then change [zones], and add "
        "them again. In between they do not resolve."
    )


def test_what_an_arn_shows_in_another_account_is_another_environment() -> None:
    (sentence,) = refused(stands(GROUP, "prod", arn=arn("444444444444")))
    assert sentence == (
        f"{GROUP} stands in account 444444444444, and the file has it in account prod. Give the new account an "
        "environment file of its own, and destroy this environment with the file as it was."
    )


def test_what_is_removed_needs_its_account_in_the_file() -> None:
    gone = "aws_route53_record.gone_getorcha_com"
    assert refused(stands(gone, "management", zone_id="ZMAIN")) == []
    assert refused(stands(gone, "brand", zone_id="ZBRAND")) == [
        f"{gone} stands in account brand, which the file no longer names, and is to be removed. Keep [accounts.brand] "
        "for the deploy that removes it."
    ]


def test_what_moves_in_the_state_is_found_at_its_old_address() -> None:
    old = "aws_route53_record.old_getorcha_com"
    moved = [{"from": old, "to": PUBLIC}]
    assert refused(stands(old, "gone", zone_id="ZMAIN"), moved=moved) == []
    assert len(refused(stands(old, "prod", zone_id="ZPROD"), moved=moved)) == 1


def with_zone(zone: str) -> Environment:
    text = PROD_TOML.read_text(encoding="utf-8")
    return environment_of(text.replace("[zones]\n", f"[zones]\n{zone}\n"))


@pytest.mark.parametrize(
    "zone",
    [
        '"link.getorcha.com" = "prod"',
        '"link.getorcha.com" = { account = "prod", create = true }',
        '"link.getorcha.com" = { account = "management", create = true }',
        '"link.getorcha.com" = "management"',
    ],
)
def test_a_longer_zone_that_takes_a_host_takes_two_deploys_in_any_account(zone: str) -> None:
    """Terraform removes the record from the old zone first; and nobody asks a zone that nothing leads to."""
    stand = [stands(address, "management", zone_id="ZMAIN") for address in (PUBLIC, f"{PUBLIC}__validation")]
    (sentence,) = refused(*stand, of=with_zone(zone))
    assert sentence.startswith(f"{PUBLIC} and 1 more stand in hosted zone ")
    assert "Take two deploys: first take the hosts out of the file, with [zones] as it was" in sentence
    if '"management"' in zone:
        assert "hosted zone getorcha.com of account management, and the file has them in zone link" in sentence


def test_a_zone_that_is_led_to_takes_its_host_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sees the record in the old zone any more: the deploy makes the name resolve."""
    monkeypatch.setattr(Route53, "led_to", ("link.getorcha.com",))
    here = with_zone('"link.getorcha.com" = "management"')
    assert refused(stands(PUBLIC, "management", zone_id="ZMAIN"), of=here) == []


@pytest.mark.parametrize("zone_id", ["ZLINK", "ZGONE"], ids=["in its zone", "in one that was removed"])
def test_a_record_whose_zone_is_the_files_or_gone_is_planned(zone_id: str) -> None:
    here = with_zone('"link.getorcha.com" = "management"')
    assert refused(stands(PUBLIC, "management", zone_id=zone_id), of=here) == []


def test_a_zone_that_moves_with_its_hosts_takes_two_deploys() -> None:
    text = PROD_TOML.read_text(encoding="utf-8")
    moved = environment_of(text.replace('"getorcha.com"      = "management"', '"getorcha.com" = "prod"'))
    assert moved.zones["getorcha.com"].account == "prod"
    (sentence,) = refused(stands(PUBLIC, "management", zone_id="ZMAIN"), of=moved)
    assert (
        "stands in hosted zone ZMAIN of account management, and the file has it in account prod. Take two" in sentence
    )
