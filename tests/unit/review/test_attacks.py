"""The table of attacks: each is stopped by the risk that it names, or does no harm for the reason that it gives."""

import pytest

from tests.plans import STORED_PLANS
from tests.support.reviewing import SCENARIOS, ids, stored_review
from tests.unit.review.attacks import (
    PROD,
    STAGING,
    Attack,
    Desk,
    code,
    files,
    forged,
    lowered,
    mixed,
    providers,
    records,
    requests,
    values,
)

TABLE: tuple[Attack, ...] = (
    *records.ATTACKS,
    *requests.ATTACKS,
    *providers.ATTACKS,
    *values.ATTACKS,
    *code.ATTACKS,
    *files.ATTACKS,
    *forged.ATTACKS,
    *lowered.ATTACKS,
    *mixed.ATTACKS,
)

# Plans that real Terraform made on the embedded AWS, from a file or from code by which somebody would do harm; each
# with a risk that stops it.
PLANNED = {
    "alarm_deafened": "SILENCED:aws_cloudwatch_metric_alarm.docs_5xx",
    "alarm_redirected": "SILENCED:aws_cloudwatch_metric_alarm.docs_unhealthy",
    "alarm_removed": "DESTROY:aws_cloudwatch_metric_alarm.docs_latency",
    "alias_misled": "MISLED:aws_route53_record.docs_prod_getorcha_com",
    "bucket_destroyed": "DESTROY:aws_s3_bucket.access_logs",
    "callback_elsewhere": "CALLBACK:aws_cognito_user_pool_client.admin",
    "deletion_protection_lifted": "UNPROTECTED:aws_lb.load_balancer#enable_deletion_protection",
    "destroy_all": "DESTROY:aws_lb_target_group.link",
    "foreign_record": "FOREIGN:aws_route53_record.www_getorcha_com",
    "foreign_record_changed": "FOREIGN:aws_route53_record.blog_getorcha_com",
    "forget": "FORGET:aws_route53_record.docs_getorcha_com",
    "guards_lowered": "UNPROTECTED:aws_autoscaling_group.instances#min_size",
    "imported": "OUTSIDE:import",
    "instances_reached": "INBOUND:aws_vpc_security_group_ingress_rule.link",
    "listener_replaced": "UNEXPLAINED:aws_lb_listener.https_443",
    "load_balancer_replaced": "REPLACE:aws_lb.load_balancer",
    "login_dropped": "OPENED:aws_lb_listener_rule.admin",
    "login_host_moved": "OPENED:aws_lb_listener_rule.app",
    "login_path_opened": "OPENED:aws_lb_listener_rule.app",
    "network_changed": "CODE:aws_subnet.private_a",
    "port_without_generation": "SAME_NAME:aws_lb_target_group.link",
    "read_at_apply": "CODE:data.aws_sns_topic.later",
    "record_misled": "MISLED:aws_route53_record.docs_getorcha_com",
    "rule_misrouted": "MISROUTED:aws_lb_listener_rule.docs",
    "rule_redirected": "MISROUTED:aws_lb_listener_rule.docs",
    "second_factor_off": "UNPROTECTED:aws_cognito_user_pool.login#mfa_configuration",
    "shadowed_rule": "SHADOWED:aws_lb_listener_rule.link",
    "sign_in_optional": "OPENED:aws_lb_listener_rule.admin",
    "ttl_raised": "TTL:aws_route53_record.docs_getorcha_com",
    "user_pool_protection_lifted": "UNPROTECTED:aws_cognito_user_pool.login#deletion_protection",
    "user_pool_replaced": "REPLACE:aws_cognito_user_pool.login",
    "without_create_before_destroy": "CODE:aws_lb_listener_certificate.link",
    "world_open": "WORLD:aws_vpc_security_group_ingress_rule.link_everybody",
    "zone_destroyed": "DESTROY:aws_route53_zone.staging_getorcha_com",
}


@pytest.mark.parametrize("attack", TABLE, ids=str)
def test_an_attack_is_stopped_or_harmless(attack: Attack) -> None:
    desk = Desk(attack.desk)
    attack.act(desk)
    found = desk.found()
    if attack.harmless:
        assert found == set()
    else:
        assert attack.by in found


@pytest.mark.parametrize("desk", [PROD, STAGING])
def test_nothing_asks_before_an_attack(desk: str) -> None:
    assert Desk(desk).found() == set()


@pytest.mark.parametrize("name", PLANNED)
def test_an_attack_that_terraform_planned_is_stopped(name: str) -> None:
    review = stored_review(name)
    assert PLANNED[name] in ids(review)
    assert review.exit_code == 1


def test_the_table_is_long_and_names_no_attack_twice() -> None:
    assert len({attack.name for attack in TABLE}) == len(TABLE) >= 140
    assert all(bool(attack.by) != bool(attack.harmless) for attack in TABLE)
    assert PLANNED.keys() <= SCENARIOS.keys() & set(STORED_PLANS)
    assert len(PLANNED) >= 25
