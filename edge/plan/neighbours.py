"""The neighbours of a plan: surveyed when it is made, kept in its folder, and asked again just before it is applied."""

import os
import sys
from collections.abc import Iterator

from edge.aws.neighbours.model import Neighbours
from edge.aws.neighbours.reading import Ours, neighbours
from edge.aws.sessions import client_of
from edge.aws.survey.reader import Reader
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder
from edge.plan.public_dns import above
from edge.review.risks.proving import newly_asked_for
from edge.terraform.private_files import write_private
from edge.tfplan.model import Action, Change, Plan
from environments.addresses import Purpose, RecordAddress
from environments.checked import Environment

_NAMED_AT_MOST = 5
# The attribute by which a survey knows what a resource is, or what it adds itself to.
_IDS = {
    "aws_acm_certificate": "arn",
    "aws_lb_listener_rule": "arn",
    "aws_lb_listener_certificate": "certificate_arn",
    "aws_lb_target_group": "arn",
    "aws_autoscaling_attachment": "lb_target_group_arn",
    "aws_vpc_security_group_ingress_rule": "id",
    "aws_vpc_security_group_egress_rule": "id",
}


def survey(environment: Environment, plan: Plan) -> Neighbours:
    """Ask what stands in the accounts beside what the plan's state holds, or takes in, and above its zones."""
    reader = Reader(environment, client_of(environment))
    found = neighbours(reader, ours(plan))
    world = above(environment, newly_asked_for(plan), reader, os.environ)
    return found.model_copy(update={**world, "unasked": {**found.unasked, **world.get("unasked", {})}})


def ours(plan: Plan) -> Ours:
    """Say what the environment holds before a plan, and which shared things the plan adds to."""
    return Ours(
        ids=frozenset(id for change in plan.changes for id in _ids(change)),
        groups=_named(plan, "security_group_id"),
        autoscaling_groups=_named(plan, "autoscaling_group_name"),
        leaving_proofs=tuple(
            sorted({address.name for address in _leaving(plan) if address.purpose is Purpose.VALIDATION})
        ),
    )


def _leaving(plan: Plan) -> Iterator[RecordAddress]:
    records = (change for change in plan.changes if change.type == "aws_route53_record")
    return (RecordAddress.parse(change.name) for change in records if change.action is Action.DESTROY)


def _ids(change: Change) -> Iterator[str]:
    key = _IDS.get(change.type)
    if key and change.before.get(key):
        yield str(change.before[key])
    if key and change.imported_id:  # a listener certificate's is that of the listener and its own
        yield change.imported_id.rpartition("_")[2] if key == "certificate_arn" else change.imported_id


def _named(plan: Plan, key: str) -> tuple[str, ...]:
    changes = [change for change in plan.changes if change.type in _IDS]
    sides = [side for change in changes for side in (change.before, change.after)]
    return tuple(sorted({str(side[key]) for side in sides if side.get(key)}))


def write(folder: PlanFolder, environment: Environment, plan: Plan) -> None:
    """Survey the neighbours of a plan into its folder, for the review and for the apply."""
    write_private(folder.neighbours, survey(environment, plan).model_dump_json(indent=2) + "\n")


def refuse_changed(folder: PlanFolder, environment: Environment) -> None:
    """Raise RefusedError where the neighbours are no longer those that were reviewed with the plan."""
    before = folder.surveyed()
    differences = before.differences(survey(environment, folder.tfplan()))
    if differences:
        more = len(differences) - _NAMED_AT_MOST
        which = "; ".join(differences[:_NAMED_AT_MOST]) + (f"; and {more} more" if more > 0 else "")
        why = f"was made beside other neighbours: {which}"
        raise RefusedError.because(folder.shown, why, f"plan and review again: edge plan {environment.name}")
    for part, reason in before.unasked.items():
        print(f"{part.value.capitalize()} were not read, neither for the review nor now: {reason}", file=sys.stderr)
