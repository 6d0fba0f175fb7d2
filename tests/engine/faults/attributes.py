"""Changes of attributes behind Terraform's back, each undone when its context ends.

An attribute that the load balancer did not have before cannot be taken away again: its default is written, so that a
fault here may leave an attribute behind that means what it meant before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.deployed_stack import Stack

# What AWS answers for an attribute that moto does not know before it is written.
_DEFAULTS = {
    "idle_timeout.timeout_seconds": "60",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.xff_header_processing.mode": "append",
    "waf.fail_open.enabled": "false",
}


@contextmanager
def _written(read: Any, write: Any, key: str, value: str) -> Iterator[None]:
    before = {found["Key"]: found["Value"] for found in read()["Attributes"]}.get(key, _DEFAULTS.get(key, ""))
    write(Attributes=[{"Key": key, "Value": value}])
    try:
        yield
    finally:
        write(Attributes=[{"Key": key, "Value": str(before)}])


@contextmanager
def attribute(stack: Stack, key: str, value: str) -> Iterator[None]:
    """Change an attribute of the load balancer."""
    which, elbv2 = {"LoadBalancerArn": stack.load_balancer()["LoadBalancerArn"]}, stack.client("elbv2")
    with _written(
        lambda: elbv2.describe_load_balancer_attributes(**which),
        lambda **new: elbv2.modify_load_balancer_attributes(**which, **new),
        key,
        value,
    ):
        yield


@contextmanager
def group_attribute(stack: Stack, service: str, key: str, value: str) -> Iterator[None]:
    """Change an attribute of a service's target group."""
    which, elbv2 = {"TargetGroupArn": stack.target_group(service)["TargetGroupArn"]}, stack.client("elbv2")
    with _written(
        lambda: elbv2.describe_target_group_attributes(**which),
        lambda **new: elbv2.modify_target_group_attributes(**which, **new),
        key,
        value,
    ):
        yield


@contextmanager
def listener_attribute(stack: Stack, key: str, value: str) -> Iterator[None]:
    """Change an attribute of the HTTPS listener."""
    which, elbv2 = {"ListenerArn": stack.listener(443)["ListenerArn"]}, stack.client("elbv2")
    with _written(
        lambda: elbv2.describe_listener_attributes(**which),
        lambda **new: elbv2.modify_listener_attributes(**which, **new),
        key,
        value,
    ):
        yield
