"""Risks that no stored plan has: stored plans, changed in one thing each."""

from typing import Any

import pytest

from edge.review.findings import Review
from tests.support.reviewing import Plan, changed_review, ids, plan, resource, risks_of, stored_review

LINK_IN = "aws_vpc_security_group_ingress_rule.link"
LINK_CNAME = "aws_route53_record.link_getorcha_com"
LINK_PROOF = "aws_route53_record.link_getorcha_com__validation"


def with_action(address: str, *actions: str, **after: Any) -> Review:
    """The plan that changes nothing, but for one resource."""

    def change(content: Plan) -> None:
        body = resource(content, address)["change"]
        body["actions"] = list(actions)
        body["before"] = None if actions == ("create",) else body["before"]
        body["after"] = None if actions == ("delete",) else {**body["after"], **after}

    return changed_review("no_change", change)


ADDRESSES = [change["address"] for change in plan("no_change")["resource_changes"] if change["mode"] == "managed"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_destroyed_without_a_risk(address: str) -> None:
    for review in (with_action(address, "delete"), with_action(address, "delete", "create")):
        assert review.exit_code == 1
        assert address in {risk.address for risk in review.risks}


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_what_was_seen_to_be_gapless_is_replaced_without_a_risk(address: str) -> None:
    port = 9100 if address.endswith(".link") else 9999  # the other service's: no port is opened that is none
    gapless: dict[str, dict[str, Any]] = {
        "aws_acm_certificate": {},
        "aws_acm_certificate_validation": {},
        "aws_autoscaling_attachment": {"lb_target_group_arn": "arn:new"},
        "aws_lb_listener_certificate": {"certificate_arn": "arn:new"},
        "aws_vpc_security_group_egress_rule": {"from_port": port, "to_port": port},
        "aws_vpc_security_group_ingress_rule": {"from_port": port, "to_port": port},
    }
    new = gapless.get(address.partition(".")[0], {})
    assert (with_action(address, "create", "delete", **new).exit_code == 0) == (address.partition(".")[0] in gapless)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("aws_lb_target_group.link", "SAME_NAME"),
        ("aws_lb_listener_rule.link", "SAME_NAME"),
        ("aws_cloudwatch_metric_alarm.link_5xx", "SAME_NAME"),
        (LINK_CNAME, "SAME_NAME"),
        (LINK_IN, "SAME_NAME"),
        ("aws_lb_listener_certificate.link", "SAME_NAME"),
        ("aws_autoscaling_attachment.link", "SAME_NAME"),
    ],
)
def test_what_aws_has_once_only_is_not_made_twice(address: str, key: str) -> None:
    review = with_action(address, "create", "delete")
    assert f"{key}:{address}" in ids(review)
    assert review.accepting(ids(review)).exit_code == 1


def test_a_target_group_under_its_own_name_is_refused_in_either_order() -> None:
    assert "SAME_NAME:aws_lb_target_group.link" in ids(with_action("aws_lb_target_group.link", "delete", "create"))


@pytest.mark.parametrize(
    ("after", "is_reported"),
    [
        ({"cidr_ipv4": "0.0.0.0/0"}, True),
        ({"cidr_ipv6": "::/0"}, True),
        ({"cidr_ipv4": "0.0.0.0/1"}, True),
        ({"cidr_ipv4": "128.0.0.0/2"}, True),
        ({"cidr_ipv4": "10.0.0.0/8"}, False),
        ({"cidr_ipv6": "2001:db8::/32"}, False),
    ],
)
def test_a_group_that_is_opened_to_the_world_is_reported(after: dict[str, str], is_reported: bool) -> None:
    review = with_action(LINK_IN, "update", **after)
    assert (f"WORLD:{LINK_IN}" in ids(review)) == is_reported


def test_what_was_open_before_is_not_reported_again() -> None:
    def change(content: Plan) -> None:
        body = resource(content, LINK_IN)["change"]
        for side in ("before", "after"):
            body[side] = {**body[side], "cidr_ipv4": "0.0.0.0/0"}

    assert changed_review("no_change", change).exit_code == 0


@pytest.mark.parametrize("type", ["aws_security_group", "aws_security_group_rule"])
def test_the_older_ways_to_open_a_group_are_known(type: str) -> None:
    rule = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
    after = {"ingress": [rule]} if type == "aws_security_group" else {"type": "ingress", **rule}

    def change(content: Plan) -> None:
        body = {"actions": ["create"], "before": None, "after": after}
        content["resource_changes"].append(
            {"address": f"{type}.ssh", "mode": "managed", "type": type, "name": "ssh", "change": body}
        )

    assert f"WORLD:{type}.ssh" in ids(changed_review("no_change", change))


def test_the_ports_of_the_web_are_open_on_a_load_balancers_own_group_only() -> None:
    world = "aws_vpc_security_group_ingress_rule.world_https"

    def other_group(content: Plan) -> None:
        (found,) = (item for item in content["configuration"]["root_module"]["resources"] if item["address"] == world)
        found["expressions"]["security_group_id"]["references"] = ["aws_security_group.instances.id"]

    assert stored_review("staging_first_deploy").exit_code == 0
    assert ids(changed_review("staging_first_deploy", other_group)) == [f"WORLD:{world}"]
    every_port = changed_review(
        "staging_first_deploy", lambda content: resource(content, world)["change"]["after"].update(to_port=65535)
    )
    assert ids(every_port) == [f"WORLD:{world}"]


@pytest.mark.parametrize("after", [{"actions_enabled": False}, {"alarm_actions": []}, {"alarm_actions": None}])
def test_an_alarm_that_is_silenced_is_reported(after: dict[str, Any]) -> None:
    address = "aws_cloudwatch_metric_alarm.link_unhealthy"
    assert ids(with_action(address, "update", **after)) == [f"SILENCED:{address}"]
    assert ids(with_action(address, "update", threshold=2)) == []


@pytest.mark.parametrize(
    ("address", "after"),
    [
        (LINK_CNAME, {"type": "MX"}),
        (LINK_CNAME, {"name": "www.getorcha.com"}),
        (LINK_PROOF, {"name": "www.getorcha.com"}),
        (LINK_PROOF, {"name": "_0123.www.getorcha.com"}),
        (LINK_PROOF, {"type": "TXT"}),
    ],
)
def test_an_address_alone_makes_no_record_ours(address: str, after: dict[str, str]) -> None:
    assert f"FOREIGN:{address}" in ids(with_action(address, "update", **after))


def test_a_declared_record_in_another_account_than_its_zones_is_reported() -> None:
    def change(content: Plan) -> None:
        address = "aws_route53_record.link_prod_getorcha_com"
        resource(content, address)["change"]["actions"] = ["update"]
        for item in content["configuration"]["root_module"]["resources"]:
            if item["address"] == address:
                item["provider_config_key"] = "aws.management"

    assert ids(changed_review("no_change", change)) == ["FOREIGN:aws_route53_record.link_prod_getorcha_com"]


def test_a_removed_service_is_acknowledged_in_one() -> None:
    review = stored_review("removed_service")
    assert {risk.service for risk in review.risks} == {"docs"}
    accepted = review.accepting(["DESTROY:services.docs"])
    assert accepted.exit_code == 0
    assert accepted.notices == review.notices
    assert review.accepting(["DESTROY:services.link"]).exit_code == 1


def test_a_service_that_stays_has_no_word_for_all_of_its_risks() -> None:
    """Not even where all goes: then only the whole environment is one decision."""
    review = stored_review("destroy_all")
    every = [f"DESTROY:services.{service}" for service in ("docs", "link")]
    assert review.accepting(every).open_risks == review.risks


def test_every_risk_is_acknowledged_by_its_own_id_and_its_label() -> None:
    review = stored_review("destroy_all")
    hashes = [risk.label.rpartition(" ")[2] for risk in review.risks]  # the pipeline takes the environment off
    for names in ([risk.id for risk in review.risks], hashes):
        assert review.accepting(names).exit_code == 0
        assert review.accepting(names[1:]).open_risks == review.risks[:1]
    assert len({risk.label for risk in review.risks}) == len(review.risks)
    assert max(len(risk.label) for risk in review.risks) <= 50


@pytest.mark.parametrize("given", ["*", "ALL", "DESTROY", "DESTROY:", "", "REPLACE:aws_lb.edge"])
def test_there_is_no_switch_for_all(given: str) -> None:
    review = stored_review("destroy_all").accepting([given])
    assert review.open_risks == review.risks
    assert any("changes nothing" in notice for notice in review.notices)


def test_two_rules_of_one_priority_are_refused() -> None:
    review = with_action("aws_lb_listener_rule.link", "update", priority=30)
    assert "PRIORITY:aws_lb_listener_rule.link" in ids(review)
    assert review.accepting(ids(review)).exit_code == 1


def test_a_rule_that_asks_for_more_than_a_host_shadows_nothing() -> None:
    def with_path(content: Plan) -> None:
        for change in content["resource_changes"]:
            if change["type"] == "aws_lb_listener_rule" and change["change"]["actions"] == ["create"]:
                change["change"]["after"]["condition"][0]["path_pattern"] = [{"values": ["/beta/*"]}]

    assert any(name.startswith("SHADOWED:") for name in ids(stored_review("shadowed_rule")))
    content = plan("shadowed_rule")
    with_path(content)
    assert not any(name.startswith("SHADOWED:") for name in risks_of("shadowed_rule", content))
