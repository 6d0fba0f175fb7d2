"""What others have in the accounts is found by a real plan: a risk of its review, or a refusal with nothing made."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from edge.aws import inventory
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.engine.test_live_priorities import add_rule, https_listener
from tests.support.aws_calls import MANAGEMENT, PROD, REGION, change, zone_id
from tests.support.left_by_cdk import LeftByCdk
from tests.support.planning import Desk, prod_toml

pytestmark = pytest.mark.takes(minutes=1)

(ENVIRONMENT,) = load(["prod"])
MORE_HOSTS = '"link.getorcha.com", "api.dev.getorcha.com", "shop.docs.getorcha.com"]'
WEB = '\n[services.web]\nport = 9100\npriority = 4\nhosts = ["web.prod.getorcha.com", "*.web.prod.getorcha.com"]\n'
FOREIGN = (
    ("dev.getorcha.com", "NS", "ns1.elsewhere.example."),
    ("*.docs.getorcha.com", "CNAME", "docs.elsewhere.example."),
    ("getorcha.com", "CAA", '0 issue "letsencrypt.org"'),
)
RISKS = {
    "SHADOWED:aws_lb_listener_rule.link": "rule 1",
    "TAKES:aws_lb_listener_rule.web": "shop.web.prod.getorcha.com",
    "UNPROVABLE:aws_acm_certificate.link": "the CAA records of getorcha.com do not name amazon.com",
    "DELEGATED:aws_route53_record.api_dev_getorcha_com": "ns1.elsewhere.example",
    "HIDDEN:aws_route53_record.shop_docs_getorcha_com__validation": "*.docs.getorcha.com",
}


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=900) as aws:
        yield Desk(tmp_path_factory.mktemp("beside-others"), aws)


def test_what_meets_the_plan_is_a_risk_that_names_it(desk: Desk) -> None:
    elbv2 = desk.aws.client("elbv2", PROD, REGION)
    for priority, host in ((1, "link.getorcha.com"), (50, "shop.web.prod.getorcha.com")):
        add_rule(elbv2, https_listener(elbv2), priority=priority, host=host, tags={"by": "cdk"})
    for name, kind, value in FOREIGN:
        change(desk.aws, "CREATE", account=MANAGEMENT, zone="getorcha.com", name=name, values=[value], kind=kind)
    desk.write(prod_toml(priority="priority = 20 -> priority = 3", hosts=f'"link.getorcha.com"] -> {MORE_HOSTS}') + WEB)
    done = desk.python("edge", "review", "--plan", str(desk.plan()), "--json")
    assert done.returncode == 1, done.stderr
    risks: dict[str, Any] = {risk["id"]: risk for risk in json.loads(done.stdout)["risks"]}
    for risk, named in RISKS.items():
        assert named in risks[risk]["sentence"], risks[risk]["sentence"]


def test_a_port_that_another_tool_opened_is_refused_with_both_ways_out(desk: Desk) -> None:
    LeftByCdk(desk.aws).firewall()
    desk.write(prod_toml())
    refusal = refused(desk)
    assert "aws_vpc_security_group_ingress_rule.link" in refusal
    assert "aws_vpc_security_group_egress_rule.link" in refusal
    assert "opens_port = false" in refusal
    assert "edge adopt" in refusal

    desk.write(prod_toml(port="port     = 9999 -> port = 9999\nopens_port = false"))
    desk.plan()


def test_two_zones_of_one_name_are_refused_and_one_by_its_id_is_taken(desk: Desk) -> None:
    before = zone_id(desk.aws, account=MANAGEMENT, zone="getorcha.com").rpartition("/")[2]
    route53 = desk.aws.client("route53", MANAGEMENT, REGION)
    second = route53.create_hosted_zone(Name="getorcha.com", CallerReference="migration")["HostedZone"]["Id"]
    desk.write(prod_toml())
    refusal = refused(desk)
    assert before in refusal
    assert second.rpartition("/")[2] in refusal

    chosen = f'"getorcha.com" = {{ account = "management", id = "{before}" }}'
    desk.write(prod_toml(zone=f'"getorcha.com"      = "management" -> {chosen}'))
    plan = json.loads((desk.plan() / "plan.json").read_text(encoding="utf-8"))
    zones = {
        change["change"]["after"]["zone_id"]
        for change in plan["resource_changes"]
        if change["address"] == "aws_route53_record.link_getorcha_com"
    }
    assert zones == {before}


def refused(desk: Desk) -> str:
    """Plan; give the words by which that is refused, with nothing made in either account."""
    before = inventory.take(ENVIRONMENT, desk.aws.client)
    done = desk.python("edge", "plan", "prod")
    assert done.returncode == 2, done.stdout + done.stderr
    assert inventory.take(ENVIRONMENT, desk.aws.client) == before
    return done.stderr
