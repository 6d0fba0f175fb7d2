"""Listener rules that do not get the requests which they were written for."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from edge.review.expected import RULE, rule_paths
from edge.review.findings import Risk
from edge.review.risks.scene import Request, Scene, is_unknown, overlap, requests, takes_request, written
from edge.review.risks.serving import asks_for_login
from edge.tfplan.model import GONE, Action, Change
from environments.listener_rules import EVERY_PATH

# What takes every request, though it looks like a condition.
_EVERYTHING = {"source_ip": {"0.0.0.0/0"}}


def _shadowed(scene: Scene) -> Iterator[Risk]:
    """Find a rule with a path of a host that another rule takes first; what stays as it was is not reported again.

    Rules are asked in the order of their priorities, the lowest number first:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
    """
    for first, second in _pairs(scene):
        taken = [
            (request, pattern)
            for request in requests(second.after)
            for pattern in _patterns(first)
            if takes_request(pattern, request)
        ]
        if taken and _asks_for_nothing_more(first, second):
            request, pattern = taken[0]
            statement = (
                f"never gets the requests for {written(request)}: {scene.named(first)} is asked before it, and takes "
                f"them with {written(pattern)}"
            )
            yield scene.risk("SHADOWED", second, statement)


def _around_a_sign_in(scene: Scene) -> Iterator[Risk]:
    """Find a rule that newly lets through without a sign-in what another one asked for it."""
    for first, second in _pairs(scene):
        asks = asks_for_login(second.before) and asks_for_login(second.after)
        if not asks or asks_for_login(first.after) or _is_as_it_was(first):
            continue
        both = [mine for mine in _patterns(first) for theirs in requests(second.after) if overlap(mine, theirs)]
        if both:
            statement = (
                f"lets in without a sign-in whoever asks for {written(both[0])}, also where {scene.named(second)} "
                "asked for one"
            )
            yield scene.risk("OPENED", first, statement)


def _is_as_it_was(rule: Change) -> bool:
    before = (requests(rule.before), rule.before.get("priority"), asks_for_login(rule.before))
    return before == (requests(rule.after), rule.after.get("priority"), asks_for_login(rule.after))


def _same_priority(scene: Scene) -> Iterator[Risk]:
    """Find a rule that takes the priority which another one holds before the plan: AWS refuses that while it does.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html (PriorityInUse)
    """
    rules = [planned for planned in scene.plan.changes if planned.type == RULE]
    held = {place: rule for rule in rules if (place := _place(rule.before)) is not None}
    wanted = {place: rule for rule in rules if rule.action not in GONE and (place := _place(rule.after)) is not None}
    for change in rules:
        place = _place(change.after)
        if place is None or change.action in GONE:
            continue
        other = wanted[place]
        if other is not change:
            statement = f"takes the same priority as {other.address}, which AWS refuses; give it another"
            yield scene.risk("PRIORITY", change, statement, can_be_accepted=False)
        holder = held.get(place, change)
        if holder.address not in (change.address, change.moved_from):
            statement = (
                f"takes priority {place[1]}, which {holder.address} still holds: a deploy fails where AWS hears of "
                "this one first; move both to free priorities in a change of its own"
            )
            yield scene.risk("PRIORITY", change, statement)


def _place(attributes: Mapping[str, Any]) -> tuple[Any, int] | None:
    """Give the place that a rule has: its listener and priority; None where it has none or it is not known."""
    priority = attributes.get("priority")
    return (attributes.get("listener_arn"), priority) if isinstance(priority, int) else None


def _pairs(scene: Scene) -> Iterator[tuple[Change, Change]]:
    """Give the pairs of rules on one listener, of which the plan touches one, each in the order they are asked."""
    rules = [change for change in scene.plan.changes if change.type == RULE and change.action not in GONE]
    known = [rule for rule in rules if isinstance(rule.after.get("priority"), int)]
    for first, second in combinations(sorted(known, key=lambda rule: rule.after["priority"]), 2):
        is_touched = {first.action, second.action} != {Action.NOTHING}
        if is_touched and first.after.get("listener_arn") == second.after.get("listener_arn"):
            yield first, second


def _patterns(rule: Change) -> list[Request]:
    """Give the patterns of the hosts and paths that a rule takes: every host, where it asks for none."""
    asks = _asked(rule, "host_header") or is_unknown(rule, "condition")
    paths = rule_paths(rule.after) or (EVERY_PATH,)
    return requests(rule.after) if asks else [("*", path) for path in paths]


def _asks_for_nothing_more(first: Change, second: Change) -> bool:
    """Say whether a rule asks for nothing beside hosts and paths, or for just the same as another one."""
    if is_unknown(first, "condition"):
        return False
    kinds = {name for condition in first.after.get("condition") or () for name in condition} - {
        "host_header",
        "path_pattern",
    }
    return all(_is_all(name, _asked(first, name)) or _asked(first, name) == _asked(second, name) for name in kinds)


def _asked(rule: Change, kind: str) -> list[Any]:
    """List what a rule's conditions of one kind ask for."""
    return [block for condition in rule.after.get("condition") or () for block in condition.get(kind) or ()]


def _is_all(kind: str, blocks: list[Any]) -> bool:
    return all(_EVERYTHING.get(kind, set()) & set(block.get("values") or ()) for block in blocks)


RULES = (_shadowed, _around_a_sign_in, _same_priority)
