"""A live service gets another port, health check, priority or name, and goes; its neighbour notices nothing."""

from collections.abc import Iterator

import pytest

from edge.aws.inventory import Thing
from tests.support.files import PROD_TOML
from tests.support.live_change import Live, Record, deployed

pytestmark = pytest.mark.takes(minutes=4)

HOSTS = ["link.prod.getorcha.com", "link.getorcha.com"]
OTHERS = ["docs.prod.getorcha.com", "docs.getorcha.com"]
DOCS = """
[services.docs]
port     = 9100
priority = 30
hosts    = ["docs.prod.getorcha.com", "docs.getorcha.com"]
"""
TOML = PROD_TOML.read_text(encoding="utf-8") + DOCS
WITH_ANOTHER_PATH = TOML.replace('path = "/health"', 'path = "/ready"')
WITH_ANOTHER_PORT = WITH_ANOTHER_PATH.replace("port     = 9999", "port = 9998\ngeneration = 2")
BOTH_ASIDE = WITH_ANOTHER_PORT.replace("priority = 20", "priority = 21").replace("priority = 30", "priority = 31")
SWAPPED = BOTH_ASIDE.replace("priority = 21", "priority = 30").replace("priority = 31", "priority = 20")
RENAMED = SWAPPED.replace("[services.link]", '[services.go]\nrenamed_from = "link"').replace(
    "[services.link.health_check]", "[services.go.health_check]"
)
WITHOUT_LINK = RENAMED[: RENAMED.index("[services.go]")] + RENAMED[RENAMED.index("[services.docs]") :]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with deployed(TOML, tmp_path_factory.mktemp("live")) as deployment:
        yield deployment


def test_the_health_checks_path_changes(live: Live, record_property: Record) -> None:
    change = live.change(WITH_ANOTHER_PATH, always=HOSTS + OTHERS)
    live.expect_seamless(change, record_property, "health-check path changed")
    assert "health at /ready" in str(live.things("target group"))


def test_a_port_moves_with_a_new_generation_and_the_old_path_closes_last(live: Live, record_property: Record) -> None:
    change = live.change(WITH_ANOTHER_PORT, always=HOSTS + OTHERS)
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


def test_two_priorities_swapped_in_one_step_are_refused_and_nothing_changes(
    live: Live, record_property: Record
) -> None:
    before = live.things("listener rule")
    change = live.change(SWAPPED, always=HOSTS + OTHERS)
    record_property("live change", f"priorities swapped in one step, refused: {change.samples}")
    assert change.returncode == 1
    assert change.log.count("PriorityInUse") == 2
    assert change.samples.bad == []
    assert live.things("listener rule") == before
    live.change(WITH_ANOTHER_PORT, always=HOSTS + OTHERS)
    assert live.workspace.plan().returncode == 0


def test_two_priorities_are_swapped_by_way_of_free_ones(live: Live, record_property: Record) -> None:
    aside = live.change(BOTH_ASIDE, always=HOSTS + OTHERS)
    live.expect_seamless(aside, record_property, "priorities changed to free ones")
    change = live.change(SWAPPED, always=HOSTS + OTHERS)
    live.expect_seamless(change, record_property, "priorities swapped by way of these")
    rules = {thing.name.split()[-1]: thing.detail for thing in live.things("listener rule")}
    assert ("docs.getorcha.com" in rules["20"], "link.getorcha.com" in rules["30"]) == (True, True)


def test_a_service_is_renamed_and_keeps_all_but_its_target_group_and_alarms(
    live: Live, record_property: Record
) -> None:
    before = live.things("certificate")
    change = live.change(RENAMED, always=HOSTS + OTHERS)
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
    change = live.change(WITHOUT_LINK, always=OTHERS, while_named=HOSTS)
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
