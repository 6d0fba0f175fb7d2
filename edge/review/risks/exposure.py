"""What a plan opens to the world, and whom it no longer notifies."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from edge.review.findings import Risk
from edge.review.risks.removal import ALARM
from edge.review.risks.scene import Scene, is_set, is_unknown
from edge.tfplan.model import Action, Change

INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
_ONE_RULE = (INGRESS, EGRESS, "aws_security_group_rule")
_GROUPS = ("aws_security_group", "aws_default_security_group")
_NETWORKS = ("cidr_ipv4", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks")
_WEB_PORTS = {80, 443}
_HTTPS = 443
_BALANCERS_GROUP = "aws_security_group.load_balancer"
_OPENING = (
    "security_group_id",
    "protocol",
    "ip_protocol",
    "from_port",
    "to_port",
    *_NETWORKS,
)
# A network that holds a quarter of all addresses or more is the world with a hole.
_WORLD_PREFIX_LENGTH = 2


def _world(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        before = [_opening(*opened) for opened in _rules(change, change.before)]
        for direction, rule in _rules(change, change.after):
            if (
                _opening(direction, rule) not in before
                and _is_of_the_world(rule)
                and not _is_expected(scene, change, direction, rule)
            ):
                where = "lets the whole world in" if direction == "in" else "lets anything out to the whole world"
                yield scene.risk("WORLD", change, f"{where} on {_ports(rule)}")
        if change.type in _ONE_RULE and any(is_unknown(change, key) for key in _NETWORKS):
            yield scene.risk("WORLD", change, "is opened to networks that are known only after the deploy")


def _rules(change: Change, attributes: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """List the rules that a resource holds, whichever of AWS's three ways it is written in, with their direction."""
    if not attributes:
        return
    if change.type in (INGRESS, EGRESS):
        yield "in" if change.type == INGRESS else "out", attributes
    elif change.type == "aws_security_group_rule":
        yield "in" if attributes.get("type") == "ingress" else "out", attributes
    elif change.type in _GROUPS:
        for key, direction in (("ingress", "in"), ("egress", "out")):
            yield from ((direction, rule) for rule in attributes.get(key) or ())


def _opening(direction: str, rule: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what of a rule says whom it lets where, without its tags and ids."""
    return (direction, *(rule.get(key) for key in _OPENING))


def _is_of_the_world(rule: Mapping[str, Any]) -> bool:
    blocks = [rule.get("cidr_ipv4"), rule.get("cidr_ipv6")]
    blocks += [*(rule.get("cidr_blocks") or ()), *(rule.get("ipv6_cidr_blocks") or ())]
    return any(_is_wide(str(block)) for block in blocks if block)


def _is_wide(block: str) -> bool:
    try:
        return ipaddress.ip_network(block, strict=False).prefixlen <= _WORLD_PREFIX_LENGTH
    except ValueError:
        return True  # nothing that can be shown to be narrow


def _is_expected(scene: Scene, change: Change, direction: str, rule: Mapping[str, Any]) -> bool:
    """Say whether it is what every edge needs: HTTPS out, and the web's two ports into a load balancer made here."""
    first, last = rule.get("from_port"), rule.get("to_port")
    if first != last or (rule.get("ip_protocol") or rule.get("protocol")) != "tcp":
        return False
    if direction == "out":
        return first == _HTTPS
    group = change.settings.get("security_group_id", ())
    return scene.declared.is_managed and first in _WEB_PORTS and _BALANCERS_GROUP in group


def _ports(rule: Mapping[str, Any]) -> str:
    first, last = rule.get("from_port"), rule.get("to_port")
    if (rule.get("ip_protocol") or rule.get("protocol")) == "-1" or first is None:
        return "every port"
    return f"port {first}" if first == last else f"ports {first} to {last}"


def _silenced(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        if change.type != ALARM or change.action is not Action.UPDATE:
            continue
        notified, notifies = _notifies(change.before), _notifies(change.after) or _actions_are_unknown(change)
        if notified and not notifies:
            yield scene.risk("SILENCED", change, "no longer notifies anybody when what it watches fails")


def _notifies(attributes: Mapping[str, Any]) -> bool:
    return attributes.get("actions_enabled") is not False and is_set(attributes.get("alarm_actions"))


def _actions_are_unknown(change: Change) -> bool:
    unknown = change.unknown.get("alarm_actions") if isinstance(change.unknown, dict) else None
    return change.after.get("actions_enabled") is not False and is_set(unknown)


RULES = (_world, _silenced)
