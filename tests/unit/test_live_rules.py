"""The rules of the live listener, and whose they are: read from what Elastic Load Balancing answers."""

from collections.abc import Iterator
from typing import Any

import pytest

from edge.aws.listener_priorities import LiveRule, faults, live_rules
from environments.checked import Environment
from tests.support.files import environment, prod

HTTPS, HTTP = "arn:https", "arn:http"
OURS = {"Environment": "prod", "Service": "link", "ManagedBy": "terraform"}


def rule(arn: str, priority: str, *hosts: str) -> dict[str, Any]:
    conditions = [{"Field": "host-header", "HostHeaderConfig": {"Values": list(hosts)}}] if hosts else []
    return {"RuleArn": arn, "Priority": priority, "Conditions": conditions}


class Elbv2:
    """A load balancer of ours beside another one, with a listener for each port; only what is read is answered."""

    def __init__(self) -> None:
        self.rules = {
            HTTPS: [rule("arn:1", "20", "link.getorcha.com"), rule("arn:default", "default")],
            HTTP: [rule("arn:redirect", "1", "other.getorcha.com")],
            "arn:theirs": [rule("arn:9", "21", "else.getorcha.com")],
        }
        self.tags = {"arn:1": dict(OURS)}
        self.asked: list[int] = []

    def get_paginator(self, operation: str) -> Any:
        self._operation = operation
        return self

    def paginate(self, **arguments: str) -> Iterator[dict[str, Any]]:
        if self._operation == "describe_load_balancers":
            for name in ("another", "v1-orcha-alb"):  # a page each
                yield {"LoadBalancers": [{"LoadBalancerName": name, "LoadBalancerArn": f"arn:{name}"}]}
        else:
            yield from ({"Rules": [found]} for found in self.rules[arguments["ListenerArn"]])

    def describe_listeners(self, **arguments: str) -> dict[str, Any]:
        if arguments["LoadBalancerArn"] == "arn:another":
            return {"Listeners": [{"Port": 443, "ListenerArn": "arn:theirs"}]}
        return {"Listeners": [{"Port": 80, "ListenerArn": HTTP}, {"Port": 443, "ListenerArn": HTTPS}]}

    def describe_tags(self, **arguments: list[str]) -> dict[str, Any]:
        arns = arguments["ResourceArns"]
        self.asked.append(len(arns))
        described = [(arn, self.tags.get(arn, {})) for arn in arns]
        tags = [(arn, [{"Key": key, "Value": value} for key, value in found.items()]) for arn, found in described]
        return {"TagDescriptions": [{"ResourceArn": arn, "Tags": found} for arn, found in tags]}


@pytest.fixture
def elbv2() -> Elbv2:
    return Elbv2()


def read(elbv2: Elbv2, settings: Environment | None = None) -> dict[int, LiveRule]:
    settings = settings or environment(prod())

    def client_of(service: str, account_id: str, region: str) -> Any:
        assert (service, account_id, region) == ("elbv2", "111111111111", "eu-central-1")
        return elbv2

    return live_rules(settings, client_of)


def test_only_the_https_listener_of_the_environments_own_load_balancer_counts(elbv2: Elbv2) -> None:
    assert read(elbv2) == {20: LiveRule(("link.getorcha.com",), "link")}


@pytest.mark.parametrize(
    "tags",
    [
        {**OURS, "Environment": "staging"},  # two environments may share a load balancer, and a service's name
        {"Service": "link"},
        {"Environment": "staging"},
        {},
    ],
)
def test_a_rule_of_another_environment_is_nobodys_of_ours(elbv2: Elbv2, tags: dict[str, str]) -> None:
    elbv2.tags["arn:1"] = tags
    found = read(elbv2)
    assert found == {20: LiveRule(("link.getorcha.com",), None)}
    (fault,) = faults(environment(prod()), found, "prod.toml")
    assert "20 is held on v1-orcha-alb by a rule that this environment did not make" in str(fault)


def test_a_renamed_service_still_has_the_rules_of_its_former_name(elbv2: Elbv2) -> None:
    content = prod()
    content["services"]["login"] = {**content["services"].pop("link"), "renamed_from": "link"}
    settings = environment(content)
    found = read(elbv2, settings)
    assert found == {20: LiveRule(("link.getorcha.com",), "login")}
    assert faults(settings, found, "prod.toml") == []


def test_every_rules_tags_are_asked_for_as_many_at_once_as_aws_takes(elbv2: Elbv2) -> None:
    elbv2.rules[HTTPS] = [rule(f"arn:{number}", str(number), f"h{number}.getorcha.com") for number in range(1, 46)]
    elbv2.tags = {f"arn:{number}": OURS for number in range(1, 46)}
    assert {found.service for found in read(elbv2).values()} == {"link"}
    assert elbv2.asked == [20, 20, 5]
