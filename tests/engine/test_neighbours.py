"""A survey of a full load balancer on the embedded AWS: complete, of others alone, and in few requests."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from edge.aws.neighbours.reading import Ours, neighbours
from edge.aws.sessions import ClientOf, client_of
from edge.aws.survey.reader import Reader
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.engine.test_live_priorities import add_rule, https_listener
from tests.support.aws_calls import PROD, REGION

pytestmark = pytest.mark.takes(minutes=0.5)

(ENVIRONMENT,) = load(["prod"])
RULES, CDKS = 100, 2
MOST_REQUESTS = 30  # with 100 rules it takes 25: some of 100 ms each on AWS, so less than five seconds


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        elbv2 = aws.client("elbv2", PROD, REGION)
        listener = https_listener(elbv2)
        for number in range(RULES - CDKS):
            tags = {"elbv2.k8s.aws/cluster": "shop"}
            add_rule(elbv2, listener, priority=100 + number, host=f"s{number}.getorcha.com", tags=tags)
        yield aws


def test_a_hundred_rules_are_surveyed_in_few_requests(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    for name, value in aws.variables.items():
        monkeypatch.setenv(name, value)
    groups = aws.client("ec2", PROD, REGION).describe_security_groups()["SecurityGroups"]
    names = {group["GroupId"]: group["GroupName"] for group in groups}
    ours = Ours(ids=frozenset(), groups=tuple(sorted(names)), autoscaling_groups=("v1-orcha-asg",))
    requests: list[str] = []
    started = time.monotonic()
    found = neighbours(Reader(ENVIRONMENT, counted(client_of(ENVIRONMENT), requests)), ours)
    record_property("survey", f"{RULES} rules: {len(requests)} requests, {time.monotonic() - started:.1f} s")
    assert found.unasked == {}
    assert len(found.rules) == len(found.rule_arns) == RULES
    assert [rule.made_by for rule in found.rules].count("the Kubernetes cluster shop") == RULES - CDKS
    first = next(rule for rule in found.rules if rule.priority == 5)
    assert (first.hosts, first.target) == (("app.prod.getorcha.com",), "the target group v1-orcha-app-tg")
    assert len(found.attached["v1-orcha-asg"]) == len(found.target_groups) == CDKS
    in_groups = [(names[rule.group], rule.is_egress) for rule in found.group_rules]
    assert in_groups.count(("v1-orcha-alb-sg", True)) == 1 + CDKS
    assert in_groups.count(("v1-orcha-ec2-sg", False)) == CDKS
    assert 0 < len(requests) <= MOST_REQUESTS, requests


def counted(clients: ClientOf, requests: list[str]) -> ClientOf:
    """Note the operation of every request that a client sends."""

    def client(service: str, account: str, region: str) -> Any:
        made = clients(service, account, region)
        made.meta.events.register(
            "before-send.*", lambda event_name, **_: requests.append(event_name), unique_id="requests"
        )
        return made

    return client
