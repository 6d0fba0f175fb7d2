"""A synthesized configuration as its skeleton: the same resources and dependencies, and nothing to make.

Each resource becomes a `terraform_data` with the same dependencies, lifecycle and account. What the provider changes in
place is its `input`, what it replaces a resource for is its `triggers_replace`
(https://developer.hashicorp.com/terraform/language/resources/terraform-data). So Terraform plans the same actions and
draws the same graph, without a provider, an account or a wait.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# What the provider replaces a resource for, of what a change of hosts touches: "Forces new resource" in
# https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs, and what the schemas mark as ForceNew.
FORCES_NEW: Mapping[str, frozenset[str]] = {
    "aws_acm_certificate": frozenset({"domain_name", "subject_alternative_names", "validation_method"}),
    "aws_acm_certificate_validation": frozenset({"certificate_arn", "validation_record_fqdns"}),
    "aws_autoscaling_attachment": frozenset({"autoscaling_group_name", "lb_target_group_arn"}),
    "aws_lb_listener_certificate": frozenset({"listener_arn", "certificate_arn"}),
    "aws_lb_listener_rule": frozenset({"listener_arn"}),
    "aws_lb_target_group": frozenset({"name", "port", "protocol", "vpc_id"}),
    "aws_route53_record": frozenset({"zone_id", "name"}),
}
# A set to the provider: another order is no change.
_SETS = frozenset({"subject_alternative_names", "validation_record_fqdns", "values"})
_OWN = frozenset({"depends_on", "lifecycle", "provider"})
_REFERENCE = re.compile(r"\b(aws_\w+)\.(\w+)")
_WHOLE = re.compile(r"\$\{(aws_\w+)\.(\w+)(?:\.\w+|\[\d+\])*\}")

Blocks = Mapping[str, Mapping[str, Mapping[str, Any]]]


def skeleton(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Give the skeleton of a stack's Terraform JSON, as Terraform JSON."""
    blocks: Blocks = configuration["resource"]
    made = {
        _address(kind, name): _data(kind, body, blocks)
        for kind, named in blocks.items()
        for name, body in named.items()
    }
    accounts = sorted({str(body["provider"]).partition(".")[2] for body in made.values()})
    return {
        "terraform": {"required_providers": {"terraform": {"source": "terraform.io/builtin/terraform"}}},
        "provider": {"terraform": [{"alias": account} for account in accounts]},
        "resource": {"terraform_data": made},
    }


def resource_of(address: str) -> tuple[str, str]:
    """Give the type and name of the resource that an address of a skeleton stands for."""
    kind, _, name = address.removeprefix("terraform_data.").partition("--")
    return kind, name


def _address(kind: str, name: str) -> str:
    return f"{kind}--{name}"


def _data(kind: str, body: Mapping[str, Any], blocks: Blocks) -> dict[str, Any]:
    lifecycle = body.get("lifecycle", {})
    ignored = {*_OWN, *lifecycle.get("ignore_changes", ())}
    forced = FORCES_NEW.get(kind, frozenset())
    kept = {key: _value(key, value) for key, value in sorted(body.items()) if key not in ignored}
    waited_for = [f"terraform_data.{_address(*found)}" for found in sorted(set(_references(body, blocks)))]
    made: dict[str, Any] = {
        "provider": "terraform." + str(body["provider"]).partition(".")[2],
        "input": {key: value for key, value in kept.items() if key not in forced},
        "triggers_replace": {key: value for key, value in kept.items() if key in forced},
        "depends_on": waited_for,
    }
    if lifecycle.get("create_before_destroy"):
        made["lifecycle"] = {"create_before_destroy": True}
    return made


def _references(value: Any, blocks: Blocks) -> Iterator[tuple[str, str]]:
    """Find the resources that a body refers to, in whatever way."""
    for kind, name in _REFERENCE.findall(json.dumps(value)):
        if name in blocks.get(kind, ()):
            yield kind, name


def _value(key: str, value: Any) -> Any:
    """Write a value for a skeleton: a reference as one to the other's id, which a replacement changes."""
    if isinstance(value, str):
        found = _WHOLE.fullmatch(value)
        if found:
            return "${terraform_data." + _address(found[1], found[2]) + ".id}"
        return value.replace("${", "$${")
    if isinstance(value, list):
        written = [_value("", item) for item in value]
        return sorted(written, key=json.dumps) if key in _SETS else written
    if isinstance(value, dict):
        return {inner: _value(inner, item) for inner, item in value.items()}
    return value
