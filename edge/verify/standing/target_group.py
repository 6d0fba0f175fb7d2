"""A service's target group beside the file: how the load balancer asks its targets, and how it hands requests out.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, Fault, expect_none
from edge.verify.severity import Severity
from environments.schema import Service

_DEPLOY = "deploy again"
_ON, _OFF = "true", "false"


def health_check(group_arn: str, *, service: Service, aws: AwsClient) -> Answered[None]:
    """See that the target group asks its targets as the file says; another path passes what does not serve."""
    found = aws.target_group(group_arn)
    expect_none("health check", list(health_check_faults(found, service)))
    return Answered(f"{found['TargetGroupName']} asks {found['HealthCheckPath']} as the file says", None)


def health_check_faults(found: Mapping[str, Any], service: Service) -> Iterator[Fault]:
    """Give a fault for each setting that is another one."""
    wanted = service.health_check
    for what, actual, expected in (
        ("path", found.get("HealthCheckPath"), wanted.path),
        ("matcher", found.get("Matcher", {}).get("HttpCode"), wanted.matcher),
        ("port", found.get("HealthCheckPort"), "traffic-port"),
        ("protocol", found.get("HealthCheckProtocol", "HTTP"), "HTTP"),
        ("interval in seconds", found.get("HealthCheckIntervalSeconds"), wanted.interval_seconds),
        ("timeout in seconds", found.get("HealthCheckTimeoutSeconds"), wanted.timeout_seconds),
        ("healthy threshold", found.get("HealthyThresholdCount"), wanted.healthy_threshold),
        ("unhealthy threshold", found.get("UnhealthyThresholdCount"), wanted.unhealthy_threshold),
    ):
        if actual != expected:
            yield Fault(f"the health check's {what} is {actual}, and the file has {expected}", _DEPLOY)


def target_group(group_arn: str, *, service: Service, aws: AwsClient) -> Answered[None]:
    """See that requests are handed out as the file says, and that a target may finish those that it has."""
    found = aws.target_group(group_arn)
    answer = aws.client("elbv2").describe_target_group_attributes(TargetGroupArn=group_arn)
    attributes = {attribute["Key"]: str(attribute["Value"]) for attribute in answer["Attributes"]}
    expect_none("target group", list(target_group_faults(found, attributes, service)))
    delay = f"{service.deregistration_delay_seconds} s to finish requests"
    return Answered(f"{found['TargetGroupName']} hands requests out as the file says, with {delay}", None)


def target_group_faults(found: Mapping[str, Any], attributes: Mapping[str, str], service: Service) -> Iterator[Fault]:
    """Give a fault for each setting that is another one; what AWS does not answer stands at its default."""
    for what, actual, expected, severity in (
        ("protocol", found.get("Protocol", "HTTP"), "HTTP", Severity.OUTAGE),
        ("protocol version", found.get("ProtocolVersion") or "HTTP1", "HTTP1", Severity.OUTAGE),
        *_handing_out(attributes, service),
    ):
        if actual != expected:
            remedy = f"set it to {expected}; deploy again" if severity is Severity.OUTAGE else _DEPLOY
            yield Fault(f"the {what} is {actual}, and is to be {expected}", remedy, severity)
    if attributes.get("load_balancing.cross_zone.enabled") == _OFF:
        sentence = "each zone's share of the requests goes to that zone's targets alone, and fails where it has none"
        yield Fault(sentence, "turn cross-zone load balancing on")


def _handing_out(attributes: Mapping[str, str], service: Service) -> Iterator[tuple[str, str, str, Severity | None]]:
    sticky = service.stickiness_seconds
    yield "stickiness", attributes.get("stickiness.enabled", _OFF), _ON if sticky else _OFF, None
    if sticky:
        key = "stickiness.lb_cookie.duration_seconds"
        yield "stickiness in seconds", attributes.get(key, "86400"), str(sticky), None
        yield "kind of stickiness", attributes.get("stickiness.type", "lb_cookie"), "lb_cookie", None
    delay, wanted = (
        int(attributes.get("deregistration_delay.timeout_seconds", "300")),
        service.deregistration_delay_seconds,
    )
    if delay < wanted:  # longer costs a deploy some time, and no request
        yield "deregistration delay in seconds", str(delay), str(wanted), None
    slow = attributes.get("slow_start.duration_seconds", "0")
    yield "slow start in seconds", slow, str(service.slow_start_seconds or 0), None
    for kind in ("unhealthy_state_routing", "dns_failover"):
        for unit, default in (("count", "1"), ("percentage", "off")):
            key = f"target_group_health.{kind}.minimum_healthy_targets.{unit}"
            yield key, attributes.get(key, default), default, None
