"""docs/costs.md says what of an environment is billed, counted from what is synthesized.

`python -m tests.unit.test_costs` prints its table.
"""

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from edge.review.made_types import RESOURCE_TYPES
from tests.pictures import TOMLS
from tests.support.files import ROOT, environment_of
from tests.support.synthesizing import synthesize

PAGE = ROOT / "docs" / "costs.md"
PAGES = "https://aws.amazon.com/{}/pricing/"
Resources = Mapping[str, Mapping[str, dict[str, Any]]]


def of(kind: str) -> Callable[[Resources], int]:
    return lambda resources: len(resources.get(kind, {}))


def instances(resources: Resources) -> int:
    return sum(int(group["min_size"]) for group in resources.get("aws_autoscaling_group", {}).values())


def gibibytes(resources: Resources) -> int:
    templates = resources.get("aws_launch_template", {}).values()
    sizes = [disk["ebs"]["volume_size"] for template in templates for disk in template["block_device_mappings"]]
    return instances(resources) * sum(map(int, sizes))


def public_addresses(resources: Resources) -> int:
    """One for each NAT gateway, and one of the load balancer in each of its two subnets."""
    return of("aws_eip")(resources) + 2 * of("aws_lb")(resources)


def alarm_metrics(resources: Resources) -> int:
    """An alarm over an expression is billed for each metric in it."""
    alarms = resources.get("aws_cloudwatch_metric_alarm", {}).values()
    return sum(max(1, sum("metric" in query for query in alarm.get("metric_query", ()))) for alarm in alarms)


def web_acl_rules(resources: Resources) -> int:
    return sum(len(acl["rule"]) for acl in resources.get("aws_wafv2_web_acl", {}).values())


# What is counted, of which types, in which unit, how, what is billed besides and not counted, and AWS's page of prices.
BILLED: tuple[tuple[str, tuple[str, ...], str, Callable[[Resources], int], str, str], ...] = (
    (
        "load balancer",
        ("aws_lb",),
        "hour",
        of("aws_lb"),
        "LCU-hours by connections, bytes and rules",
        "elasticloadbalancing",
    ),
    ("NAT gateway", ("aws_nat_gateway",), "hour", of("aws_nat_gateway"), "each gigabyte through it", "vpc"),
    ("public IPv4 address", ("aws_eip",), "hour", public_addresses, "", "vpc"),
    (
        "instance, at the least",
        ("aws_autoscaling_group", "aws_launch_template"),
        "hour",
        instances,
        "detailed monitoring of each; more instances up to `max_size`",
        "ec2",
    ),
    ("volume of an instance", (), "GiB and month", gibibytes, "", "ebs"),
    ("web ACL", ("aws_wafv2_web_acl",), "month", of("aws_wafv2_web_acl"), "requests", "waf"),
    ("rule of a web ACL", (), "month", web_acl_rules, "", "waf"),
    (
        "encryption key",
        ("aws_kms_key",),
        "month",
        of("aws_kms_key"),
        "requests; earlier versions of a rotated key",
        "kms",
    ),
    ("hosted zone", ("aws_route53_zone",), "month", of("aws_route53_zone"), "queries, but for aliases", "route53"),
    (
        "metric of an alarm",
        ("aws_cloudwatch_metric_alarm",),
        "month",
        alarm_metrics,
        "a free tier for each account",
        "cloudwatch",
    ),
    (
        "user pool",
        ("aws_cognito_user_pool", "aws_cognito_user_pool_client", "aws_cognito_user_pool_domain"),
        "user and month",
        of("aws_cognito_user_pool"),
        "the number of users is not known here",
        "cognito",
    ),
    (
        "log",
        ("aws_s3_bucket", "aws_flow_log", "aws_cloudwatch_log_group"),
        "gigabyte",
        lambda resources: sum(
            of(kind)(resources) for kind in ("aws_s3_bucket", "aws_flow_log", "aws_cloudwatch_log_group")
        ),
        "what the services' traffic makes of them is not known here",
        "cloudwatch",
    ),
)
# What costs nothing by itself; the load balancer's rules and names count in its LCU-hours.
FREE = re.compile(
    r"aws_(acm_|autoscaling_attachment|default_security|iam_|internet_gateway|kms_alias|lb_|route(53_record|_table.*)?$|"
    r"s3_bucket_|security_group|sns_|subnet|vpc|wafv2_web_acl_)"
)


def resources_of(name: str) -> Resources:
    content: Resources = synthesize(environment_of(TOMLS[name], name))["resource"]
    return content


def table() -> str:
    names = ("prod", "staging")
    counted = {name: resources_of(name) for name in names}
    lines = ["| what | prod | staging | billed by the | and besides | prices |", "|---|---|---|---|---|---|"]
    for what, _, unit, count, besides, page in BILLED:
        numbers = " | ".join(str(count(counted[name])) for name in names)
        lines.append(f"| {what} | {numbers} | {unit} | {besides} | [AWS]({PAGES.format(page)}) |")
    return "\n".join(lines)


def test_the_table_is_what_is_synthesized() -> None:
    found = re.search(r"<!-- costs -->\n(.*?)\n<!-- /costs -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    assert found[1].strip().splitlines() == table().splitlines()


@pytest.mark.parametrize("kind", sorted(RESOURCE_TYPES))
def test_every_type_is_billed_or_free(kind: str) -> None:
    billed = kind in {own for _, types, *_ in BILLED for own in types}
    assert billed != bool(FREE.match(kind))


def test_an_existing_platform_costs_its_alarms_alone() -> None:
    resources = resources_of("prod")
    assert {what for what, _, _, count, *_ in BILLED if count(resources)} == {"metric of an alarm"}
    assert alarm_metrics(resources) == 6  # five alarms, one of them over two metrics


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
