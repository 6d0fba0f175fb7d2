"""Every stored plan has a golden review beside it, in Markdown: what a person reads on the pull request.

`python -m tests.unit.review.test_goldens` writes them again; read the difference before you commit it.
"""

import re

import pytest

from edge.review.render_markdown import markdown
from tests.engine.plans.comparing import without_lots
from tests.plans import FOLDER, STORED_PLANS
from tests.support.reviewing import ids, plan, stored_review

# What each plan must say, whoever writes the goldens again: the ids of its risks, and nothing else.
CLEAN = {
    "alarms_changed",
    "drift",
    "drift_ignored",
    "drift_only",
    "fifty_services",
    "first_deploy",
    "instances_changed",
    "login_added",
    "new_service",
    "no_change",
    "priority_changed",
    "san_added",
    "settings_changed",
    "staging_first_deploy",
    "staging_new_service",
    "staging_no_change",
}
RISKS = {
    "record_misled": ["CODE:aws_route53_record.docs_getorcha_com", "MISLED:aws_route53_record.docs_getorcha_com"],
    "alias_misled": [
        "CODE:aws_route53_record.docs_prod_getorcha_com",  # the provider takes the full stop off
        "MISLED:aws_route53_record.docs_prod_getorcha_com",
    ],
    "ttl_raised": ["CODE:aws_route53_record.docs_getorcha_com", "TTL:aws_route53_record.docs_getorcha_com"],
    "rule_misrouted": ["CODE:aws_lb_listener_rule.docs", "MISROUTED:aws_lb_listener_rule.docs"],
    "rule_redirected": [
        "CODE:aws_lb_listener_rule.docs",
        "UNEXPLAINED:aws_lb_listener_rule.docs",  # the product makes no redirects: their defaults are not known
        "MISROUTED:aws_lb_listener_rule.docs",
    ],
    "instances_reached": [
        "CODE:aws_vpc_security_group_ingress_rule.link",
        "REPLACE:aws_vpc_security_group_ingress_rule.link",  # by one of another source
        "INBOUND:aws_vpc_security_group_ingress_rule.link",
    ],
    "alarm_redirected": [
        "CODE:aws_cloudwatch_metric_alarm.docs_unhealthy",
        "SILENCED:aws_cloudwatch_metric_alarm.docs_unhealthy",
    ],
    "alarm_deafened": [
        "CODE:aws_cloudwatch_metric_alarm.docs_5xx",
        "SILENCED:aws_cloudwatch_metric_alarm.docs_5xx",
    ],
    "alarm_removed": [
        "CODE:aws_cloudwatch_metric_alarm.docs_latency",
        "DESTROY:aws_cloudwatch_metric_alarm.docs_latency",
    ],
    "foreign_record": ["CODE:aws_route53_record.www_getorcha_com", "FOREIGN:aws_route53_record.www_getorcha_com"],
    "foreign_record_changed": [
        "OUTSIDE:import",
        "CODE:aws_route53_record.blog_getorcha_com",
        "CODE:import",
        "FOREIGN:aws_route53_record.blog_getorcha_com",
    ],
    "forget": [
        "OUTSIDE:removed",
        "CODE:aws_route53_record.docs_getorcha_com",
        "CODE:removed",
        "FORGET:aws_route53_record.docs_getorcha_com",
    ],
    "imported": [
        "OUTSIDE:import",
        "CODE:aws_lb_target_group.legacy",
        "CODE:aws_route53_record.blog_getorcha_com",
        "CODE:import",
        "FOREIGN:aws_route53_record.blog_getorcha_com",
    ],
    "host_moved": ["HANDOVER:aws_lb_listener_rule.docs"],
    "port_with_generation": ["REPLACE:aws_lb_target_group.link"],
    "port_without_generation": ["SAME_NAME:aws_lb_target_group.link", "REPLACE:aws_lb_target_group.link"],
    "targeted": ["INCOMPLETE:plan"],  # what it leaves out was not reviewed
    "priority_swap": ["PRIORITY:aws_lb_listener_rule.docs", "PRIORITY:aws_lb_listener_rule.link"],
    "login_dropped": [
        "DESTROY:aws_cognito_user_pool_client.admin",
        "DESTROY:aws_vpc_security_group_egress_rule.sign_in",
        "OPENED:aws_lb_listener_rule.admin",
    ],
    "login_host_moved": ["HANDOVER:aws_lb_listener_rule.admin", "OPENED:aws_lb_listener_rule.app"],
    "login_path_opened": ["UNROUTED:aws_lb_listener_rule.app", "OPENED:aws_lb_listener_rule.app"],
    "sign_in_optional": ["OPENED:aws_lb_listener_rule.admin"],
    "guards_lowered": [
        "UNPROTECTED:aws_cognito_user_pool.login#mfa_configuration",
        "UNPROTECTED:aws_autoscaling_group.instances#min_size",
        "UNPROTECTED:aws_lb_listener_rule.admin#action.authenticate_cognito.session_timeout",
    ],
    "world_open": [
        "CODE:aws_vpc_security_group_ingress_rule.link_everybody",
        "WORLD:aws_vpc_security_group_ingress_rule.link_everybody",
    ],
}

# A bucket, or a client of the user pool, that is no longer configured names no account in a plan.
UNTOLD: dict[str, set[None]] = {"bucket_destroyed": {None}, "login_dropped": {None}}


def golden(name: str) -> str:
    """A review without what AWS and Terraform draw by lot; the digest is of all of that too."""
    review = stored_review(name)
    text = markdown(review).replace(review.digest, "sha256:DIGEST")
    for risk in review.risks:
        if ".deposed." in risk.address:
            text = text.replace(risk.short_id, f"{risk.kind}:#DEPOSED")
    return without_lots(re.sub(r"\.deposed\.[0-9a-f]{8}", ".deposed.KEY", text))


@pytest.mark.parametrize("name", STORED_PLANS)
def test_the_review_reads_as_it_did(name: str) -> None:
    assert golden(name) == (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def test_every_golden_has_its_plan() -> None:
    assert {file.stem for file in FOLDER.glob("*.md")} == set(STORED_PLANS)
    assert len(STORED_PLANS) >= 15


@pytest.mark.parametrize("name", STORED_PLANS)
def test_what_is_clean_and_what_is_not(name: str) -> None:
    review = stored_review(name)
    assert (review.exit_code == 0) == (name in CLEAN)
    assert ids(review) == RISKS.get(name, ids(review))


@pytest.mark.parametrize("name", STORED_PLANS)
def test_every_change_has_its_line_and_every_line_its_change(name: str) -> None:
    changed = [
        change["address"]
        for change in plan(name)["resource_changes"]
        if change["mode"] == "managed"
        and (
            change["change"]["actions"] != ["no-op"]
            or change.get("previous_address")
            or change["change"].get("importing")
        )
    ]
    review = stored_review(name)
    assert sorted(line.address for line in review.lines) == sorted(changed)
    accounts = {"prod", "staging", "management"} | UNTOLD.get(name, set())
    assert {line.account for line in review.lines} <= accounts


if __name__ == "__main__":
    for item in STORED_PLANS:
        (FOLDER / f"{item}.md").write_text(golden(item), encoding="utf-8")
