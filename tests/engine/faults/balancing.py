"""Faults of the load balancer's and the target groups' settings, and of what runs behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from edge.verify.severity import Severity
from tests.engine.faults.attributes import attribute, group_attribute, listener_attribute
from tests.engine.faults.changes import called, group_changed, listener_changed
from tests.engine.faults.fault import Fault
from tests.support.deployed_stack import Stack

_OUTAGE, _PART, _LATENT = Severity.OUTAGE, Severity.PART, Severity.LATENT
_SECURITY, _OPERATIONS = Severity.SECURITY, Severity.OPERATIONS
_HEADER = "routing.http.response.{}.header_value"


def _asg(stack: Stack) -> dict[str, Any]:
    return {"AutoScalingGroupName": stack.environment.autoscaling_group_name}


def _suspended(process: str) -> Any:
    def change(stack: Stack) -> Any:
        which = {**_asg(stack), "ScalingProcesses": [process]}
        return called(
            stack, "autoscaling", lambda c: c.suspend_processes(**which), lambda c: c.resume_processes(**which)
        )

    return change


def _marked(stack: Stack) -> Any:
    id = stack.instance_ids()[0]

    def mark(health: str) -> Any:
        return lambda c: c.set_instance_health(InstanceId=id, HealthStatus=health)

    return called(stack, "autoscaling", mark("Unhealthy"), mark("Healthy"))


def _sized(before: int, now: int, key: str = "MinSize") -> Any:
    def change(stack: Stack) -> Any:
        def write(value: int) -> Any:
            return lambda c: c.update_auto_scaling_group(**_asg(stack), **{key: value})

        return called(stack, "autoscaling", write(now), write(before))

    return change


def _asks_ec2(stack: Stack) -> Any:
    def write(kind: str) -> Any:
        return lambda c: c.update_auto_scaling_group(**_asg(stack), HealthCheckType=kind)

    return called(stack, "autoscaling", write("EC2"), write("ELB"))


@contextmanager
def _without_groups(stack: Stack) -> Iterator[None]:
    """Give the load balancer a security group that lets nothing through instead of its own."""
    elbv2, ec2, balancer = stack.client("elbv2"), stack.client("ec2"), stack.load_balancer()
    arn, own = balancer["LoadBalancerArn"], balancer["SecurityGroups"]
    other = ec2.create_security_group(GroupName="closed", Description="closed", VpcId=balancer["VpcId"])["GroupId"]
    elbv2.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[other])
    try:
        yield
    finally:
        elbv2.set_security_groups(LoadBalancerArn=arn, SecurityGroups=own)
        ec2.delete_security_group(GroupId=other)


FAULTS = [
    Fault(
        "requests are cut off when a target leaves",
        _LATENT,
        "target group",
        lambda s: group_attribute(s, "link", "deregistration_delay.timeout_seconds", "0"),
        "deregistration delay in seconds is 0",
    ),
    Fault(
        "clients stay with one target",
        _LATENT,
        "target group",
        lambda s: group_attribute(s, "link", "stickiness.enabled", "true"),
        "stickiness",
    ),
    Fault(
        "a new target gets its share after a quarter of an hour",
        _LATENT,
        "target group",
        lambda s: group_attribute(s, "app", "slow_start.duration_seconds", "900"),
        "slow start",
    ),
    Fault(
        "no zone helps another",
        _LATENT,
        "target group",
        lambda s: group_attribute(s, "link", "load_balancing.cross_zone.enabled", "false"),
        "each zone's share",
    ),
    Fault(
        "a target that fails is seen after 50 minutes",
        _LATENT,
        "health check",
        lambda s: group_changed(s, "link", HealthCheckIntervalSeconds=300, UnhealthyThresholdCount=10),
        "interval in seconds is 300",
    ),
    Fault(
        "a target is asked on another port",
        _LATENT,
        "health check",
        lambda s: group_changed(s, "app", HealthCheckPort="8081"),
        "port is 8081",
    ),
    Fault(
        "connections end after a second",
        _PART,
        "settings",
        lambda s: attribute(s, "idle_timeout.timeout_seconds", "1"),
        "no byte for 1 s",
    ),
    Fault(
        "connections of our own load balancer end after 15 s",
        _PART,
        "settings",
        lambda s: attribute(s, "idle_timeout.timeout_seconds", "15"),
        "no byte for 15 s",
        where="staging",
    ),
    Fault(
        "smuggled requests are only counted",
        _SECURITY,
        "settings",
        lambda s: attribute(s, "routing.http.desync_mitigation_mode", "monitor"),
        "smuggled",
    ),
    Fault(
        "clients write X-Forwarded-For",
        _SECURITY,
        "settings",
        lambda s: attribute(s, "routing.http.xff_header_processing.mode", "preserve"),
        "forged addresses",
    ),
    Fault(
        "requests pass where AWS WAF is silent",
        _SECURITY,
        "settings",
        lambda s: attribute(s, "waf.fail_open.enabled", "true"),
        "fail open",
        where="staging",
    ),
    Fault(
        "every site may read answers",
        _SECURITY,
        "settings",
        lambda s: listener_attribute(s, _HEADER.format("access_control_allow_origin"), "*"),
        "Access-Control-Allow-Origin",
    ),
    Fault(
        "browsers forget HTTPS",
        _SECURITY,
        "settings",
        lambda s: listener_attribute(s, _HEADER.format("strict_transport_security"), "max-age=0"),
        "max-age=0",
    ),
    Fault(
        "a TLS policy of 2021 with TLS 1.0",
        _SECURITY,
        "TLS policy",
        lambda s: listener_changed(s, 443, SslPolicy="ELBSecurityPolicy-TLS13-1-0-2021-06"),
        "TLSv1 and TLSv1.1",
    ),
    Fault(
        "a TLS policy without TLS 1.2",
        _PART,
        "TLS policy",
        lambda s: listener_changed(s, 443, SslPolicy="ELBSecurityPolicy-TLS13-1-3-2021-06"),
        "many clients know no more",
    ),
    Fault(
        "a TLS policy with TLS 1.1",
        _SECURITY,
        "TLS policy",
        lambda s: listener_changed(s, 443, SslPolicy="ELBSecurityPolicy-TLS-1-1-2017-01"),
        "TLSv1.1",
    ),
    Fault("ill instances are not replaced", _LATENT, "attachment", _suspended("ReplaceUnhealthy"), "ReplaceUnhealthy"),
    Fault("new instances are not registered", _LATENT, "attachment", _suspended("AddToLoadBalancer"), "AddToLoad"),
    Fault("an instance is marked unhealthy", _PART, "instances", _marked, "is marked Unhealthy"),
    Fault("the group may end its last instance", _LATENT, "instances", _sized(2, 0), "may end its last instance"),
    Fault(
        "the group is smaller than the file says",
        _LATENT,
        "instances",
        _sized(2, 1),
        "smallest size",
        where="staging",
    ),
    Fault(
        "the group cannot grow",
        _LATENT,
        "instances",
        _sized(4, 2, "MaxSize"),
        "largest size",
        where="staging",
    ),
    Fault(
        "an instance whose service fails is kept",
        _LATENT,
        "instances",
        _asks_ec2,
        "health check",
        where="staging",
    ),
    Fault("the load balancer has another security group", _OUTAGE, "TLS", _without_groups, "no TLS connection"),
]
