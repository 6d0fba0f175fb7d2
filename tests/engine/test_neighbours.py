"""A survey of a full load balancer on the embedded AWS: complete, of others alone, and quick."""

import time
from collections.abc import Iterator

import pytest

from edge.aws.neighbours.reading import Ours, neighbours
from edge.aws.sessions import client_of
from edge.aws.survey.reader import Reader
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.engine.test_live_priorities import add_rule, https_listener
from tests.support.aws_calls import PROD, REGION

pytestmark = pytest.mark.takes(minutes=0.5)

(ENVIRONMENT,) = load(["prod"])
RULES, CDKS = 100, 2
MOST_SECONDS = 5.0


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=300) as aws:
        elbv2 = aws.client("elbv2", PROD, REGION)
        listener = https_listener(elbv2)
        for number in range(RULES - CDKS):
            tags = {"elbv2.k8s.aws/cluster": "shop"}
            add_rule(elbv2, listener, priority=100 + number, host=f"s{number}.getorcha.com", tags=tags)
        yield aws


def test_a_hundred_rules_are_surveyed_in_five_seconds(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in aws.variables.items():
        monkeypatch.setenv(name, value)
    groups = aws.client("ec2", PROD, REGION).describe_security_groups()["SecurityGroups"]
    names = {group["GroupId"]: group["GroupName"] for group in groups}
    ours = Ours(ids=frozenset(), groups=tuple(sorted(names)), autoscaling_groups=("v1-orcha-asg",))
    used, started = time.process_time(), time.monotonic()
    found = neighbours(Reader(ENVIRONMENT, client_of(ENVIRONMENT)), ours)
    took = time.monotonic() - started
    assert found.unasked == {}
    assert len(found.rules) == len(found.rule_arns) == RULES
    assert [rule.made_by for rule in found.rules].count("the Kubernetes cluster shop") == RULES - CDKS
    first = next(rule for rule in found.rules if rule.priority == 5)
    assert (first.hosts, first.target) == (("app.prod.getorcha.com",), "the target group v1-orcha-app-tg")
    assert len(found.attached["v1-orcha-asg"]) == len(found.target_groups) == CDKS
    counted = [(names[rule.group], rule.is_egress) for rule in found.group_rules]
    assert counted.count(("v1-orcha-alb-sg", True)) == 1 + CDKS
    assert counted.count(("v1-orcha-ec2-sg", False)) == CDKS
    assert took < MOST_SECONDS, f"{took:.1f} s, of which {time.process_time() - used:.1f} s here"
