"""What a plan would create, as the survey looks for it."""

from edge.aws.survey.model import Wanted
from edge.tfplan.model import Action, Change, Plan
from environments import dns_names
from environments.addresses import validation_address
from environments.schema import Environment


def creations(plan: Plan) -> list[Change]:
    """List what a plan makes where nothing stands at its address; what it imports is not among them."""
    return [change for change in plan.changes if change.action is Action.CREATE and change.deposed is None]


def wanted(environment: Environment, plan: Plan) -> list[Wanted]:
    """Give what a plan would create, with the domain of each validation record, which only the file tells."""
    domains = _domains(environment)
    return [
        Wanted(
            address=change.address,
            type=change.type,
            account=change.account or environment.platform.account,
            values=change.after,
            domain=domains.get(change.name) if change.type == "aws_route53_record" else None,
        )
        for change in creations(plan)
    ]


def _domains(environment: Environment) -> dict[str, str]:
    """Map the name in the address of each validation record to the domain that it proves."""
    hosts = [host for service in environment.services.values() for host in service.hosts]
    names = [*hosts, *filter(None, [environment.default_certificate_name])]
    return {validation_address(name): name for name in map(dns_names.base_name, names)}
