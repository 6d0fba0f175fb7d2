"""A stored plan of AWS provider 5.100 in the shape in which provider 6 gives the same plan.

Only provider 5.100 can be run where the plans are made, so this follows what is published:
- the attributes that come and go, from the bindings of both providers (tests/engines/attributes.json);
- `region` of every regional type is optional and computed, and planned as the provider's own where it is not set, in
  a data source as in a resource:
  https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/internal/provider/sdkv2/region.go (defaultRegion),
  https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support;
- what is new beside it is null where it is optional, and unknown until it is made where the provider alone sets it.
"""

import copy
from collections.abc import Iterator
from typing import Any

from tests.engines import attributes

Plan = dict[str, Any]
REGION = "region"
# What is new inside blocks, by the way to it; empty, as the configuration sets none of it.
_INSIDE: dict[str, dict[tuple[str, ...], Any]] = {
    "aws_lb_listener": {("default_action", "jwt_validation"): []},
    "aws_lb_listener_rule": {
        ("action", "jwt_validation"): [],
        ("condition", "host_header", "regex_values"): [],
        ("condition", "http_header", "regex_values"): [],
        ("condition", "path_pattern", "regex_values"): [],
    },
    "aws_s3_bucket_server_side_encryption_configuration": {("rule", "blocked_encryption_types"): None},
}


class Shape:
    """The shape of an engine's provider: what is new in each type, and what is gone."""

    def __init__(self, name: str) -> None:
        self._changes = attributes.stored()[name]

    def of(self, kind: str, *, is_data: bool) -> tuple[set[str], set[str]]:
        found = self._changes.get(f"data.{kind}" if is_data else kind, {})
        new, gone = set(found.get("new", [])), set(found.get("gone", []))
        return (new | {REGION} if kind == "aws_s3_bucket" else new), gone  # it had an attribute of that name before


def rewritten(plan: Plan, name: str, *, is_first: bool = False) -> Plan:
    """Give a plan as the provider of an engine would.

    The `first` plan after provider 5 finds no region in the state, and fills it in while it refreshes: Terraform
    reports that as drift.
    """
    shape, result = Shape(name), copy.deepcopy(plan)
    region = _region(plan)
    for change in result["resource_changes"]:
        _change(change, shape, region)
    for drift in result.get("resource_drift", []):
        _change(drift, shape, region)
    for part in ("prior_state", "planned_values"):
        values = result.get(part, {}).get("values", {}) if part == "prior_state" else result.get(part, {})
        for resource in values.get("root_module", {}).get("resources", []):
            _values(resource.get("values", {}), resource["type"], shape, region, is_data=resource.get("mode") == "data")
    if is_first:
        _forget(result, shape)
    return result


def _region(plan: Plan) -> str:
    providers = plan["configuration"]["provider_config"].values()
    return next(str(found["expressions"]["region"]["constant_value"]) for found in providers if "expressions" in found)


def _change(change: Plan, shape: Shape, region: str) -> None:
    body, is_data = change["change"], change["mode"] == "data"
    for side in ("before", "after"):
        if body.get(side):
            _values(body[side], change["type"], shape, region, is_data=is_data)
    unknown = body.get("after_unknown")
    if isinstance(unknown, dict):
        new, gone = shape.of(change["type"], is_data=is_data)
        for name in gone | ({REGION} & new):
            unknown.pop(name, None)
        if not body.get("before"):
            unknown |= dict.fromkeys((name for name in new if name in _set_by_the_provider()), True)


def _values(values: dict[str, Any], kind: str, shape: Shape, region: str, *, is_data: bool) -> None:
    new, gone = shape.of(kind, is_data=is_data)
    for name in gone:
        values.pop(name, None)
    for name in new:
        values.setdefault(name, region if name == REGION else None)
    if not is_data:
        for way, value in _INSIDE.get(kind, {}).items():
            _inside(values, way, value)


def _inside(block: dict[str, Any], way: tuple[str, ...], value: Any) -> None:
    if len(way) == 1:
        block[way[0]] = copy.copy(value)
        return
    for member in block.get(way[0]) or []:
        _inside(member, way[1:], value)


def _set_by_the_provider() -> frozenset[str]:
    """Name what is new and has no argument, or one that AWS answers where it is not set."""
    return frozenset(
        {
            "auto_provision_zones",
            "auto_scaling_ips",
            "availability_mode",
            "availability_zone_address",
            "bucket_region",
            "deletion_protection_enabled",
            "enable_prefix_for_ipv6_source_nat",
            "regional_nat_gateway_address",
            "regional_nat_gateway_auto_mode",
            "route_table_id",
            "secondary_ips_auto_assigned_per_subnet",
        }
    )


def _forget(plan: Plan, shape: Shape) -> None:
    """Let the state be one that provider 5 wrote: the region comes to it while the plan refreshes."""
    stood = [
        change for change in plan["resource_changes"] if change["mode"] == "managed" and change["change"]["before"]
    ]
    drifted = {drift["address"] for drift in plan.get("resource_drift", [])}
    plan.setdefault("resource_drift", []).extend(_came(change) for change in stood if change["address"] not in drifted)
    for drift in plan["resource_drift"]:
        if REGION in shape.of(drift["type"], is_data=False)[0] and drift["change"]["before"]:
            drift["change"]["before"][REGION] = None


def _came(change: Plan) -> Plan:
    before = change["change"]["before"]
    body = {"actions": ["update"], "before": copy.deepcopy(before), "after": copy.deepcopy(before)}
    masks = dict.fromkeys(("before_sensitive", "after_sensitive"), change["change"].get("before_sensitive", {}))
    return {**change, "change": {**body, "after_unknown": {}, **masks}}


def regional(plan: Plan) -> Iterator[Plan]:
    """Go over the planned resources that have a region."""
    yield from (change for change in plan["resource_changes"] if REGION in (change["change"].get("after") or {}))
