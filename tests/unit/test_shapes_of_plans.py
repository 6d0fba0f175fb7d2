"""Each stored plan shows what it is for, and Terraform's plan JSON is as peculiar as docs/stored-plans.md says."""

import re
from typing import Any

import pytest

from tests.engine.plans.prod import PROD_WORLD
from tests.engine.plans.staging import STAGING_WORLD
from tests.plans import stored_plan
from tests.support.files import ROOT

PAGE = (ROOT / "docs" / "stored-plans.md").read_text(encoding="utf-8")
REPLACED, REPLACED_WITH_A_GAP = ["create", "delete"], ["delete", "create"]
DOCS_RECORD = "aws_route53_record.docs_getorcha_com"
PROOF = "aws_route53_record.link_getorcha_com__validation"

SHAPES = {
    "removed_service": ("aws_lb_target_group.docs", ["delete"]),
    "san_added": ("aws_acm_certificate.link", REPLACED),
    "host_moved": ("aws_acm_certificate.docs", REPLACED),
    "primary_replaced": ("aws_route53_record.link_prod_getorcha_com", ["delete"]),
    "port_with_generation": ("aws_lb_target_group.link", REPLACED),
    "port_without_generation": ("aws_lb_target_group.link", REPLACED),
    "priority_swap": ("aws_lb_listener_rule.docs", ["update"]),
    "renamed_service": ("aws_acm_certificate.go", ["update"]),
    "renamed_without_moved": ("aws_acm_certificate.link", ["delete"]),
    "login_added": ("aws_lb_listener_rule.docs", ["update"]),
    "alarms_changed": ("aws_cloudwatch_metric_alarm.docs_latency", ["update"]),
    "alarm_removed": ("aws_cloudwatch_metric_alarm.docs_latency", ["delete"]),
    "imported": ("aws_lb_target_group.legacy", ["no-op"]),
    "foreign_record": ("aws_route53_record.www_getorcha_com", ["create"]),
    "foreign_record_changed": ("aws_route53_record.blog_getorcha_com", ["update"]),
    "world_open": ("aws_vpc_security_group_ingress_rule.link_everybody", ["create"]),
    "read_at_apply": ("data.aws_sns_topic.later", ["read"]),
    "forget": (DOCS_RECORD, ["forget"]),
    "without_create_before_destroy": ("aws_acm_certificate.link", REPLACED_WITH_A_GAP),
    "drift_only": (DOCS_RECORD, ["create"]),
    "drift_ignored": (PROOF, ["no-op"]),
    "zone_destroyed": ("aws_route53_zone.staging_getorcha_com", ["delete"]),
    "network_replaced": ("aws_vpc.platform", REPLACED),
    "network_changed": ("aws_subnet.private_a", REPLACED),
    "listener_replaced": ("aws_lb_listener_rule.link", REPLACED),
    "load_balancer_replaced": ("aws_lb.load_balancer", REPLACED),
    "user_pool_replaced": ("aws_cognito_user_pool.login", REPLACED),
    "user_pool_protection_lifted": ("aws_cognito_user_pool.login", ["update"]),
    "deletion_protection_lifted": ("aws_lb.load_balancer", ["update"]),
    "bucket_destroyed": ("aws_s3_bucket.access_logs", ["delete"]),
    "instances_changed": ("aws_launch_template.instances", ["update"]),
}


def change(name: str, address: str, key: str = "resource_changes") -> dict[str, Any]:
    """Find the one change, or drift, of an address in a stored plan."""
    (found,) = [item for item in stored_plan(name)[key] if item["address"] == address and "deposed" not in item]
    return dict(found)


def test_the_page_lists_every_scenario_in_its_order() -> None:
    for heading, world in (("production", PROD_WORLD), ("staging", STAGING_WORLD)):
        table = PAGE.split(f"<!-- {heading} -->")[1].split(f"<!-- /{heading} -->")[0]
        assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(world.scenarios)


@pytest.mark.parametrize("name", SHAPES)
def test_a_plan_shows_what_it_is_for(name: str) -> None:
    address, actions = SHAPES[name]
    assert change(name, address)["change"]["actions"] == actions


def test_the_first_plan_after_an_apply_drifts_where_nobody_did_anything() -> None:
    plan = stored_plan("no_change")
    assert len(plan["resource_drift"]) > 10
    assert {tuple(item["change"]["actions"]) for item in plan["resource_changes"]} == {("no-op",)}
    alarm = change("no_change", "aws_cloudwatch_metric_alarm.link_degraded", "resource_drift")["change"]
    changed = {key for key, before in alarm["before"].items() if before != alarm["after"][key]}
    assert changed == {"insufficient_data_actions"}
    assert (alarm["before"]["insufficient_data_actions"], alarm["after"]["insufficient_data_actions"]) == (None, [])


def test_what_others_did_is_drift_and_a_change_that_undoes_it() -> None:
    assert change("drift", DOCS_RECORD, "resource_drift")["change"]["actions"] == ["delete"]
    assert change("drift", DOCS_RECORD)["change"]["actions"] == ["create"]
    alarm = "aws_cloudwatch_metric_alarm.docs_latency"
    assert change("drift", alarm, "resource_drift")["change"]["after"]["threshold"] == 30
    assert change("drift", alarm)["change"]["after"]["threshold"] == 2
    assert change("drift", "aws_lb_target_group.link")["change"]["after"]["health_check"][0]["path"] == "/ready"


def test_drift_that_terraform_ignores_is_no_change() -> None:
    assert change("drift_ignored", PROOF, "resource_drift")["change"]["after"]["records"] == ["gone.example.com"]


def test_an_import_a_move_and_a_deposed_object_are_reported_by_keys_of_their_own() -> None:
    assert "importing" in change("imported", "aws_lb_target_group.legacy")["change"]
    assert "importing" in change("foreign_record_changed", "aws_route53_record.blog_getorcha_com")["change"]
    validation = change("renamed_service", "aws_acm_certificate_validation.go")
    assert validation["previous_address"] == "aws_acm_certificate_validation.link"
    assert validation["change"]["actions"] == ["no-op"]
    both = [
        item for item in stored_plan("deposed")["resource_changes"] if item["address"] == "aws_lb_target_group.link"
    ]
    assert sorted((item["change"]["actions"][0], "deposed" in item) for item in both) == [
        ("delete", True),
        ("no-op", False),
    ]


def test_a_validation_record_that_stays_is_not_changed_by_a_new_certificate() -> None:
    proof = change("san_added", PROOF)["change"]
    assert proof["actions"] == ["no-op"]
    assert proof["before"] == proof["after"]


def test_what_comes_from_a_replaced_resource_is_listed_as_updated() -> None:
    alarm = change("san_added", "aws_cloudwatch_metric_alarm.link_certificate_expiry")["change"]
    assert alarm["actions"] == ["update"]
    assert alarm["after_unknown"]["dimensions"] is True


def test_a_replacement_by_a_trigger_names_no_path() -> None:
    rule = change("port_with_generation", "aws_vpc_security_group_egress_rule.link")
    assert rule["action_reason"] == "replace_by_triggers"
    assert "replace_paths" not in rule["change"]


def test_a_targeted_plan_says_that_it_is_not_complete() -> None:
    assert [stored_plan(name)["complete"] for name in ("targeted", "new_service")] == [False, True]


def test_what_is_deleted_has_no_configuration_that_would_name_its_account() -> None:
    plan = stored_plan("removed_service")
    configured = {resource["address"]: resource for resource in plan["configuration"]["root_module"]["resources"]}
    assert DOCS_RECORD not in configured
    assert configured["aws_route53_record.link_getorcha_com"]["provider_config_key"] == "aws.management"
    assert "provider_config_key" not in change("removed_service", DOCS_RECORD)


def test_sensitive_values_stand_in_the_clear() -> None:
    client = change("staging_no_change", "aws_cognito_user_pool_client.admin")["change"]
    assert client["after_sensitive"]["client_secret"] is True
    assert len(client["after"]["client_secret"]) > 10
