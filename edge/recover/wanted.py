"""What a plan would create, as the survey looks for it."""

from edge.aws.survey.model import Wanted
from edge.tfplan.model import Action, Change, Plan
from environments.addresses import Purpose, RecordAddress
from environments.checked import Environment


def creations(plan: Plan) -> list[Change]:
    """List what a plan makes where nothing stands at its address; what it imports is not among them."""
    return [change for change in plan.changes if change.action is Action.CREATE and change.deposed is None]


def wanted(environment: Environment, plan: Plan) -> list[Wanted]:
    """Give what a plan would create, with the domain that each validation record proves."""
    return [
        Wanted(
            address=change.address,
            type=change.type,
            account=change.account or environment.platform.account,
            values=change.after,
            domain=_proven_domain(change),
        )
        for change in creations(plan)
    ]


def _proven_domain(change: Change) -> str | None:
    if change.type != "aws_route53_record":
        return None
    address = RecordAddress.parse(change.name)
    return address.name if address.purpose is Purpose.VALIDATION else None
