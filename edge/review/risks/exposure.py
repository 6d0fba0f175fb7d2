"""What a plan opens: to the whole world, or beyond the ways that every service needs."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from edge.review.findings import Risk
from edge.review.risks.landmarks import is_hidden, leads_to
from edge.review.risks.scene import Scene, is_unknown
from edge.tfplan.model import UNKNOWN, Change, with_unknown

INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
_ONE_RULE = (INGRESS, EGRESS, "aws_security_group_rule")
_GROUPS = ("aws_security_group", "aws_default_security_group")
_NETWORKS = ("cidr_ipv4", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks")
_OTHER_GROUP = "referenced_security_group_id"
_OTHERS = (_OTHER_GROUP, "prefix_list_id", "prefix_list_ids", "security_groups", "source_security_group_id", "self")
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
    *_OTHERS,
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
            rules = attributes.get(key) or ()
            if rules is UNKNOWN:  # AWS's own where the configuration sets none, and anything where it does
                rules = [{key: UNKNOWN}] if key in change.settings else []
            yield from ((direction, rule) for rule in rules)


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
    if any(rule.get(key) for key in _OTHERS):
        return False
    if first != last or (rule.get("ip_protocol") or rule.get("protocol")) != "tcp":
        return False
    if direction == "out":
        return first == _HTTPS
    group = change.settings.get("security_group_id", ())
    return scene.declared.is_managed and first in _WEB_PORTS and _BALANCERS_GROUP in group


def _way_in(scene: Scene) -> Iterator[Risk]:
    """Find what newly lets in, but for each service's port from the load balancer and the web's two ports into that.

    Whoever else reaches an instance goes past the load balancer, so past its sign-in and its firewall.
    """
    for change, directions in _new_ways(scene):
        if "in" in directions:
            statement = "lets in what is neither the load balancer on a service's port nor the web on a load balancer's"
            yield scene.risk("INBOUND", change, statement)


def _way_out(scene: Scene) -> Iterator[Risk]:
    for change, directions in _new_ways(scene):
        if "out" in directions:
            yield scene.risk("OUTBOUND", change, "lets out what is neither HTTPS nor a service's port to the instances")


def _new_ways(scene: Scene) -> Iterator[tuple[Change, set[str]]]:
    """Give the changes that open something new that is not known to be right, with its directions."""
    for change in scene.plan.changes:
        before = [_opening(*opened) for opened in _rules(change, change.before)]
        after = with_unknown(change.after, change.unknown)
        opened = [item for item in _rules(change, after) if _opening(*item) not in before or change.imported_id]
        strange = {
            direction
            for direction, rule in opened
            if not (_is_of_the_world(rule) or _is_expected(scene, change, direction, rule))
            and not _is_a_service_port(scene, change, direction, rule)
        }
        if strange:
            yield change, strange


def _is_a_service_port(scene: Scene, change: Change, direction: str, rule: Mapping[str, Any]) -> bool:
    """Say whether it is a declared service's port, between the load balancer's group and the instances'."""
    if change.type not in (INGRESS, EGRESS) or any(rule.get(key) for key in (*_NETWORKS, "prefix_list_id")):
        return False
    first, last = rule.get("from_port"), rule.get("to_port")
    if first != last or first not in scene.declared.ports or rule.get("ip_protocol") != "tcp":
        return False
    if is_hidden(change, "security_group_id") or is_hidden(change, _OTHER_GROUP):
        return False
    here, there = ("instances' group", "load balancer's group")
    here, there = (here, there) if direction == "in" else (there, here)
    return leads_to(change, "security_group_id", rule.get("security_group_id"), scene.landmarks.group(here)) and (
        leads_to(change, _OTHER_GROUP, rule.get(_OTHER_GROUP), scene.landmarks.group(there))
    )


def _ports(rule: Mapping[str, Any]) -> str:
    first, last = rule.get("from_port"), rule.get("to_port")
    if (rule.get("ip_protocol") or rule.get("protocol")) == "-1" or first is None:
        return "every port"
    return f"port {first}" if first == last else f"ports {first} to {last}"


RULES = (_world, _way_in, _way_out)
