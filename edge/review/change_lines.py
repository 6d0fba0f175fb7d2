"""One line for each change, in the user's words."""

from collections.abc import Mapping

from edge.review.differences import differences
from edge.review.drift import undoes
from edge.review.expected import RULE, rule_paths
from edge.review.resource_names import subject
from edge.tfplan.certificate_states import DEAD
from edge.tfplan.model import REPLACEMENTS, Action, Change, hides, part
from environments.text import listed, printable

_MAX_DIFFERENCES = 4
_REASONS = {
    "replace_because_tainted": "its creation failed halfway",
    "replace_by_request": "-replace asks for it",
    "replace_by_triggers": "what it is tied to changes",
}
_ORDERS = {
    Action.REPLACE_AFTER: "the new one is made before the old one is removed",
    Action.REPLACE_BEFORE: "the old one is removed before the new one is made",
    Action.REPLACE_FORGETTING: "the old one stays, and Terraform no longer knows it",
}
# A listener certificate that is replaced first, or is pointed at the new certificate, attaches it before the old goes.
_ATTACHING = {Action.REPLACE_AFTER, Action.UPDATE, Action.CREATE}


def sentence(change: Change, service: str | None, *, drifted: Change | None, peers: Mapping[str, Change]) -> str:
    """Say what the plan does to one resource; `peers` are the changes of the same service, by their addresses."""
    line = f"{subject(change, service)} {_deed(change, peers)}{_paths(change)}"
    if change.moved_from:
        line += f"; its address was {change.moved_from}"
    if change.imported_id is not None and change.action is not Action.NOTHING:
        line += f"; it is imported first, as {change.imported_id}"
    if drifted is not None and undoes(change, drifted):
        line += "; this sets back what was changed outside Terraform"
    return printable(line)


_DEEDS = {
    Action.CREATE: "is created",
    Action.DESTROY: "is destroyed",
    Action.FORGET: "is left as it is, and Terraform no longer knows it",
}


def _deed(change: Change, peers: Mapping[str, Change]) -> str:
    if change.action in _DEEDS:
        return _DEEDS[change.action]
    if change.action in REPLACEMENTS:
        return f"is replaced{_because(change)}; {_order(change, peers)}"
    if change.action is Action.UPDATE:
        return f"is changed: {shown_differences(change)}"
    if change.imported_id is not None:
        return f"is imported, as {change.imported_id}"
    return "moves to a new address, and nothing else changes"


def _paths(change: Change) -> str:
    """Say which paths a listener rule takes, where that is new."""
    if change.type != RULE or not change.after or hides(part(change.unknown, "condition")):
        return ""
    before, after = rule_paths(change.before), rule_paths(change.after)
    if before == after:
        return ""
    return f"; it takes only {listed(after)}" if after else "; it takes every path"


def _because(change: Change) -> str:
    if change.type == "aws_acm_certificate" and change.before.get("status") in DEAD:
        return f", because it is {change.before['status']} at ACM, which never changes"
    if change.reason in _REASONS:
        return f", because {_REASONS[change.reason]}"
    reasons = [difference for difference in differences(change) if difference.attribute in change.replaced_for]
    if reasons:
        return f": {'; '.join(map(str, reasons[:_MAX_DIFFERENCES]))}"
    return f": new {', '.join(change.replaced_for)}" if change.replaced_for else ""


def _order(change: Change, peers: Mapping[str, Change]) -> str:
    attachment = peers.get(f"aws_lb_listener_certificate.{change.name}")
    is_certificate = change.type == "aws_acm_certificate" and change.action is Action.REPLACE_AFTER
    if is_certificate and attachment is not None and attachment.action in _ATTACHING:
        return "the new one is attached before the old one is removed"
    return _ORDERS[change.action]


def shown_differences(change: Change) -> str:
    """Write the first differences of a change, and how many more there are."""
    found = differences(change)
    more = f"; and {len(found) - _MAX_DIFFERENCES} more" if len(found) > _MAX_DIFFERENCES else ""
    return "; ".join(map(str, found[:_MAX_DIFFERENCES])) + more or "nothing that is shown"
