"""Faults of targets, guards and of what people are notified by."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from edge.verify.severity import Severity
from tests.engine.faults.attributes import attribute
from tests.engine.faults.changes import (
    alarm_changed,
    alarm_deleted,
    called,
    group_changed,
    listener_changed,
    register_again,
)
from tests.engine.faults.fault import Fault
from tests.engine.faults.people import pool_changed
from tests.support.deployed_stack import Stack

_OUTAGE, _PART, _LATENT = Severity.OUTAGE, Severity.PART, Severity.LATENT
_SECURITY, _OPERATIONS = Severity.SECURITY, Severity.OPERATIONS
UNHEALTHY = "v1-orcha-link-unhealthy"


def _target(stack: Stack, id: str, *, instead: bool, port: int | None = None) -> AbstractContextManager[None]:
    """Register a target with link's group, or take one out of it."""
    target = {"Id": id, **({"Port": port} if port else {})}
    which = {"TargetGroupArn": stack.target_group("link")["TargetGroupArn"], "Targets": [target]}
    verbs = ("register_targets", "deregister_targets")[:: 1 if instead else -1]
    return called(stack, "elbv2", lambda c: getattr(c, verbs[0])(**which), lambda c: getattr(c, verbs[1])(**which))


@contextmanager
def _foreign_target(stack: Stack) -> Iterator[None]:
    ec2 = stack.client("ec2")
    made = ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    try:
        with _target(stack, made, instead=True):
            yield
    finally:
        ec2.terminate_instances(InstanceIds=[made])


def _stopped(stack: Stack) -> AbstractContextManager[None]:
    ids = stack.instance_ids()[:1]
    return called(
        stack,
        "ec2",
        lambda c: c.stop_instances(InstanceIds=ids),
        lambda c: c.start_instances(InstanceIds=ids),
    )


def _scaling_group(stack: Stack) -> dict[str, Any]:
    name = stack.environment.autoscaling_group_name
    groups = stack.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return dict(groups["AutoScalingGroups"][0])


@contextmanager
def _detached(stack: Stack) -> Iterator[None]:
    """Detach the scaling group; its instances are registered by hand, so that all is served for now."""
    arn, name = stack.target_group("link")["TargetGroupArn"], _scaling_group(stack)["AutoScalingGroupName"]
    which = {"AutoScalingGroupName": name, "TargetGroupARNs": [arn]}
    ids = [{"Id": id} for id in stack.instance_ids()]
    scaling, elbv2 = stack.client("autoscaling"), stack.client("elbv2")
    scaling.detach_load_balancer_target_groups(**which)
    elbv2.register_targets(TargetGroupArn=arn, Targets=ids)
    try:
        yield
    finally:
        scaling.attach_load_balancer_target_groups(**which)
        elbv2.register_targets(TargetGroupArn=arn, Targets=ids)


@contextmanager
def _at_zero(stack: Stack) -> Iterator[None]:
    found, scaling = _scaling_group(stack), stack.client("autoscaling")
    name = found["AutoScalingGroupName"]
    scaling.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=0, DesiredCapacity=0)
    try:
        yield
    finally:
        sizes = {key: found[key] for key in ("MinSize", "DesiredCapacity")}
        scaling.update_auto_scaling_group(AutoScalingGroupName=name, **sizes)
        register_again(stack)


@contextmanager
def _web_acl_off(stack: Stack) -> Iterator[None]:
    waf, arn = stack.client("wafv2"), stack.load_balancer()["LoadBalancerArn"]
    acl = waf.get_web_acl_for_resource(ResourceArn=arn)["WebACL"]["ARN"]
    waf.disassociate_web_acl(ResourceArn=arn)
    try:
        yield
    finally:
        waf.associate_web_acl(WebACLArn=acl, ResourceArn=arn)


def _pool_unprotected(stack: Stack) -> AbstractContextManager[None]:
    return pool_changed(stack, DeletionProtection="INACTIVE")


@contextmanager
def _foreign_endpoint(stack: Stack) -> Iterator[None]:
    document = {**stack.document(9999), "token_endpoint": "https://link-getorcha.example.net/oauth2/token"}
    with stack.answers(9999, "/.well-known/oauth-authorization-server", body=json.dumps(document)):
        yield


@contextmanager
def _unsubscribed(stack: Stack) -> Iterator[None]:
    sns, arn = stack.client("sns"), f"arn:aws:sns:eu-central-1:{stack.account}:{stack.environment.alert_topic_name}"
    for entry in sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=entry["SubscriptionArn"])
    try:
        yield
    finally:
        sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="alerts@example.com")


@contextmanager
def _topic_deleted(stack: Stack) -> Iterator[None]:
    sns, name = stack.client("sns"), stack.environment.alert_topic_name
    arn = f"arn:aws:sns:eu-central-1:{stack.account}:{name}"
    sns.delete_topic(TopicArn=arn)
    try:
        yield
    finally:
        sns.create_topic(Name=name)
        sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="alerts@example.com")


@contextmanager
def _on_another_group(stack: Stack) -> Iterator[None]:
    suffix = stack.target_group("app")["TargetGroupArn"].rpartition(":")[2]
    balancer = stack.load_balancer()["LoadBalancerArn"].partition("loadbalancer/")[2]
    dimensions = [{"Name": "TargetGroup", "Value": suffix}, {"Name": "LoadBalancer", "Value": balancer}]
    with alarm_changed(stack, UNHEALTHY, Dimensions=dimensions):
        yield


FAULTS = [
    Fault("one of two instances is stopped", _PART, "all targets", _stopped, "is unused"),
    Fault(
        "one of two instances is not registered",
        _PART,
        "all targets",
        lambda s: _target(s, s.instance_ids()[0], instead=False),
        "is not registered",
    ),
    Fault("a foreign instance is registered", _PART, "all targets", _foreign_target, "is no instance in service"),
    Fault(
        "the health check's path was changed",
        _LATENT,
        "health check",
        lambda s: group_changed(s, "link", HealthCheckPath="/"),
        "path is /",
    ),
    Fault(
        "the health check's matcher was changed",
        _LATENT,
        "health check",
        lambda s: group_changed(s, "link", Matcher={"HttpCode": "200-499"}),
        "200-499",
    ),
    Fault("the group is detached from the scaling group", _LATENT, "attachment", _detached, "is not attached"),
    Fault("the scaling group is at 0", _OUTAGE, "Auto Scaling group", _at_zero, "desired capacity is 0"),
    Fault(
        "the TLS policy of 2016",
        _SECURITY,
        "TLS policy",
        lambda s: listener_changed(s, 443, SslPolicy="ELBSecurityPolicy-2016-08"),
        "TLSv1 and TLSv1.1",
    ),
    Fault("the web ACL was taken off", _SECURITY, "web ACL", _web_acl_off, where="staging"),
    Fault(
        "the load balancer's deletion protection is off",
        _LATENT,
        "protection",
        lambda s: attribute(s, "deletion_protection.enabled", "false"),
        where="staging",
    ),
    Fault(
        "the user pool's deletion protection is off",
        _LATENT,
        "protection",
        _pool_unprotected,
        where="staging",
        leaves_traces=True,
    ),
    Fault(
        "an OAuth endpoint is on a foreign domain", _SECURITY, "OAuth discovery", _foreign_endpoint, "foreign domain"
    ),
    Fault("an alarm was deleted", _OPERATIONS, "alarms", lambda s: alarm_deleted(s, UNHEALTHY), "there is no alarm"),
    Fault(
        "an alarm's actions are disabled",
        _OPERATIONS,
        "alarms",
        lambda s: called(
            s,
            "cloudwatch",
            lambda c: c.disable_alarm_actions(AlarmNames=[UNHEALTHY]),
            lambda c: c.enable_alarm_actions(AlarmNames=[UNHEALTHY]),
        ),
        "are disabled",
    ),
    Fault("an alarm looks at another group", _OPERATIONS, "alarms", _on_another_group, "v1-orcha-app-tg"),
    Fault("nobody is subscribed to the topic", _OPERATIONS, "alert topic", _unsubscribed, "nobody has a confirmed"),
    Fault("the topic was deleted", _OPERATIONS, "alert topic", _topic_deleted, "there is no topic"),
]
