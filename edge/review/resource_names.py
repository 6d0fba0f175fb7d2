"""The user's words for resources: `certificate of link`, `record link.getorcha.com (CNAME)`."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from edge.review.expected import RECORD, names_on
from edge.tfplan.model import Change
from environments.addresses import Purpose, RecordAddress
from environments.dns_names import canonical, parent
from environments.text import around_the_difference, printable, shortened

_MAX_NAME_CHARACTERS = 120
_MAX_VALUE_CHARACTERS = 80
_COLONS_OF_AN_ARN = 5
_BASE64_MIN_CHARACTERS = 200

# Where the type's own words, `aws_lb_target_group` -> "lb target group", are not what people say.
_NOUNS = {
    "aws_acm_certificate": "certificate",
    "aws_acm_certificate_validation": "certificate validation",
    "aws_autoscaling_attachment": "Auto Scaling attachment",
    "aws_autoscaling_group": "Auto Scaling group",
    "aws_cloudwatch_log_group": "log group",
    "aws_cloudwatch_metric_alarm": "alarm",
    "aws_cognito_user_pool": "user pool",
    "aws_cognito_user_pool_client": "sign-in client",
    "aws_cognito_user_pool_domain": "sign-in domain",
    "aws_eip": "Elastic IP address",
    "aws_flow_log": "flow log",
    "aws_iam_role": "role",
    "aws_iam_role_policy": "policy of the role",
    "aws_kms_alias": "alias of the key",
    "aws_kms_key": "key",
    "aws_lb": "load balancer",
    "aws_lb_listener": "listener",
    "aws_lb_listener_certificate": "listener certificate",
    "aws_lb_listener_rule": "listener rule",
    "aws_lb_target_group": "target group",
    "aws_nat_gateway": "NAT gateway",
    "aws_route53_record": "record",
    "aws_route53_zone": "hosted zone",
    "aws_s3_bucket": "bucket",
    "aws_s3_bucket_lifecycle_configuration": "lifecycle of the bucket",
    "aws_s3_bucket_ownership_controls": "ownership of objects in the bucket",
    "aws_s3_bucket_policy": "policy of the bucket",
    "aws_s3_bucket_public_access_block": "block of public access to the bucket",
    "aws_s3_bucket_server_side_encryption_configuration": "encryption of the bucket",
    "aws_s3_bucket_versioning": "versions of the bucket",
    "aws_sns_topic": "alert topic",
    "aws_sns_topic_subscription": "subscription to alerts",
    "aws_vpc": "network",
    "aws_vpc_security_group_egress_rule": "outbound security-group rule",
    "aws_vpc_security_group_ingress_rule": "inbound security-group rule",
    "aws_wafv2_web_acl": "web ACL",
}


# Of the other types' words, those that are no words.
_SHORT = {"iam": "IAM", "kms": "KMS", "s3": "S3", "sns": "SNS", "vpc": "VPC", "wafv2": "WAF", "acl": "ACL"}


def noun(type: str) -> str:
    """Say what a resource type is: `aws_lb_target_group` -> `target group`, `aws_route_table` -> `route table`."""
    return _NOUNS.get(type) or " ".join(_SHORT.get(word, word) for word in type.removeprefix("aws_").split("_"))


def plural(word: str) -> str:
    """Write a resource type's word for several: `target groups`, `Elastic IP addresses`, `policies of the role`."""
    head, of, rest = word.partition(" of ")
    ends_so = head.endswith("y") and head[-2:-1] not in "aeiou"
    return f"{head[:-1]}ies{of}{rest}" if ends_so else f"{head}{'es' if head.endswith('s') else 's'}{of}{rest}"


def subject(change: Change, service: str | None) -> str:
    """Name one resource as its owner would: by what it is, whose it is, and what it is called."""
    of = f" of {shortened(service, _MAX_NAME_CHARACTERS)}" if service else ""
    if change.type == RECORD:
        return _record(change)
    detail = _DETAILS.get(change.type, _name)(change.shown)
    called = f" ({shortened(printable(detail), _MAX_NAME_CHARACTERS)})" if detail and detail != service else ""
    if not service and not called:
        called = f" ({change.name})"
    old = "what is left of an earlier " if change.deposed else ""
    return f"{old}{noun(change.type)}{of}{called}"


def _record(change: Change) -> str:
    address = RecordAddress.parse(change.name)
    host = _host(address, canonical(str(change.shown.get("name") or "")))
    type = printable(str(change.shown.get("type") or ""))
    if address.purpose is Purpose.VALIDATION:
        return f"validation record of {host}"
    if address.purpose is Purpose.DELEGATION:
        return f"delegation of {host} ({type})"
    return f"record {host} ({type})" if type else f"record {host}"


def _host(address: RecordAddress, name: str) -> str:
    """Write the host by the record's own name, which begins with a label of ACM's where it proves one."""
    if address.purpose is Purpose.VALIDATION:
        name = parent(name) if name.startswith("_") else ""
    return shortened(printable(name), _MAX_NAME_CHARACTERS) or address.name


def _name(attributes: Mapping[str, Any]) -> str:
    for key in ("name", "bucket", "alarm_name", "domain_name", "domain", "cidr_block", "endpoint"):
        if isinstance(attributes.get(key), str) and attributes[key]:
            return str(attributes[key])
    return ""


def _priority(attributes: Mapping[str, Any]) -> str:
    return f"priority {attributes['priority']}" if attributes.get("priority") is not None else ""


def _port(attributes: Mapping[str, Any]) -> str:
    first, last = attributes.get("from_port"), attributes.get("to_port")
    ports = "all ports" if first is None or first == -1 else f"{first}" if first == last else f"{first}-{last}"
    protocol = str(attributes.get("ip_protocol") or attributes.get("protocol") or "")
    where = attributes.get("cidr_ipv4") or attributes.get("cidr_ipv6")
    return f"{'' if protocol == '-1' else protocol + ' '}{ports}" + (f", {where}" if where else "")


def _listener(attributes: Mapping[str, Any]) -> str:
    return f"{attributes.get('protocol')} {attributes.get('port')}" if attributes.get("port") else ""


def _certificate(attributes: Mapping[str, Any]) -> str:
    return ", ".join(names_on(attributes))


def _nothing(_: Mapping[str, Any]) -> str:
    return ""


_DETAILS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "aws_acm_certificate": _certificate,
    "aws_acm_certificate_validation": _nothing,
    "aws_autoscaling_attachment": _nothing,
    "aws_lb_listener": _listener,
    "aws_lb_listener_certificate": _nothing,
    "aws_lb_listener_rule": _priority,
    "aws_vpc_security_group_egress_rule": _port,
    "aws_vpc_security_group_ingress_rule": _port,
}


def value(raw: Any) -> str:
    """Write a value on one line, as JSON, shortened where it is long."""
    return shortened(printable(json.dumps(raw, ensure_ascii=False, default=str)), _MAX_VALUE_CHARACTERS)


def values(before: Any, after: Any) -> tuple[str, str]:
    """Write two values that differ so that they look different: of two ARNs only what follows the region."""
    if _is_arn(before) and _is_arn(after):
        old, new = (":".join(["…", *arn.split(":", 4)[4:]]) for arn in (before, after))
        if old != new:
            return value(old), value(new)
    before, after = _readable(before), _readable(after)
    old, new = value(before), value(after)
    return (old, new) if old != new else around_the_difference(_whole(before), _whole(after), _MAX_VALUE_CHARACTERS)


def _readable(raw: Any) -> Any:
    """Decode a long text in Base64, such as the script that starts an instance; give anything else as it is."""
    if not isinstance(raw, str) or len(raw) < _BASE64_MIN_CHARACTERS:
        return raw
    try:
        return base64.b64decode(raw, validate=True).decode("utf-8")
    except ValueError:
        return raw


def _is_arn(raw: Any) -> bool:
    return isinstance(raw, str) and raw.startswith("arn:") and raw.count(":") >= _COLONS_OF_AN_ARN


def _whole(raw: Any) -> str:
    return printable(json.dumps(raw, ensure_ascii=False, default=str))
