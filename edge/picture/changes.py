"""What a plan changes, marked in the picture of the environment that it was made from."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from edge.picture.graph import Graph, Node, Step, node_id
from edge.tfplan.model import GONE, REPLACEMENTS, Action, Change, Plan
from environments.addresses import Purpose, RecordAddress

NEW, CHANGED, REPLACED, REMOVED = "new", "changed", "replaced", "removed"
MARKS = (NEW, CHANGED, REPLACED, REMOVED)
# Of what goes, the configuration says no more: its place in the picture, and the attribute that people know it by.
_GONE = {
    "aws_route53_record": (Step.NAME, "record", "name"),
    "aws_acm_certificate": (Step.BALANCER, "certificate", "domain_name"),
    "aws_lb_listener_rule": (Step.RULE, "rule", "priority"),
    "aws_lb_target_group": (Step.GROUP, "target group", "name"),
}


def marked(graph: Graph, plan: Plan) -> Graph:
    """Mark each part that the plan makes, changes or replaces, and add those that it removes."""
    marks = {change.address: _mark(change.action) for change in plan.changes if change.changes_something}
    nodes = [replace(node, mark=_of_all(marks.get(address, "") for address in node.addresses)) for node in graph.nodes]
    drawn = {address for node in graph.nodes for address in node.addresses}
    gone = list(_gone(change for change in plan.changes if change.address not in drawn))
    accounts = {node.account: f"account {node.account}" for node in gone if node.account not in graph.accounts}
    return Graph({**accounts, **graph.accounts}, (*nodes, *gone), graph.edges)


def changes_the_way_of_requests(graph: Graph) -> bool:
    """Tell whether a marked picture has something new to show: a name or a rule that a plan changes."""
    return any(node.mark for node in graph.nodes if node.step in (Step.NAME, Step.RULE))


def _mark(action: Action) -> str:
    if action is Action.CREATE:
        return NEW
    if action in REPLACEMENTS:
        return REPLACED
    return REMOVED if action in GONE else CHANGED


def _of_all(marks: Iterable[str]) -> str:
    """Give the mark of a part of several resources, such as a host with an A and an AAAA record."""
    found = list(marks)
    if not any(found):
        return ""
    return found[0] if len(set(found)) == 1 else CHANGED


def _gone(changes: Iterable[Change]) -> Iterator[Node]:
    seen: set[tuple[str, Any]] = set()
    for change in changes:
        if change.action not in GONE or change.type not in _GONE:
            continue
        step, what, attribute = _GONE[change.type]
        name = change.shown.get(attribute, change.name)
        if step is Step.NAME and RecordAddress.parse(change.name).purpose is Purpose.VALIDATION:
            what, name = "proof of", RecordAddress.parse(change.name).name
        if (what, name) not in seen:
            seen.add((what, name))
            identity = node_id("gone", f"{change.type}_{change.name}")
            yield Node(identity, (f"{what} {name}",), change.account or "", step, (change.address,), REMOVED)
