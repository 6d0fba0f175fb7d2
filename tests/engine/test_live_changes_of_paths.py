"""A live service gets another port, health check or name, and goes; its neighbour notices nothing."""

from collections.abc import Iterator

import pytest

from edge.aws.inventory import Thing
from tests.support.live_change import Live, Record, deployed
from tests.support.live_hosts import DOCS_HOSTS, PRIMARY, SHORT, WITH_DOCS

pytestmark = pytest.mark.takes(minutes=4)

HOSTS = [PRIMARY, SHORT]
WITH_ANOTHER_PATH = WITH_DOCS.replace('path = "/health"', 'path = "/ready"')
WITH_ANOTHER_PORT = WITH_ANOTHER_PATH.replace("port     = 9999", "port = 9998\ngeneration = 2")
RENAMED = WITH_ANOTHER_PORT.replace("[services.link]", '[services.go]\nrenamed_from = "link"').replace(
    "[services.link.health_check]", "[services.go.health_check]"
)
WITHOUT_LINK = RENAMED[: RENAMED.index("[services.go]")] + RENAMED[RENAMED.index("[services.docs]") :]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with deployed(WITH_DOCS, tmp_path_factory.mktemp("live")) as deployment:
        yield deployment


def test_the_health_checks_path_changes(live: Live, record_property: Record) -> None:
    change = live.change(WITH_ANOTHER_PATH, always=HOSTS + DOCS_HOSTS)
    live.expect_seamless(change, record_property, "health-check path changed")
    assert "health at /ready" in str(live.things("target group"))


def test_a_port_moves_with_a_new_generation_and_the_old_path_closes_last(live: Live, record_property: Record) -> None:
    change = live.change(WITH_ANOTHER_PORT, always=HOSTS + DOCS_HOSTS)
    live.expect_seamless(change, record_property, "port changed")
    (group,) = [thing for thing in live.things("target group") if "link" in thing.name]
    assert group == Thing(
        "prod", "target group", "v1-orcha-link-tg-2", "HTTP 9998, health at /ready, targets of v1-orcha-asg"
    )
    switched = "aws_lb_listener_rule.link: Modifications complete"
    for kind in ("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"):
        assert change.in_order(f"{kind}.link: Creation complete", "aws_lb_listener_rule.link: Modifying...")
        assert change.in_order(switched, f"{kind}.link (deposed")
    assert change.in_order("aws_autoscaling_attachment.link: Creation complete", "aws_lb_listener_rule.link: Modifying")
    assert change.in_order(switched, "aws_autoscaling_attachment.link (deposed", "aws_lb_target_group.link (deposed")
    assert {thing.detail for thing in live.things("security group rule") if "Link" in thing.detail} == {
        "tcp 9998 to v1-orcha-ec2-sg: Link traffic to EC2",
        "tcp 9998 from v1-orcha-alb-sg: Link port from ALB",
    }


def test_a_service_is_renamed_and_keeps_all_but_its_target_group_and_alarms(
    live: Live, record_property: Record
) -> None:
    before = live.things("certificate")
    change = live.change(RENAMED, always=HOSTS + DOCS_HOSTS)
    live.expect_seamless(change, record_property, "service renamed")
    assert live.things("certificate") == before
    replaced = {line.split(" ")[0].rstrip(":") for line in change.log.splitlines() if ": Creation complete" in line}
    conditions = ("unhealthy", "degraded", "5xx", "latency", "certificate_expiry")
    assert replaced == {
        "aws_lb_target_group.go",
        "aws_autoscaling_attachment.go",
        *(f"aws_cloudwatch_metric_alarm.go_{condition}" for condition in conditions),
    }
    assert change.in_order(
        "aws_autoscaling_attachment.go: Creation complete",
        "aws_lb_listener_rule.go: Modifications complete",
        "aws_lb_target_group.go (deposed",
    )


def test_a_removed_services_names_go_first(live: Live, record_property: Record) -> None:
    change = live.change(WITHOUT_LINK, always=DOCS_HOSTS, while_named=HOSTS)
    live.expect_seamless(
        change,
        record_property,
        "service removed",
        removed_proofs={"link_prod_getorcha_com__validation", "link_getorcha_com__validation"},
    )
    assert change.in_order(
        "aws_route53_record.link_getorcha_com: Destruction complete",
        "aws_route53_record.link_prod_getorcha_com: Destroying...",
        "aws_route53_record.link_prod_getorcha_com: Destruction complete",
        "aws_lb_listener_rule.go: Destroying...",
        "aws_lb_listener_rule.go: Destruction complete",
        "aws_lb_target_group.go: Destroying...",
    )
    assert change.in_order("aws_lb_listener_rule.go: Destruction complete", "aws_acm_certificate.go: Destroying...")
    assert not [thing for thing in live.things("record CNAME") if "link" in thing.name]
