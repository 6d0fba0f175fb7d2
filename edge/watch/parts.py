"""The parts of an environment, as a request meets them, and which of them each resource belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from environments.addresses import Purpose, RecordAddress

_RECORD = "aws_route53_record"


class Part(Enum):
    """A part; the order is a request's way in, then what stands around it."""

    NAMES = "names"
    CERTIFICATES = "certificates"
    FIREWALL = "firewall"
    BALANCER = "load balancer"
    SIGN_IN = "sign-in"
    ROUTING = "routing"
    TARGETS = "targets"
    INSTANCES = "instances"
    NETWORK = "network"
    ALARMS = "alarms"
    STORAGE = "keys, logs, roles"


# The first that a type begins with.
_BY_TYPE = {
    "aws_acm_": Part.CERTIFICATES,
    "aws_lb_listener_certificate": Part.CERTIFICATES,
    "aws_lb_listener_rule": Part.ROUTING,
    "aws_lb_target_group": Part.TARGETS,
    "aws_autoscaling_attachment": Part.TARGETS,
    "aws_lb": Part.BALANCER,
    "aws_wafv2_": Part.BALANCER,
    "aws_route53_": Part.NAMES,
    "aws_cognito_": Part.SIGN_IN,
    "aws_cloudwatch_metric_alarm": Part.ALARMS,
    "aws_sns_": Part.ALARMS,
    "aws_security_group": Part.FIREWALL,
    "aws_default_security_group": Part.FIREWALL,
    "aws_vpc_security_group_": Part.FIREWALL,
    "aws_autoscaling_group": Part.INSTANCES,
    "aws_launch_template": Part.INSTANCES,
    "aws_vpc": Part.NETWORK,
    "aws_subnet": Part.NETWORK,
    "aws_eip": Part.NETWORK,
    "aws_nat_gateway": Part.NETWORK,
    "aws_internet_gateway": Part.NETWORK,
    "aws_route": Part.NETWORK,
    "aws_flow_log": Part.NETWORK,
}
# What takes AWS long, and how long as a rule. Certificates: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
# Records, within 60 seconds: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
_WAITS = {
    "aws_acm_certificate_validation": "ACM issues it, usually in 1-3 minutes",
    _RECORD: "Route 53 spreads it, usually within a minute",
    "aws_route53_zone": "Route 53 spreads it, usually within a minute",
    "aws_lb": "usually 2-3 minutes",
    "aws_nat_gateway": "usually 1-2 minutes",
    "aws_autoscaling_group": "instances start and pass their health checks",
}


@dataclass(frozen=True)
class Resource:
    """A resource that is changed: its part, its account ("" where unknown), a short name, and why it may take long."""

    part: Part
    account: str
    label: str
    wait: str = ""


def resources(configuration: Mapping[str, Any]) -> dict[str, Resource]:
    """Give the resources of a synthesized configuration by their addresses."""
    return {
        f"{kind}.{name}": resource(f"{kind}.{name}", str(block.get("provider", "")).partition(".")[2])
        for kind, by_name in configuration.get("resource", {}).items()
        for name, block in by_name.items()
    }


def resource(address: str, account: str = "") -> Resource:
    """Say what an address is about."""
    kind, _, name = address.partition(".")
    return Resource(part_of(kind, name), account, _label(kind, name), _WAITS.get(kind, ""))


def part_of(kind: str, name: str) -> Part:
    """Say which part a resource belongs to; a validation record is of its certificate."""
    if kind == _RECORD and RecordAddress.parse(name).purpose is Purpose.VALIDATION:
        return Part.CERTIFICATES
    return next((part for beginning, part in _BY_TYPE.items() if kind.startswith(beginning)), Part.STORAGE)


def _label(kind: str, name: str) -> str:
    if kind == _RECORD:
        record = RecordAddress.parse(name)
        return f"{'validation record of' if record.purpose is Purpose.VALIDATION else 'record'} {record.name}"
    return f"{kind.removeprefix('aws_').replace('_', ' ')} {name}"
