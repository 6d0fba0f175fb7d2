"""Whose a change is where nothing is tagged: by the address, for the types that a service is made of."""

from typing import Any

import pytest

from edge.review.expected import RECORD, declared
from edge.review.ownership import NAMED_AFTER_SERVICES, Owners, service_of_rule
from edge.tfplan.model import Action, Change
from edge.tfplan.parse import parse
from tests.plans import stored_plan
from tests.support.files import EVERYTHING_TOML, environment_of
from tests.support.reviewing import changed_review, environment

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


def test_what_a_service_is_made_of_is_what_the_module_makes(everything_stack: dict[str, Any]) -> None:
    """By the tag that the module writes, and by the plain name of what AWS has no tags for; in both directions."""
    services = environment_of(EVERYTHING_TOML).services
    of_a_service = {
        (type, name): service
        for type, named in everything_stack["resource"].items()
        for name, block in named.items()
        if type != RECORD and (service := block.get("tags", {}).get("Service", name)) in services
    }
    assert {type for type, _ in of_a_service} == set(NAMED_AFTER_SERVICES)
    for (type, name), service in of_a_service.items():
        change = Change(address=f"{type}.{name}", type=type, name=name, action=Action.DESTROY)
        assert everything_owners().made_for(change) == service, name


def everything_owners() -> Owners:
    standing = parse(stored_plan("no_change"))
    return Owners(declared(standing, environment_of(EVERYTHING_TOML)))


DOCS = "DESTROY:services.docs"


@pytest.mark.parametrize(
    ("address", "attributes"),
    [
        ("aws_s3_bucket.docs", {"bucket": "x", "tags": {"Service": "docs"}}),
        ("aws_lb.load_balancer", {"name": "x", "tags": {"Service": "docs"}}),
        ("aws_lb_target_group.docs_legacy", {"name": "x", "tags": {"Service": "docs"}}),
        ("aws_lb_target_group.docs[0]", {"name": "x"}),
        ("aws_cloudwatch_metric_alarm.docs_of_others", {"alarm_name": "x"}),
        ("aws_lb_listener_rule.docs_1", {"priority": 7}),
        ("aws_cognito_user_pool.docs", {"name": "x"}),
        ("aws_route53_record.docs_of_others", {"name": "x", "tags": {"Service": "docs"}}),
    ],
)
def test_a_removed_service_covers_no_more_than_it_is_made_of(address: str, attributes: dict[str, Any]) -> None:
    """Whatever a tag says: tags are written by the code that the change brings."""
    type, name = address.split(".")

    def change(content: dict[str, Any]) -> None:
        body = {"actions": ["delete"], "before": attributes, "after": None}
        name_alone = name.partition("[")[0]
        content["resource_changes"].append({"address": address, "type": type, "name": name_alone, "change": body})

    review = changed_review("removed_service", change)
    left = review.accepting([DOCS]).open_risks
    assert f"DESTROY:{address}" in [risk.id for risk in left]
    assert len(left) < len(review.risks)


@pytest.mark.parametrize(
    ("name", "service"),
    [("link", "link"), ("link_2", "link"), ("link_12", "link"), ("link_1", None), ("link_02", None), ("link_x", None)],
)
def test_a_rule_is_its_services_by_its_number(name: str, service: str | None) -> None:
    assert service_of_rule(name, ["link"]) == service
