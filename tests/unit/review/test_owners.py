"""Whose a change is where nothing is tagged: by the address, for the types that a service is made of."""

from typing import Any

import pytest

from edge.review.expected import declared
from edge.review.ownership import Owners
from edge.tfplan.model import Change
from edge.tfplan.parse import parse
from tests.plans import stored_plan
from tests.support.reviewing import environment

OF_A_SERVICE = [
    "aws_acm_certificate",
    "aws_acm_certificate_validation",
    "aws_autoscaling_attachment",
    "aws_cloudwatch_metric_alarm",
    "aws_cognito_user_pool_client",
    "aws_lb_listener_certificate",
    "aws_lb_listener_rule",
    "aws_lb_target_group",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
]


def untagged(type: str, name: str) -> tuple[Owners, Change]:
    body: dict[str, Any] = {"actions": ["delete"], "before": {"id": "x"}, "after": None}
    resource = {"address": f"{type}.{name}", "mode": "managed", "type": type, "name": name, "change": body}
    plan = parse({"format_version": "1.2", "configuration": {}, "resource_changes": [resource]})
    standing = parse(stored_plan("no_change"))
    return Owners(declared(standing, environment("no_change"))), plan.changes[0]


@pytest.mark.parametrize("type", OF_A_SERVICE)
@pytest.mark.parametrize(
    ("name", "service"), [("link", "link"), ("link_5xx", "link"), ("linked", None), ("edge", None)]
)
def test_an_untagged_resource_of_a_service_is_found_by_its_address(type: str, name: str, service: str | None) -> None:
    owners, change = untagged(type, name)
    assert owners.service_of(change) == service


@pytest.mark.parametrize("type", ["aws_lb", "aws_autoscaling_group", "aws_s3_bucket"])
def test_the_platforms_own_types_are_no_services(type: str) -> None:
    owners, change = untagged(type, "link")
    assert owners.service_of(change) is None
