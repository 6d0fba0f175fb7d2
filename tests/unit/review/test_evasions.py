"""Plans in which a danger hides: odd places, odd shapes, and changes in place that no removal tells of."""

import json
from typing import Any

import pytest

from edge.pipeline.accepted_risks import labels_of
from edge.review.findings import Review
from tests.support.reviewing import Plan, changed_review, ids, plan, resource, risks_of, stored_review, with_more

LISTENER = "aws_lb_listener.https_443"
RULE = "aws_lb_listener_rule.link"


def changed(address: str, plan_name: str = "staging_no_change", **after: Any) -> Review:
    """A plan that changes nothing, but for some attributes of one resource."""

    def change(content: Plan) -> None:
        body = resource(content, address)["change"]
        body["actions"], body["after"] = ["update"], {**body["after"], **after}

    return changed_review(plan_name, change)


@pytest.mark.parametrize(
    "after",
    [
        {"ssl_policy": "ELBSecurityPolicy-2016-08"},
        {"protocol": "HTTP"},
        {"port": 8443},
        {"default_action": [{"type": "forward", "target_group_arn": "arn:x"}]},
    ],
)
def test_a_listener_that_answers_otherwise_is_reported(after: dict[str, Any]) -> None:
    assert ids(changed(LISTENER, **after)) == [f"LISTENER:{LISTENER}"]
    assert ids(changed(LISTENER, certificate_arn="arn:new")) == []


def action_of(review_of: str, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = resource(plan(review_of), address)["change"]["after"]["action"]
    return found


def test_a_service_that_no_longer_asks_for_a_sign_in_is_reported() -> None:
    admin = "aws_lb_listener_rule.admin"
    login, forward = action_of("staging_no_change", admin)
    settings = {**login["authenticate_cognito"][0], "on_unauthenticated_request": "allow"}
    open_to_all = {**login, "authenticate_cognito": [settings]}
    for actions in ([forward], [open_to_all, forward]):
        assert ids(changed(admin, action=actions)) == [f"OPENED:{admin}"]
    assert ids(changed(admin, action=[login, {**forward, "target_group_arn": "arn:new"}])) == [f"MISROUTED:{admin}"]


def test_a_web_acl_that_stops_less_is_reported() -> None:
    address = "aws_wafv2_web_acl.load_balancer"
    first, *rest = resource(plan("staging_no_change"), address)["change"]["after"]["rule"]
    counting = {**first, "override_action": [{"count": [{}], "none": []}]}
    for rules in (rest, [counting, *rest]):
        assert ids(changed(address, rule=rules)) == [f"OPENED:{address}"]
    assert ids(changed(address, rule=[*rest, {**first, "priority": 9}])) == []


def test_a_host_that_no_rule_takes_any_more_is_reported() -> None:
    others = [{"host_header": [{"values": ["other.getorcha.com"]}]}]
    wider = [{"host_header": [{"values": ["*.GETORCHA.com"]}]}]

    def found(condition: object) -> list[str]:
        content = plan("staging_no_change")
        body = resource(content, RULE)["change"]
        body["actions"], body["after"] = ["update"], {**body["after"], "condition": condition}
        return risks_of("staging_no_change", content)

    assert f"UNROUTED:{RULE}" in found(others)
    assert f"UNROUTED:{RULE}" not in found(wider)
    assert not any(name.startswith("UNROUTED:") for name in ids(stored_review("san_removed")))


IMDS = {"http_endpoint": "enabled", "http_put_response_hop_limit": 1}


@pytest.mark.parametrize("after", [{"desired_capacity": 0}, {"min_size": 0, "max_size": 0}])
def test_a_group_that_ends_its_last_instance_is_reported(after: dict[str, Any]) -> None:
    group = "aws_autoscaling_group.instances"
    fewer = [f"UNPROTECTED:{group}#min_size"] if "min_size" in after else []
    assert ids(changed(group, **after)) == [f"EMPTIED:{group}", *fewer]
    assert ids(changed(group, max_size=9)) == []


@pytest.mark.parametrize(
    ("address", "after"),
    [
        ("aws_s3_bucket_public_access_block.access_logs", {"block_public_policy": False}),
        ("aws_s3_bucket_versioning.access_logs", {"versioning_configuration": [{"status": "Suspended"}]}),
        ("aws_cognito_user_pool.login", {"admin_create_user_config": [{"allow_admin_create_user_only": False}]}),
        ("aws_launch_template.instances", {"metadata_options": [{**IMDS, "http_tokens": "optional"}]}),
        ("aws_cognito_user_pool.login", {"mfa_configuration": "OFF"}),
        ("aws_lb.load_balancer", {"drop_invalid_header_fields": False}),
        ("aws_lb.load_balancer", {"enable_deletion_protection": None}),
        ("aws_lb_target_group.link", {"health_check": [{"enabled": False}]}),
    ],
)
def test_a_guard_that_is_lifted_in_place_is_reported(address: str, after: dict[str, Any]) -> None:
    (found,) = ids(changed(address, **after))
    assert found.startswith(f"UNPROTECTED:{address}#{next(iter(after))}")


@pytest.mark.parametrize(
    "condition",
    [
        {"path_pattern": [{"values": ["/*"]}]},
        {"source_ip": [{"values": ["0.0.0.0/0"]}]},
        {"host_header": [{"values": ["*"]}], "path_pattern": [{"values": ["*"]}]},
    ],
)
def test_a_rule_that_takes_every_request_shadows_all_after_it(condition: dict[str, Any]) -> None:
    first = resource(plan("no_change"), RULE)["change"]["after"]
    catch_all = {**first, "condition": [condition], "priority": 1}
    content = plan("no_change")
    body = {"actions": ["create"], "before": None, "after": catch_all}
    address = {"address": "aws_lb_listener_rule.all", "type": "aws_lb_listener_rule", "name": "all"}
    content["resource_changes"].append({**address, "change": body})
    assert {f"SHADOWED:{RULE}", "SHADOWED:aws_lb_listener_rule.docs"} <= set(risks_of("no_change", content))


@pytest.mark.parametrize(
    ("given", "is_shadowing"),
    [
        ({"after": {"condition": [{"path_pattern": [{"values": ["/beta/*"]}]}]}}, False),
        ({"after": {"condition": []}, "after_unknown": {"condition": True}}, True),
    ],
)
def test_a_rule_that_is_unknown_counts_as_taking_every_request(given: dict[str, Any], is_shadowing: bool) -> None:
    first = resource(plan("no_change"), RULE)["change"]["after"]
    body = {**given, "after": {**first, **given["after"], "priority": 1}}
    found = ids(with_more("aws_lb_listener_rule.beta", ["create"], change=body))
    assert (f"SHADOWED:{RULE}" in found) == is_shadowing
    assert "MISROUTED:aws_lb_listener_rule.beta" in found


RECORD = {"name": "www.getorcha.com", "type": "CNAME", "zone_id": "ZOTHER", "records": ["evil.example.com"]}


@pytest.mark.parametrize("provider", ["aws.management", "module.edge:aws.management"])
def test_a_module_hides_no_foreign_record(provider: str) -> None:
    address = 'module.edge["a.b]"].aws_route53_record.www'

    def change(content: Plan) -> None:
        resources = [{"address": "aws_route53_record.www", "provider_config_key": provider, "expressions": {}}]
        content["configuration"]["root_module"]["module_calls"] = {"edge": {"module": {"resources": resources}}}
        body = {"actions": ["create"], "before": None, "after": RECORD}
        content["resource_changes"].append(
            {"address": address, "mode": "managed", "type": "aws_route53_record", "name": "www", "change": body}
        )

    (risk,) = changed_review("no_change", change).risks
    assert (risk.id, risk.account) == (f"FOREIGN:{address}", "management")


def test_what_is_made_in_an_undeclared_account_is_reported() -> None:
    for address in ("aws_route53_record.link_getorcha_com_", "null_resource.script"):
        assert ids(with_more(address, ["create"], change={"after": RECORD})) == [f"FOREIGN:{address}"]


def test_a_zone_that_is_imported_does_not_become_ours_by_that() -> None:
    zone = {"name": "getorcha.com", "arn": "arn:aws:route53:::hostedzone/Z", "comment": "theirs"}
    body = {"before": zone, "after": {**zone, "comment": "ours"}, "importing": {"id": "Z"}}
    assert ids(with_more("aws_route53_zone.getorcha", ["update"], change=body)) == ["FOREIGN:aws_route53_zone.getorcha"]


def test_a_removed_service_takes_nothing_of_the_platform_with_it() -> None:
    """`load` is a service that goes; the load balancer only begins alike, and the user pool is named as `login`."""

    def change(content: Plan) -> None:
        for name in ("load", "login"):
            gone = json.loads(json.dumps(resource(content, RULE)))
            gone |= {"address": f"aws_lb_listener_rule.{name}", "name": name}
            gone["change"]["before"] |= {"tags": {"Service": name}, "priority": 900 + len(name)}
            gone["change"] |= {"actions": ["delete"], "after": None}
            content["resource_changes"].append(gone)
        for address in ("aws_lb.load_balancer", "aws_cognito_user_pool.login"):
            resource(content, address)["change"] |= {"actions": ["delete"], "after": None}

    review = changed_review("staging_no_change", change)
    rest = review.accepting(["DESTROY:services.load", "DESTROY:services.login"]).open_risks
    assert {risk.id for risk in rest} == {"DESTROY:aws_lb.load_balancer", "DESTROY:aws_cognito_user_pool.login"}


def test_what_is_left_of_an_earlier_object_is_not_acknowledged_with_the_current_one() -> None:
    def change(content: Plan) -> None:
        current = resource(content, "aws_lb_target_group.link")
        current["change"] |= {"actions": ["delete"], "after": None}
        content["resource_changes"].append({**current, "deposed": "80308274"})

    review = changed_review("no_change", change)
    assert len(review.risks) == 2
    assert all(len(review.accepting([risk.id]).open_risks) == 1 for risk in review.risks)


def test_what_is_replaced_and_left_behind_is_reported() -> None:
    review = changed_review(
        "no_change",
        lambda content: resource(content, "aws_vpc_security_group_ingress_rule.link")["change"].update(
            actions=["create", "forget"], after={"from_port": 1}
        ),
    )
    assert "FORGET:aws_vpc_security_group_ingress_rule.link" in ids(review)


def test_a_rule_for_networks_that_only_the_deploy_knows_is_reported() -> None:
    address = "aws_vpc_security_group_ingress_rule.later"
    body = {"after": {"from_port": 22, "to_port": 22, "ip_protocol": "tcp"}, "after_unknown": {"cidr_ipv4": True}}
    assert f"WORLD:{address}" in ids(with_more(address, ["create"], change=body))


def test_an_open_rule_whose_tags_change_is_not_reported_again() -> None:
    def change(content: Plan) -> None:
        body = resource(content, "aws_vpc_security_group_ingress_rule.link")["change"]
        body["actions"] = ["update"]
        for side, tags in (("before", {}), ("after", {"Service": "link", "Team": "edge"})):
            body[side] = {**body[side], "cidr_ipv4": "0.0.0.0/0", "tags": tags}

    assert ids(changed_review("no_change", change)) == []


@pytest.mark.parametrize("index", ['["a b"]', "[0]"])
def test_an_id_with_an_index_is_acknowledged_by_its_short_form(index: str) -> None:
    review = with_more(f"aws_lb.edge{index}", ["delete"], change={"before": {"name": "edge"}, "after": None})
    (risk,) = review.risks
    assert [label.hash for label in labels_of([risk.label], "prod")] == [risk.hash]
    assert risk.typed_id == risk.short_id
    assert review.accepting([risk.typed_id]).exit_code == 0


def test_a_plain_id_is_typed_as_it_is_however_long_it_is() -> None:
    name = "a" * 60
    review = with_more(f"aws_lb.{name}", ["delete"], change={"before": {"name": "edge"}, "after": None})
    (risk,) = review.risks
    assert risk.typed_id == risk.id == f"{risk.kind}:aws_lb.{name}"
    assert risk.short_id != risk.id
