"""Properties that hold for every environment, whatever it exposes."""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from environments.checked import Environment
from imports import terraform
from modules.addresses import addressed
from tests.support.files import environment, prod

Stack = dict[str, Any]
STACKS = ["prod_stack", "staging_stack", "everything_stack", "managed_stack"]


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> Stack:
    content: Stack = request.getfixturevalue(request.param)
    return content


def resources(stack: Stack, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for block in kinds or ("resource", "data"):
        for kind, named in stack.get(block, {}).items():
            for name, body in named.items():
                yield f"{kind}.{name}", body


def of_type(stack: Stack, kind: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = stack["resource"].get(kind, {})
    return found


def test_every_resource_and_data_source_names_its_account(stack: Stack) -> None:
    aliases = {f"aws.{provider['alias']}" for provider in stack["provider"]["aws"]}
    assert [address for address, body in resources(stack) if body.get("provider") not in aliases] == []


def test_there_is_no_default_provider(stack: Stack) -> None:
    assert all(provider.get("alias") for provider in stack["provider"]["aws"])


def test_every_provider_is_guarded_by_its_account_id(stack: Stack) -> None:
    assert all(re.fullmatch(r"\d{12}", *provider["allowed_account_ids"]) for provider in stack["provider"]["aws"])


def test_default_tags_say_what_is_ours(stack: Stack) -> None:
    for provider in stack["provider"]["aws"]:
        assert set(provider["default_tags"][0]["tags"]) == {"Environment", "ManagedBy"}


def test_every_taggable_resource_of_a_service_names_the_service(stack: Stack) -> None:
    taggable = {
        "aws_acm_certificate",
        "aws_cloudwatch_metric_alarm",
        "aws_lb_listener_rule",
        "aws_lb_target_group",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
    }
    shared = r".*\.(sign_in|load_balancer|instances_https|world_https?(_ipv6)?)"
    untagged = [
        address
        for address, body in resources(stack, "resource")
        if address.split(".")[0] in taggable and "Service" not in body.get("tags", {})
    ]
    assert [address for address in untagged if not re.fullmatch(shared, address)] == []


def test_addresses_are_readable(stack: Stack) -> None:
    assert [address for address, _ in resources(stack) if re.search(r"[0-9A-F]{8}$", address)] == []


def test_every_host_has_one_record_and_every_name_on_a_certificate_a_proof(everything_stack: Stack) -> None:
    records = of_type(everything_stack, "aws_route53_record")
    certificates = of_type(everything_stack, "aws_acm_certificate").values()
    hosts = {
        name
        for certificate in certificates
        for name in (certificate["domain_name"], *certificate.get("subject_alternative_names", ()))
    }
    assert {record["name"] for address, record in records.items() if not address.endswith("__validation")} == hosts
    proofs = {address for address in records if address.endswith("__validation")}
    assert proofs == {host.removeprefix("*.").replace(".", "_") + "__validation" for host in hosts}


def test_every_certificate_name_has_a_validation_record_in_its_own_account(everything_stack: Stack) -> None:
    owners = {"prod_getorcha_com": "aws.prod", "getorcha_com": "aws.management", "orcha_example": "aws.brand"}
    for address, record in of_type(everything_stack, "aws_route53_record").items():
        zone = max((zone for zone in owners if address.removesuffix("__validation").endswith(zone)), key=len)
        assert record["provider"] == owners[zone], address
        assert record["zone_id"] == f"${{data.aws_route53_zone.{zone}.zone_id}}", address


def test_a_wildcard_and_its_base_name_share_one_validation_record(everything_stack: Stack) -> None:
    addresses = [name for name in of_type(everything_stack, "aws_route53_record") if "web_prod_getorcha_com" in name]
    assert sorted(addresses) == [
        "any__web_prod_getorcha_com",
        "web_prod_getorcha_com",
        "web_prod_getorcha_com__validation",
    ]


def test_an_apex_in_another_account_is_an_alias_and_other_hosts_there_follow(everything_stack: Stack) -> None:
    records = of_type(everything_stack, "aws_route53_record")
    assert {name: records[name]["type"] for name in ("getorcha_com", "orcha_example")} == {
        "getorcha_com": "A",
        "orcha_example": "A",
    }
    for name in ("www_getorcha_com", "www_orcha_example", "shop_orcha_example"):
        assert (records[name]["type"], records[name]["records"]) == ("CNAME", ["web.prod.getorcha.com"])


def test_no_validation_record_may_be_overwritten_or_rewritten(stack: Stack) -> None:
    for address, record in of_type(stack, "aws_route53_record").items():
        assert "allow_overwrite" not in record
        if address.endswith("__validation"):
            assert record["lifecycle"] == {"ignore_changes": ["name", "records"]}


def test_nothing_is_keyed_by_an_unknown_value(stack: Stack) -> None:
    assert [address for address, body in resources(stack) if "for_each" in body or "count" in body] == []


@pytest.mark.parametrize(
    "kind",
    ["aws_acm_certificate", "aws_acm_certificate_validation", "aws_lb_listener_certificate", "aws_lb_target_group"],
)
def test_what_carries_traffic_is_replaced_before_the_old_goes(stack: Stack, kind: str) -> None:
    assert all(body["lifecycle"]["create_before_destroy"] for body in of_type(stack, kind).values())


def test_everything_after_the_certificate_takes_the_arn_of_the_validated_one(stack: Stack) -> None:
    users = [
        address
        for address, body in resources(stack, "resource")
        if re.search(r"aws_acm_certificate\.\w+\.arn", str(body)) and "aws_acm_certificate_validation" not in address
    ]
    assert users == []


def test_the_public_name_comes_last(prod_stack: Stack) -> None:
    records = of_type(prod_stack, "aws_route53_record")
    assert records["link_getorcha_com"]["depends_on"] == ["aws_route53_record.link_prod_getorcha_com"]
    assert records["link_prod_getorcha_com"]["depends_on"] == ["aws_lb_listener_rule.link"]


def test_a_rule_switches_once_the_firewall_the_targets_and_the_certificate_are_ready(prod_stack: Stack) -> None:
    assert set(of_type(prod_stack, "aws_lb_listener_rule")["link"]["depends_on"]) == {
        "aws_autoscaling_attachment.link",
        "aws_lb_listener_certificate.link",
        "aws_vpc_security_group_egress_rule.link",
        "aws_vpc_security_group_ingress_rule.link",
    }


@pytest.mark.parametrize("kind", ["aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"])
def test_a_new_port_of_the_target_group_opens_a_new_path_before_the_old_one_closes(stack: Stack, kind: str) -> None:
    services = of_type(stack, "aws_lb_target_group")
    rules = {name: body for name, body in of_type(stack, kind).items() if name in services}
    assert rules.keys() == services.keys()
    for name, body in rules.items():
        assert body["lifecycle"] == {
            "create_before_destroy": True,
            "replace_triggered_by": [f"aws_lb_target_group.{name}.port"],
        }


def test_only_a_primary_host_outlives_the_names_that_follow_it(stack: Stack) -> None:
    certificates = of_type(stack, "aws_acm_certificate")
    services = of_type(stack, "aws_lb_target_group")
    primary_hosts = {made["domain_name"] for name, made in certificates.items() if name in services}
    records = of_type(stack, "aws_route53_record").values()
    outliving = {record["name"] for record in records if record.get("lifecycle", {}).get("create_before_destroy")}
    assert outliving == primary_hosts


def test_a_name_in_another_account_waits_for_the_host_that_it_follows_alone(everything_stack: Stack) -> None:
    records = of_type(everything_stack, "aws_route53_record")
    for name in ("www_getorcha_com", "www_orcha_example", "shop_orcha_example"):
        assert records[name]["depends_on"] == ["aws_route53_record.web_prod_getorcha_com"]


def test_seven_hosts_take_two_rules_of_at_most_five_values(everything_stack: Stack) -> None:
    rules = of_type(everything_stack, "aws_lb_listener_rule")
    values = {name: body["condition"][0]["host_header"]["values"] for name, body in rules.items()}
    assert {name: len(values[name]) for name in ("web", "web_2")} == {"web": 5, "web_2": 2}
    assert [rules[name]["priority"] for name in ("web", "web_2")] == [40, 41]


def test_a_login_asks_cognito_before_it_forwards(everything_stack: Stack) -> None:
    actions = of_type(everything_stack, "aws_lb_listener_rule")["desk"]["action"]
    assert [(action["order"], action["type"]) for action in actions] == [(1, "authenticate-cognito"), (2, "forward")]
    client = of_type(everything_stack, "aws_cognito_user_pool_client")["desk"]
    assert client["callback_urls"] == [
        "https://desk.prod.getorcha.com/oauth2/idpresponse",
        "https://desk.getorcha.com/oauth2/idpresponse",
    ]
    sign_in = of_type(everything_stack, "aws_vpc_security_group_egress_rule")["sign_in"]
    assert (sign_in["from_port"], sign_in["cidr_ipv4"]) == (443, "0.0.0.0/0")


def test_a_group_that_lets_https_out_already_gets_no_second_rule(
    synthesized: Callable[[Environment], Stack],
) -> None:
    content = copy.deepcopy(prod())
    content["platform"] |= {"user_pool": "v1-orcha-users", "opens_sign_in_port": False}
    content["services"]["link"]["login"] = True
    assert list(of_type(synthesized(environment(content)), "aws_vpc_security_group_egress_rule")) == ["link"]


def test_a_second_generation_has_a_name_of_its_own(everything_stack: Stack) -> None:
    assert of_type(everything_stack, "aws_lb_target_group")["web"]["name"] == "v1-orcha-web-tg-2"


def test_optional_target_group_settings_reach_terraform(everything_stack: Stack) -> None:
    group = of_type(everything_stack, "aws_lb_target_group")["web"]
    assert group["slow_start"] == 60
    assert group["stickiness"] == {"type": "lb_cookie", "enabled": True, "cookie_duration": 3600}


def test_every_alarm_of_a_service_notifies_the_topic_both_ways(stack: Stack) -> None:
    topic = [f"${{{'data.' if 'data' in stack and 'aws_sns_topic' in stack['data'] else ''}aws_sns_topic.alerts.arn}}"]
    alarms = of_type(stack, "aws_cloudwatch_metric_alarm")
    conditions = {"unhealthy", "degraded", "5xx", "latency", "certificate_expiry"}
    assert {name.split("_", 1)[1] for name in alarms} == conditions
    assert all(alarm["alarm_actions"] == alarm["ok_actions"] == topic for alarm in alarms.values())


def test_the_state_lies_in_s3_under_its_own_lock(prod_stack: Stack) -> None:
    assert prod_stack["terraform"]["backend"]["s3"] == {
        "allowed_account_ids": ["111111111111"],
        "bucket": "v1-orcha-terraform-state",
        "encrypt": True,
        "key": "edge/prod.tfstate",
        "profile": "orcha-prod",
        "region": "eu-central-1",
        "use_lockfile": True,
    }
    assert prod_stack["terraform"]["required_version"] == ">= 1.10.0"


def test_a_role_is_assumed_where_an_account_names_one(everything_stack: Stack) -> None:
    brand = next(aw for aw in everything_stack["provider"]["aws"] if aw["alias"] == "brand")
    assert brand["assume_role"][0]["role_arn"] == "arn:aws:iam::444444444444:role/deploy"
    assert "profile" not in brand


def test_staging_touches_one_account_only(staging_stack: Stack) -> None:
    assert {body["provider"] for _, body in resources(staging_stack)} == {"aws.staging"}
    assert "backend" not in staging_stack["terraform"]


def test_an_address_cannot_be_given_twice() -> None:
    stack = terraform.TerraformStack(terraform.Testing.app(), "twice")
    addressed(terraform.TerraformOutput(stack, "one", value="1"), "Url")
    with pytest.raises(ValueError, match="must be unique"):
        addressed(terraform.TerraformOutput(stack, "two", value="2"), "Url")
