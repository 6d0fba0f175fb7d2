"""What others added where the configuration says nothing, so that Terraform leaves it: ways into a group, and rights.

Terraform reads it, and lists it as drift, among much that is its own: a security group has the rules that stand as
resources of their own, and a role has its policies a second time. What is left without those is somebody's deed.
https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group (the notes on its rules)
"""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.review.differences import HIDDEN, differences
from edge.tfplan.model import Change, Plan, hides, part

# What the product leaves unset, a provider then takes as it is, and nothing but somebody's hand changes.
_NEVER_BY_ITSELF: Mapping[str, tuple[str, ...]] = {
    "aws_iam_role": ("managed_policy_arns",),
    "aws_cognito_user_pool": ("lambda_config",),
    "aws_sns_topic": ("policy",),
}
_GROUPS = ("aws_security_group", "aws_default_security_group")
_SIDES = {"ingress": "aws_vpc_security_group_ingress_rule", "egress": "aws_vpc_security_group_egress_rule"}
_SOURCES = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
_SOURCE = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
_ROLE, _POLICY, _INLINE = "aws_iam_role", "aws_iam_role_policy", "inline_policy"
Way = tuple[str, str, str]


def additions(drifted: Change, plan: Plan) -> list[str]:
    """Say what others added to one thing, of which a plan knows the resources that belong to it."""
    watched = {*_NEVER_BY_ITSELF.get(drifted.type, ())} - drifted.settings.keys()
    found = [str(difference) for difference in differences(drifted) if difference.attribute in watched]
    if plan.gaps:  # it does not name what belongs to it
        return found
    return [*found, *_rules(drifted, plan), *_policies(drifted, plan)]


def _rules(drifted: Change, plan: Plan) -> Iterator[str]:
    """Name the ways in and out of a group that are in none of the plan's rules."""
    for side, type in _SIDES.items() if drifted.type in _GROUPS else ():
        if side in drifted.settings:
            continue
        if _is_secret(drifted, side):
            yield f"{side} {HIDDEN}"
            continue
        group = drifted.before.get("id")
        rules = [change.before for change in plan.changes if change.type == type and change.before]
        known = {way for rule in rules if rule.get("security_group_id") == group for way in _ways([_as_inline(rule)])}
        known |= set(_ways(drifted.before.get(side)))
        for direction, ports, other in _ways(drifted.after.get(side)):
            if (direction, ports, other) not in known:
                yield f"new {side} {'from' if side == 'ingress' else 'to'} {other} on {ports}"


def _as_inline(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write a rule of its own as a group has it."""
    sources = {many: [rule[one]] for many, one in zip(_SOURCES, _SOURCE, strict=True) if rule.get(one)}
    return {"protocol": rule.get("ip_protocol"), **{key: rule.get(key) for key in ("from_port", "to_port")}, **sources}


def _ways(rules: Any) -> Iterator[Way]:
    """Take a group's rules apart: one way for each source."""
    for rule in rules if isinstance(rules, list) else ():
        first, last = rule.get("from_port") or 0, rule.get("to_port") or 0
        ports = f"{first}" if first == last else f"{first}-{last}"
        on = "every port" if rule.get("protocol") == "-1" else f"{rule.get('protocol')} {ports}"
        for source in _SOURCES:
            yield from ((source, on, _other(source, other)) for other in rule.get(source) or ())
        if rule.get("self"):
            yield "self", on, "the group itself"


def _other(source: str, other: Any) -> str:
    """Write a source; a group of another account is written behind that."""
    return str(other).rpartition("/")[2] if source == "security_groups" else str(other)


def _policies(drifted: Change, plan: Plan) -> Iterator[str]:
    """Name the policies in a role that are none of the plan's resources."""
    if drifted.type != _ROLE or _INLINE in drifted.settings:
        return
    if _is_secret(drifted, _INLINE):
        yield f"{_INLINE} {HIDDEN}"
        return
    known = {change.before.get("name") for change in plan.changes if change.type == _POLICY}
    known |= {policy.get("name") for policy in drifted.before.get(_INLINE) or ()}
    names = [policy.get("name") for policy in drifted.after.get(_INLINE) or ()]
    yield from (f"new {_INLINE} {name}" for name in names if name not in known)


def _is_secret(drifted: Change, attribute: str) -> bool:
    return any(hides(part(mask, attribute)) for mask in (drifted.before_sensitive, drifted.after_sensitive))
