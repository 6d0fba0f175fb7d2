"""The live listener's priorities as `make diff` and `make deploy` read them, with the environment's own credentials."""

from collections.abc import Iterator
from typing import Any

import pytest

from edge.aws.listener_priorities import LiveRule, live_rules
from edge.aws.sessions import client_of
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.aws_calls import PROD, REGION
from tests.support.files import environment, prod

pytestmark = pytest.mark.takes(minutes=0.2)

(ENVIRONMENT,) = load(["prod"])
APP, ADMIN = LiveRule(("app.prod.getorcha.com",), None), LiveRule(("admin.prod.getorcha.com",), None)
OTHERS = 25  # more than DescribeTags takes at once


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        yield aws


@pytest.fixture(autouse=True)
def credentials_of_this_shell(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in aws.variables.items():
        monkeypatch.setenv(name, value)


def https_listener(elbv2: Any) -> str:
    (balancer,) = elbv2.describe_load_balancers(Names=[ENVIRONMENT.load_balancer_name])["LoadBalancers"]
    listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    arn: str = next(listener["ListenerArn"] for listener in listeners if listener["Port"] == 443)
    return arn


def add_rule(elbv2: Any, listener: str, *, priority: int, host: str, tags: dict[str, str]) -> None:
    elbv2.create_rule(
        ListenerArn=listener,
        Priority=priority,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": [host]}}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def test_what_stands_on_the_listener_is_read_with_whose_it_is(aws: LocalAws) -> None:
    assert live_rules(ENVIRONMENT, client_of(ENVIRONMENT)) == {5: APP, 10: ADMIN}

    elbv2 = aws.client("elbv2", PROD, REGION)
    listener = https_listener(elbv2)
    for number in range(OTHERS):
        tags = {"Environment": "staging", "Service": "link"}
        add_rule(elbv2, listener, priority=100 + number, host=f"s{number}.getorcha.com", tags=tags)
    for priority, service in ((20, "link"), (30, "old"), (40, "gone")):
        tags = {"Environment": "prod", "Service": service}
        add_rule(elbv2, listener, priority=priority, host=f"{service}.getorcha.com", tags=tags)

    content = prod()
    content["services"]["new"] = {
        "port": 7777,
        "priority": 30,
        "hosts": ["new.prod.getorcha.com"],
        "renamed_from": "old",
    }
    found = live_rules(environment(content), client_of(ENVIRONMENT))
    assert {priority: rule.service for priority, rule in found.items()} == {
        5: None,
        10: None,
        20: "link",
        30: "new",
        40: "gone",
        **dict.fromkeys(range(100, 100 + OTHERS)),
    }
    assert found[20].hosts == ("link.getorcha.com",)


def test_a_load_balancer_that_does_not_stand_holds_nothing() -> None:
    content = prod()
    content["platform"]["load_balancer"] = "missing-alb"
    assert live_rules(environment(content), client_of(ENVIRONMENT)) == {}


def test_an_account_with_a_role_is_entered_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    content = prod()
    content["accounts"]["prod"] = {"id": PROD, "role_arn": f"arn:aws:iam::{PROD}:role/deploy"}
    by_role = environment(content)
    with LocalAws.start([by_role], lifetime_seconds=3600) as aws:
        for name, value in aws.variables.items():
            monkeypatch.setenv(name, value)
        assert live_rules(by_role, client_of(by_role)) == {5: APP, 10: ADMIN}
