"""A renamed service: what its old name addressed moves to the new one, and nothing else does."""

import copy
from collections.abc import Callable
from typing import Any

from environments.checked import Environment
from tests.support.files import EVERYTHING_TOML, environment, environment_of, prod

Stack = dict[str, Any]
Synthesized = Callable[[Environment], Stack]
OF_EVERY_SERVICE = {
    "aws_acm_certificate",
    "aws_acm_certificate_validation",
    "aws_autoscaling_attachment",
    "aws_lb_listener_certificate",
    "aws_lb_listener_rule",
    "aws_lb_target_group",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
}
CONDITIONS = ("unhealthy", "degraded", "5xx", "latency", "certificate_expiry")


def renamed(old: str, new: str) -> Environment:
    return environment_of(EVERYTHING_TOML.replace(f"[services.{old}]", f'[services.{new}]\nrenamed_from = "{old}"'))


def moves(stack: Stack) -> dict[str, str]:
    return {item["from"]: item["to"] for item in stack["moved"]}


def expected(old: str, new: str, *more: str) -> dict[str, str]:
    parts = {*OF_EVERY_SERVICE, *more}
    alarms = {f"aws_cloudwatch_metric_alarm.{old}_{condition}": condition for condition in CONDITIONS}
    return {f"{kind}.{old}": f"{kind}.{new}" for kind in parts} | {
        address: f"aws_cloudwatch_metric_alarm.{new}_{alarm}" for address, alarm in alarms.items()
    }


def test_every_address_that_comes_from_the_services_name_moves(synthesized: Synthesized) -> None:
    content = copy.deepcopy(prod())
    content["services"] = {"go": content["services"]["link"] | {"renamed_from": "link"}}
    assert moves(synthesized(environment(content))) == expected("link", "go")


def test_a_login_client_moves_too(synthesized: Synthesized) -> None:
    assert moves(synthesized(renamed("desk", "counter"))) == expected("desk", "counter", "aws_cognito_user_pool_client")


def test_the_second_rule_of_many_hosts_moves_too(synthesized: Synthesized) -> None:
    second = {"aws_lb_listener_rule.web_2": "aws_lb_listener_rule.site_2"}
    assert moves(synthesized(renamed("web", "site"))) == expected("web", "site") | second


def test_what_moves_is_what_the_new_name_addresses(synthesized: Synthesized) -> None:
    stack = synthesized(renamed("web", "site"))
    addressed = {
        f"{kind}.{name}"
        for kind, named in stack["resource"].items()
        for name in named
        if kind != "aws_route53_record" and name.split("_")[0] == "site"
    }
    assert set(moves(stack).values()) == addressed


def test_nothing_moves_where_no_service_was_renamed(
    prod_stack: Stack, staging_stack: Stack, everything_stack: Stack
) -> None:
    for stack in (prod_stack, staging_stack, everything_stack):
        assert "moved" not in stack


def test_hosts_records_keep_their_addresses_and_their_content(
    synthesized: Synthesized, everything_stack: Stack
) -> None:
    kept, before = (
        {name: body["name"] for name, body in stack["resource"]["aws_route53_record"].items() if "__" not in name}
        for stack in (synthesized(renamed("web", "site")), everything_stack)
    )
    assert kept == before
