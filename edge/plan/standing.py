"""What a plan would create and stands already: looked for before anything is written, and refused with the way out.

Terraform itself finds it half-way through an apply ("already exists"), and an alarm of the same name never: CloudWatch
overwrites that silently.
"""

import sys
from collections.abc import Iterable
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.errors import plain
from edge.aws.sessions import client_of
from edge.aws.survey import firewall
from edge.aws.survey.model import Found, Standing, Wanted
from edge.aws.survey.proofs import unexplained_proof
from edge.aws.survey.reader import Reader
from edge.aws.survey.survey import blocks, survey
from edge.plan.errors import RefusedError
from edge.tfplan.model import REPLACED_FIRST, Action, Change, Plan
from environments.addresses import Purpose, RecordAddress
from environments.checked import Environment

# What is replaced by one of another identity, made before the old one goes; AWS has one of each identity alone.
REPLACED = frozenset({"aws_lb_target_group", firewall.EGRESS, firewall.INGRESS})


def creations(plan: Plan) -> list[Change]:
    """List what a plan makes where nothing stands at its address; what it imports is not among them."""
    return [change for change in plan.changes if change.action is Action.CREATE and change.deposed is None]


def wanted(environment: Environment, plan: Plan) -> list[Wanted]:
    """Give what a plan would create, with the domain that each validation record proves."""
    return [_wanted(environment, change) for change in creations(plan)]


def replacing(environment: Environment, plan: Plan) -> list[Wanted]:
    """Give what a plan would create in the place of something that stands until then, such as a next generation."""
    replaced = [change for change in plan.changes if change.action in REPLACED_FIRST and change.type in REPLACED]
    return [
        replace(_wanted(environment, change), replaces=str(change.before.get("id", "")))
        for change in replaced
        if change.deposed is None
    ]


def moved_ports(plan: Plan) -> set[str]:
    """Give the addresses of security-group rules that a plan would move to another port in place.

    A deploy makes the new rule first, and closes the earlier port when the listener has switched to the new target
    group. Where it was cut off with that group made, Terraform sees no replacement any more, and would close it first.
    """
    rules = [change for change in plan.changes if change.type in {firewall.EGRESS, firewall.INGRESS}]
    return {
        change.address
        for change in rules
        if change.action is Action.UPDATE
        and any(change.before.get(end) != change.after.get(end) for end in ("from_port", "to_port"))
    }


def _wanted(environment: Environment, change: Change) -> Wanted:
    return Wanted(
        address=change.address,
        type=change.type,
        account=change.account or environment.platform.account,
        values=change.after,
        domain=_proven_domain(change),
    )


def standing(things: Iterable[Wanted], reader: Reader) -> list[Found]:
    """Look for things, without those that stand because they are to be replaced; raises botocore's errors.

    What only looks alike is in the way of a replacement: an import of it would be of what the state has already.
    """
    return [
        _beside(match) if match.wanted.replaces else match
        for match in survey(things, reader)
        if not match.wanted.replaces or match.import_id != match.wanted.replaces
    ]


def _beside(match: Found) -> Found:
    if match.standing is not Standing.ALIKE:
        return match
    reason = "another tool made it; remove it, or change the service's generation and port in the environment file"
    return replace(match, standing=Standing.IN_THE_WAY, reason=reason)


def _proven_domain(change: Change) -> str | None:
    if change.type != "aws_route53_record":
        return None
    address = RecordAddress.parse(change.name)
    return address.name if address.purpose is Purpose.VALIDATION else None


def refuse_what_stands(environment: Environment, plan: Plan) -> None:
    """Raise RefusedError where something that the plan would create stands; where AWS does not answer, report that."""
    things = [*wanted(environment, plan), *replacing(environment, plan)]
    reader = Reader(environment, client_of(environment))
    try:
        found = standing(things, reader)
        notices = [notice for thing in things if (notice := unexplained_proof(thing, reader))]
    except (BotoCoreError, ClientError) as error:
        reason = plain(error)
        print(f"What stands in the accounts of {environment.name} was not looked for: {reason}", file=sys.stderr)
        return
    for notice in notices:
        print(notice, file=sys.stderr)
    if blocking := [match for match in found if blocks(match)]:
        raise RefusedError("\n".join(map(refusal, blocking)))


def refusal(found: Found) -> str:
    """Say that something stands where the plan would create, and what to do."""
    if found.standing is Standing.OURS:
        reason = "the state does not know it, as after an interrupted deploy; take it in with `edge recover`"
    else:
        reason = f"it is not ours: {found.reason}"
    return f"{found.wanted.address}: {found.thing} stands already; {reason}"
