"""Which risks a recovery accepts by itself, since it has just looked at what a review cannot know."""

from edge.tfplan.model import Action, Plan

_SUCCESSORS = {"aws_acm_certificate", "aws_acm_certificate_validation", "aws_lb_listener_certificate"}
_STANDING = {Action.NOTHING, Action.UPDATE}


def succeeded(plan: Plan) -> list[str]:
    """Name the risks of removing what is left of earlier certificates, where their successors stand.

    A review cannot know whether a successor took over before the deploy was cut off. Here the plan has just looked: the
    certificate, its validation and its place on the listener stand, and none of them is to be made or replaced.
    """
    return [
        f"DESTROY:{left.address}.deposed.{left.deposed}"
        for left in plan.changes
        if left.deposed and left.type in _SUCCESSORS and left.action is Action.DESTROY
        if {
            change.type
            for change in plan.changes
            if change.name == left.name and not change.deposed and change.action in _STANDING
        }
        >= _SUCCESSORS
    ]
