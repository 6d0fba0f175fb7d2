"""What changed outside Terraform since the last deploy, apart from what AWS fills in by itself.

Terraform lists every attribute that reads otherwise than it was saved, also what AWS computes (the end of a
certificate that was pending when it was saved). Only what the configuration sets, and what is gone, is somebody's deed.
"""

from collections.abc import Callable, Iterable

from edge.review.differences import differences
from edge.review.findings import Finding
from edge.review.resource_names import subject
from edge.tfplan.certificate_states import DEAD
from edge.tfplan.model import Action, Change, Plan

_VALIDATION = "aws_acm_certificate_validation"


def drifted(plan: Plan) -> tuple[Change, ...]:
    """Pick the changes that somebody made.

    That a certificate is validated is what Terraform forgets by itself once ACM has given the certificate up.
    """
    dead = {change.before.get("arn") for change in plan.changes if change.before.get("status") in DEAD}
    return tuple(
        change
        for change in plan.drift
        if (change.action is Action.DESTROY or _deeds(change))
        and not (change.type == _VALIDATION and change.before.get("certificate_arn") in dead)
    )


def findings(changes: Iterable[Change], service_of: Callable[[Change], str | None]) -> tuple[Finding, ...]:
    """Say of each what was changed or removed."""
    return tuple(
        Finding(
            address=change.address,
            service=service_of(change),
            account=change.account,
            sentence=f"{subject(change, service_of(change))} {_deed(change)}",
        )
        for change in changes
    )


def _deed(change: Change) -> str:
    if change.action is Action.DESTROY:
        return "was removed outside Terraform"
    return f"was changed outside Terraform: {'; '.join(_deeds(change))}"


def _deeds(change: Change) -> list[str]:
    """List the differences in what the configuration sets; what it no longer has goes, whatever it was."""
    return [str(difference) for difference in differences(change) if difference.attribute in change.settings]
