"""Certificates that ACM will never issue or renew again: replaced by the plan, where Terraform itself leaves them."""

from edge.tfplan.certificate_states import DEAD
from edge.tfplan.model import Action, Change, Plan


def dead(plan: Plan) -> list[Change]:
    """List the certificates that stand, can serve nobody any more, and would stay so by the plan."""
    return [
        change
        for change in plan.changes
        if change.type == "aws_acm_certificate"
        and change.deposed is None
        and change.action in (Action.NOTHING, Action.UPDATE)
        and change.before.get("status") in DEAD
    ]


def notice(change: Change) -> str:
    """Say why a certificate is replaced."""
    return f"{change.address} is {change.before['status']} at ACM, which never changes; the plan replaces it."


def replacing(changes: list[Change]) -> list[str]:
    """Give the options by which Terraform plans to replace them, as `create_before_destroy` says: without a gap."""
    return [f"-replace={change.address}" for change in changes]
