"""Certificates that ACM will never issue or renew again: replaced by the plan, where Terraform itself leaves them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from edge.tfplan.certificate_states import DEAD
from edge.tfplan.model import REPLACEMENTS, Action, Change, Plan
from edge.tfplan.parse import parse


def plan_past_dead(plan: Callable[..., object], show: Callable[[Path], dict[str, Any]], file: Path) -> dict[str, Any]:
    """Plan into a file, and again where a certificate is dead that Terraform would leave; give the plan as JSON.

    All that waits for such a certificate would fail. The new one stands before the old one goes, as
    `create_before_destroy` says.
    """
    plan(file)
    shown = show(file)
    if found := dead(parse(shown)):
        plan(file, *(f"-replace={change.address}" for change in found))
        shown = show(file)
    return shown


def dead(plan: Plan) -> list[Change]:
    """List the certificates that stand, can serve nobody any more, and would stay so by the plan."""
    return [change for change in _dead(plan) if change.action in (Action.NOTHING, Action.UPDATE)]


def replaced(plan: Plan) -> list[Change]:
    """List those that a plan replaces."""
    return [change for change in _dead(plan) if change.action in REPLACEMENTS]


def _dead(plan: Plan) -> list[Change]:
    certificates = (change for change in plan.changes if change.type == "aws_acm_certificate" and not change.deposed)
    return [change for change in certificates if change.before.get("status") in DEAD]


def notice(change: Change) -> str:
    """Say why a certificate is replaced."""
    return f"{change.address} is {change.before['status']} at ACM, which never changes; the plan replaces it"
