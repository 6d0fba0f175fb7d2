"""Faults that were chosen before they were measured."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from edge.verify.severity import Severity
from tests.engine.faults.attributes import attribute
from tests.engine.faults.changes import (
    FIXED,
    alarm_changed,
    called,
    client_changed,
    conditions,
    forward,
    opened,
    record,
    records,
    register_again,
    rule,
    rule_changed,
)
from tests.engine.faults.fault import Fault
from tests.support.deployed_stack import Stack

_PART, _LATENT, _SECURITY, _OPERATIONS = Severity.PART, Severity.LATENT, Severity.SECURITY, Severity.OPERATIONS
LINK = "link.prod.getorcha.com"


def _suspended(stack: Stack) -> AbstractContextManager[None]:
    which = {"AutoScalingGroupName": stack.environment.autoscaling_group_name, "ScalingProcesses": ["Launch"]}
    return called(stack, "autoscaling", lambda c: c.suspend_processes(**which), lambda c: c.resume_processes(**which))


def _on_another_port(stack: Stack) -> AbstractContextManager[None]:
    target = {"Id": stack.instance_ids()[0], "Port": 9998}
    which = {"TargetGroupArn": stack.target_group("link")["TargetGroupArn"], "Targets": [target]}
    return called(stack, "elbv2", lambda c: c.register_targets(**which), lambda _: register_again(stack))


def _callback(stack: Stack) -> AbstractContextManager[None]:
    hosts = ("admin.prod.getorcha.com", "admin.getorcha.com", "admin-getorcha.example.net")
    urls = [f"https://{host}/oauth2/idpresponse" for host in hosts]
    return client_changed(stack, "v1-orcha-admin", CallbackURLs=urls)


@contextmanager
def _another_listener(stack: Stack) -> Iterator[None]:
    elbv2 = stack.client("elbv2")
    made = elbv2.create_listener(
        LoadBalancerArn=stack.load_balancer()["LoadBalancerArn"],
        Protocol="HTTP",
        Port=8080,
        DefaultActions=[forward(stack, "admin")],
    )["Listeners"][0]["ListenerArn"]
    try:
        yield
    finally:
        elbv2.delete_listener(ListenerArn=made)


@contextmanager
def _second_group(stack: Stack) -> Iterator[None]:
    """Lead to admin's port by another target group of the same instances."""
    elbv2, first = stack.client("elbv2"), stack.target_group("admin")
    made = elbv2.create_target_group(Name="metrics", Protocol="HTTP", Port=7777, VpcId=first["VpcId"])
    arn = made["TargetGroups"][0]["TargetGroupArn"]
    elbv2.register_targets(TargetGroupArn=arn, Targets=[{"Id": id} for id in stack.instance_ids()])
    action = {"Type": "forward", "TargetGroupArn": arn}
    try:
        with rule(stack, 70, conditions("metrics.getorcha.com"), action):
            yield
    finally:
        elbv2.delete_target_group(TargetGroupArn=arn)


FAULTS = [
    Fault(
        "all ports are open to half of the world",
        _SECURITY,
        "exposure",
        lambda s: opened(s, "ec2-sg", "128.0.0.0/1", protocol="-1"),
    ),
    Fault(
        "a range of ports is open to IPv6",
        _SECURITY,
        "exposure",
        lambda s: opened(s, "ec2-sg", "::/0", ports=(7000, 10000)),
        "TCP 8888 of app",
    ),
    Fault("the scaling group launches nothing", _LATENT, "attachment", _suspended, "suspended Launch"),
    Fault("a target on another port", _PART, "all targets", _on_another_port, "9998"),
    Fault(
        "an HTTPS record leads browsers elsewhere",
        _PART,
        "records",
        lambda s: records(s, "prod.getorcha.com", record(LINK, "HTTPS", "1 elsewhere.example.net. alpn=h2")),
        "HTTPS",
    ),
    Fault("a foreign callback", _SECURITY, "user pool client", _callback, "admin-getorcha.example.net"),
    Fault(
        "our own rule takes GET only",
        _PART,
        "rules",
        lambda s: rule_changed(s, 20, Conditions=conditions("link.prod.getorcha.com link.getorcha.com", methods="GET")),
        "leaves out",
    ),
    Fault("another listener leads to admin", _SECURITY, "bypass", _another_listener, "on port 8080"),
    Fault(
        "a rule on port 80 answers for link",
        _PART,
        "rules",
        lambda s: rule(s, 5, conditions("link.getorcha.com", "/api/*"), FIXED, port=80),
        "on port 80",
    ),
    Fault(
        "an alarm that never fires",
        _OPERATIONS,
        "alarms",
        lambda s: alarm_changed(s, "v1-orcha-link-certificate-expiry", Threshold=0.0),
        "fires at 0",
    ),
    Fault(
        "headers with invalid names pass",
        _SECURITY,
        "protection",
        lambda s: attribute(s, "routing.http.drop_invalid_header_fields.enabled", "false"),
        where="staging",
    ),
    Fault(
        "no access logs",
        _OPERATIONS,
        "protection",
        lambda s: attribute(s, "access_logs.s3.enabled", "false"),
        where="staging",
    ),
    Fault("a second group on admin's port", _SECURITY, "bypass", _second_group, "metrics"),
]
