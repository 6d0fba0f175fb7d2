"""What changed outside Terraform since the last deploy, apart from what AWS fills in by itself.

Terraform lists every attribute that reads otherwise than it was saved, also what AWS computes (the end of a
certificate that was pending when it was saved). Only what the configuration sets, what is gone, and what `additions.py`
tells apart is somebody's deed.
"""

from collections.abc import Callable, Iterable, Mapping

from edge.review.additions import additions
from edge.review.differences import differences
from edge.review.findings import Drift
from edge.review.losses import loss
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
        if (change.action is Action.DESTROY or _deeds(change) or additions(change, plan))
        and not (change.type == _VALIDATION and change.before.get("certificate_arn") in dead)
    )


def findings(changes: Iterable[Change], service_of: Callable[[Change], str | None], plan: Plan) -> tuple[Drift, ...]:
    """Say of each what was changed or removed, and what of that the plan sets back."""
    by_address = {change.address: change for change in plan.changes if not change.deposed}
    return tuple(
        Drift(
            address=change.address,
            service=service_of(change),
            account=change.account,
            sentence=f"{subject(change, service_of(change))} {_deed(change, plan)}",
            outcome=_outcome(change, by_address),
        )
        for change in changes
    )


def _deed(change: Change, plan: Plan) -> str:
    if change.action is Action.DESTROY:
        return f"was removed outside Terraform: {loss(change)}"
    return f"was changed outside Terraform: {'; '.join([*_deeds(change), *additions(change, plan)])}"


def _deeds(change: Change) -> list[str]:
    """List the differences in what the configuration sets; what it no longer has goes, whatever it was."""
    return [str(difference) for difference in differences(change) if difference.attribute in change.settings]


def undoes(change: Change, drifted: Change) -> bool:
    """Say whether a change gives back what stood before the drift."""
    if drifted.action is Action.DESTROY:
        return change.action is Action.CREATE
    outside = {difference.path: difference.before for difference in differences(drifted)}
    return any(outside.get(difference.path) == difference.after for difference in differences(change))


def _outcome(drifted: Change, planned: Mapping[str, Change]) -> str:
    """Say what a plan does about it; what it leaves is what Terraform is configured to ignore, or what goes anyway."""
    change = planned.get(drifted.address)
    is_added = drifted.action is not Action.DESTROY and not _deeds(drifted)
    if change is None or not change.changes_something or is_added:
        return "this plan leaves it so"
    if undoes(change, drifted):
        return "this plan makes it again" if drifted.action is Action.DESTROY else _set_back(change, drifted)
    return "this plan changes it to something else"


def _set_back(change: Change, drifted: Change) -> str:
    after = {difference.path: difference.after for difference in differences(change)}
    outside = [difference for difference in differences(drifted) if difference.attribute in drifted.settings]
    whole = all(after.get(difference.path) == difference.before for difference in outside)
    return "this plan sets it back" if whole else "this plan sets some of it back"
