"""Whether a plan is one of the environment that was asked for: its tags, accounts and hosts are those of the file.

A plan names itself in tags that its code writes, so what it says is compared with the file and never believed.
"""

from collections.abc import Iterator

from edge.review.code_changes import Code
from edge.review.expected import RULE, Declared, rule_hosts
from edge.tfplan.model import Plan, PlanError
from environments.checked import Environment
from environments.text import listed, printable

_LOAD_BALANCER = "data.aws_lb.load_balancer"
_PARTS_OF_AN_ARN = 4  # …:loadbalancer/app/NAME/ID


def fits(plan: Plan, environment: Environment, known: Declared, code: Code | None) -> None:
    """Raise PlanError for a plan that is not one of the environment, or was not made from its file as it is here."""
    problem = next(_problems(plan, environment, known, code), None)
    if problem:
        raise PlanError(
            printable(f"{problem}; plan it again with `edge plan {environment.name}`, or name the plan's environment")
        )


def _problems(plan: Plan, environment: Environment, known: Declared, code: Code | None) -> Iterator[str]:
    if others := sorted(plan.environments - {environment.name}):
        yield f"is a plan of {listed(others)}, not of {environment.name}"
    if not plan.environments:
        yield f"names no environment in its providers' default tags, and {environment.name} was asked for"
    accounts = {name: account.id for name, account in environment.accounts.items()}
    if plan.accounts != accounts:
        differing = sorted({*plan.accounts.items()} ^ {*accounts.items()})
        names = listed(sorted({name for name, _ in differing}))
        yield f"was not made from the environment file of {environment.name} as it is here: accounts differ ({names})"
    if others := sorted(set(_other_load_balancers(plan, environment))):
        yield f"looks up another load balancer than {environment.load_balancer_name}: {listed(others)}"
    if strangers := sorted(_undeclared_hosts(plan, known, code)):
        yield (
            f"was not made from the environment file of {environment.name} as it is here: it routes "
            f"{listed(strangers)}, which the file does not declare"
        )


def _other_load_balancers(plan: Plan, environment: Environment) -> Iterator[str]:
    """Find a lookup that answers with another load balancer: it is made by its ARN, which no review can evaluate.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
    """
    values = plan.data.get(_LOAD_BALANCER, {})
    named = [str(values[key]).split("/") for key in ("arn", "id") if isinstance(values.get(key), str)]
    found = [parts[2] if len(parts) == _PARTS_OF_AN_ARN else "?" for parts in named]
    found += [str(values["name"])] if "name" in values else []
    yield from (name for name in found if name != environment.load_balancer_name)


def _undeclared_hosts(plan: Plan, known: Declared, code: Code | None) -> Iterator[str]:
    """Find the hosts that rules take and no service declares, but for those of changed code, which asks already."""
    changed = {change.address for change in code.changes} if code else set()
    declared = {host for hosts in known.hosts.values() for host in hosts}
    for change in plan.changes:
        if change.type == RULE and change.address not in changed:
            yield from (host for host in rule_hosts(change.after) if host not in declared)
