"""Listener rules that do not get the requests which they were written for."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from edge.review.expected import RULE, rule_hosts
from edge.review.findings import Risk
from edge.review.risks.scene import Scene, is_unknown, takes
from edge.tfplan.model import GONE, Action, Change

# What takes every request, though it looks like a condition.
_EVERYTHING = {"path_pattern": {"*", "/*"}, "source_ip": {"0.0.0.0/0"}}


def _shadowed(scene: Scene) -> Iterator[Risk]:
    """Find a rule with a host that another rule takes first; what this plan leaves as it was is not told again.

    Rules are asked in the order of their priorities, the lowest number first:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
    """
    for first, second in _pairs(scene):
        taken = [
            (host, pattern) for host in rule_hosts(second.after) for pattern in _patterns(first) if takes(pattern, host)
        ]
        if taken and _takes_all_of_its_hosts(first, second):
            host, pattern = taken[0]
            said = (
                f"never gets the requests for {host}: {scene.named(first)} is asked before it, and takes them with "
                f"{pattern}"
            )
            yield scene.risk("SHADOWED", second, said)


def _same_priority(scene: Scene) -> Iterator[Risk]:
    """Find a rule that takes the priority which another one holds before the plan: AWS refuses that while it does.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html (PriorityInUse)
    """
    rules = [each for each in scene.plan.changes if each.type == RULE]
    held = {place: each for each in rules if (place := _place(each.before)) is not None}
    wanted = {place: each for each in rules if each.action not in GONE and (place := _place(each.after)) is not None}
    for change in rules:
        place = _place(change.after)
        if place is None or change.action in GONE:
            continue
        other = wanted[place]
        if other is not change:
            said = f"takes the same priority as {other.address}, which AWS refuses; give it another"
            yield scene.risk("PRIORITY", change, said, can_be_accepted=False)
        holder = held.get(place, change)
        if holder.address not in (change.address, change.moved_from):
            said = (
                f"takes priority {place[1]}, which {holder.address} still holds: a deploy fails where AWS hears of "
                "this one first; move both to free priorities in a change of its own"
            )
            yield scene.risk("PRIORITY", change, said)


def _place(attributes: Mapping[str, Any]) -> tuple[Any, int] | None:
    """Give the place that a rule has: its listener and priority; None where it has none or it is not known."""
    priority = attributes.get("priority")
    return (attributes.get("listener_arn"), priority) if isinstance(priority, int) else None


def _pairs(scene: Scene) -> Iterator[tuple[Change, Change]]:
    """Give the pairs of rules on one listener, of which the plan touches one, each in the order they are asked."""
    rules = [each for each in scene.plan.changes if each.type == RULE and each.action not in GONE]
    known = [each for each in rules if isinstance(each.after.get("priority"), int)]
    for first, second in combinations(sorted(known, key=lambda each: each.after["priority"]), 2):
        is_touched = {first.action, second.action} != {Action.NOTHING}
        if is_touched and first.after.get("listener_arn") == second.after.get("listener_arn"):
            yield first, second


def _patterns(rule: Change) -> tuple[str, ...]:
    """Give the patterns of the hosts that a rule takes: every host, where it asks for none."""
    asks = _asked(rule, "host_header") or is_unknown(rule, "condition")
    return rule_hosts(rule.after) if asks else ("*",)


def _takes_all_of_its_hosts(first: Change, second: Change) -> bool:
    """Say whether a rule takes whatever another one would: beside hosts it asks for nothing, or for just the same."""
    if is_unknown(first, "condition"):
        return False
    kinds = {name for each in first.after.get("condition") or () for name in each if name != "host_header"}
    return all(_is_all(name, _asked(first, name)) or _asked(first, name) == _asked(second, name) for name in kinds)


def _asked(rule: Change, kind: str) -> list[Any]:
    """List what a rule's conditions of one kind ask for."""
    return [block for each in rule.after.get("condition") or () for block in each.get(kind) or ()]


def _is_all(kind: str, blocks: list[Any]) -> bool:
    return all(_EVERYTHING.get(kind, set()) & set(each.get("values") or ()) for each in blocks)


RULES = (_shadowed, _same_priority)
