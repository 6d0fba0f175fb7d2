"""Whether a plan is one of the environment that was asked for: its tags, accounts and hosts are those of the file.

A plan names itself in tags that its code writes, so what it says is compared with the file and never believed.
"""

from collections.abc import Iterator

from edge.review.code_changes import Code
from edge.review.expected import RULE, Declared, rule_hosts
from edge.tfplan.model import Plan, PlanError
from environments.checked import Environment
from environments.text import listed, printable


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
    if strangers := sorted(_undeclared_hosts(plan, known, code)):
        yield (
            f"was not made from the environment file of {environment.name} as it is here: it routes "
            f"{listed(strangers)}, which the file does not declare"
        )


def _undeclared_hosts(plan: Plan, known: Declared, code: Code | None) -> Iterator[str]:
    """Find the hosts that rules take and no service declares, but for those of changed code, which asks already."""
    changed = {change.address for change in code.changes} if code else set()
    declared = {host for hosts in known.hosts.values() for host in hosts}
    for change in plan.changes:
        if change.type == RULE and change.address not in changed:
            yield from (host for host in rule_hosts(change.after) if host not in declared)
