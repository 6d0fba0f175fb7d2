"""Faults of alarms, of the topic that they notify, and of the web ACL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from edge.verify.severity import Severity
from tests.engine.faults.changes import alarm_changed, alarm_deleted
from tests.engine.faults.fault import Fault
from tests.support.deployed_stack import Stack

UNHEALTHY, LATENCY, ERRORS = "v1-orcha-link-unhealthy", "v1-orcha-app-latency", "v1-orcha-link-5xx"
_OUTAGE, _PART = Severity.OUTAGE, Severity.PART
_SECURITY, _OPERATIONS = Severity.SECURITY, Severity.OPERATIONS


def topic(stack: Stack) -> str:
    return f"arn:aws:sns:eu-central-1:{stack.account}:{stack.environment.alert_topic_name}"


@contextmanager
def _policy(stack: Stack, *statements: dict[str, Any]) -> Iterator[None]:
    sns, arn = stack.client("sns"), topic(stack)
    before = sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]

    def write(policy: str) -> None:
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)

    standing = json.loads(before)["Statement"]
    kept = standing if any(statement["Effect"] == "Deny" for statement in statements) else []
    write(json.dumps({"Version": "2012-10-17", "Statement": [*kept, *statements]}))
    try:
        yield
    finally:
        write(before)


def statement(effect: str, principal: Any, action: str = "sns:Publish") -> dict[str, Any]:
    return {"Sid": "x", "Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}


@contextmanager
def _filtered(stack: Stack) -> Iterator[None]:
    sns, arn = stack.client("sns"), topic(stack)
    ids = [found["SubscriptionArn"] for found in sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]]

    def write(policy: str) -> None:
        for id in ids:
            sns.set_subscription_attributes(SubscriptionArn=id, AttributeName="FilterPolicy", AttributeValue=policy)

    write('{"team": ["billing"]}')
    try:
        yield
    finally:
        write("{}")


@contextmanager
def _another_address(stack: Stack) -> Iterator[None]:
    """Somebody is subscribed, and not the one whom the file names."""
    sns, arn = stack.client("sns"), topic(stack)
    before = sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    made = sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="gone@example.com")["SubscriptionArn"]
    for found in before:
        sns.unsubscribe(SubscriptionArn=found["SubscriptionArn"])
    try:
        yield
    finally:
        for found in before:
            sns.subscribe(TopicArn=arn, Protocol="email", Endpoint=found["Endpoint"])
        sns.unsubscribe(SubscriptionArn=made)


@contextmanager
def _web_acl(stack: Stack, **changes: Any) -> Iterator[None]:
    """Write the web ACL before the load balancer again with some settings otherwise."""
    waf, arn = stack.client("wafv2"), stack.load_balancer()["LoadBalancerArn"]
    found = waf.get_web_acl_for_resource(ResourceArn=arn)["WebACL"]
    which = {"Name": found["Name"], "Scope": "REGIONAL", "Id": found["Id"]}
    before = {key: found[key] for key in ("DefaultAction", "Rules", "VisibilityConfig")}

    def write(**settings: Any) -> None:
        lock = waf.get_web_acl(**which)["LockToken"]
        waf.update_web_acl(**which, LockToken=lock, **settings)

    write(**{**before, **changes})
    try:
        yield
    finally:
        write(**before)


@contextmanager
def _counting(stack: Stack) -> Iterator[None]:
    waf, arn = stack.client("wafv2"), stack.load_balancer()["LoadBalancerArn"]
    rules = waf.get_web_acl_for_resource(ResourceArn=arn)["WebACL"]["Rules"]
    with _web_acl(stack, Rules=[{**rule, "OverrideAction": {"Count": {}}} for rule in rules]):
        yield


@contextmanager
def _deleted(stack: Stack) -> Iterator[None]:
    with alarm_deleted(stack, "v1-orcha-link-certificate-expiry"):
        yield


FAULTS = [
    Fault(
        "missing figures count as good",
        _OPERATIONS,
        "alarms",
        lambda s: alarm_changed(s, UNHEALTHY, TreatMissingData="notBreaching"),
        "treatment of missing data",
    ),
    Fault(
        "an alarm looks at another metric",
        _OPERATIONS,
        "alarms",
        lambda s: alarm_changed(s, UNHEALTHY, MetricName="RequestCount"),
        "RequestCount",
    ),
    Fault(
        "an alarm fires for what is good",
        _OPERATIONS,
        "alarms",
        lambda s: alarm_changed(s, UNHEALTHY, ComparisonOperator="GreaterThanThreshold"),
        "comparison",
    ),
    Fault(
        "an alarm fires after an hour",
        _OPERATIONS,
        "alarms",
        lambda s: alarm_changed(s, UNHEALTHY, EvaluationPeriods=60),
        "number of periods",
    ),
    Fault(
        "an alarm looks at nothing",
        _OPERATIONS,
        "alarms",
        lambda s: alarm_changed(s, UNHEALTHY, Dimensions=[]),
        "looks at nothing",
    ),
    Fault(
        "an alarm that never fires for no target",
        _OPERATIONS,
        "alarms",
        lambda s: alarm_changed(s, UNHEALTHY, Threshold=-1.0),
        "fires at -1",
    ),
    Fault(
        "an alarm notifies another topic",
        _OPERATIONS,
        "alarms",
        lambda s: alarm_changed(s, UNHEALTHY, AlarmActions=[f"{topic(s)}-old"]),
        "does not notify",
    ),
    Fault("the certificate's alarm was deleted", _OPERATIONS, "alarms", _deleted, "certificate-expiry"),
    Fault(
        "CloudWatch may not publish",
        _OPERATIONS,
        "alert topic",
        lambda s: _policy(s, statement("Deny", {"Service": "cloudwatch.amazonaws.com"})),
        "denies CloudWatch",
    ),
    Fault(
        "only an administrator may publish",
        _OPERATIONS,
        "alert topic",
        lambda s: _policy(s, statement("Allow", {"AWS": f"arn:aws:iam::{s.account}:user/admin"})),
        "does not let CloudWatch publish",
    ),
    Fault("a filter drops alarms", _OPERATIONS, "alert topic", _filtered, "has a filter"),
    Fault(
        "whom the file names is not subscribed",
        _OPERATIONS,
        "alert topic",
        _another_address,
        "is not subscribed",
        where="staging",
        leaves_traces=True,
    ),
    Fault(
        "the web ACL refuses everybody",
        _OUTAGE,
        "web ACL",
        lambda s: _web_acl(s, DefaultAction={"Block": {}}),
        "refuses every request",
        where="staging",
    ),
    Fault(
        "the web ACL only counts",
        _SECURITY,
        "web ACL",
        _counting,
        "refuses nothing by",
        where="staging",
    ),
]
