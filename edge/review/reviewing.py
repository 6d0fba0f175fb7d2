"""The review: a pure function from a plan's JSON, and the environment that it is of, to findings."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from edge.aws.neighbours.model import Neighbours
from edge.review import capacity, drift, risks
from edge.review.acceptance import bound
from edge.review.change_lines import sentence
from edge.review.closed_world import Trespass, trespasses
from edge.review.code_changes import Code
from edge.review.expected import Declared, declared
from edge.review.findings import Line, Review, Risk
from edge.review.ownership import Owners, with_accounts
from edge.review.resource_names import noun
from edge.review.risks.scene import Scene
from edge.tfplan.digest import digest_of
from edge.tfplan.model import Action, Change, Plan, PlanError
from edge.tfplan.parse import parse
from environments.checked import Environment
from environments.text import listed

EnvironmentOf = Callable[[str], Environment | None]
_UNCHECKED = Trespass(
    "configuration", "names an environment of which there is no file here, so nothing of it was checked"
)
_MISSHAPEN = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
_OUTPUTS = {
    Action.CREATE: "is new",
    Action.UPDATE: "changes",
    Action.DESTROY: "is removed",
}


def review(
    content: Mapping[str, Any],
    environment_of: EnvironmentOf,
    code: Code | None = None,
    neighbours: Neighbours | None = None,
) -> Review:
    """Review what `terraform show -json` gives of a plan.

    `environment_of` finds the environment of a name, None where there is no file of it. `code` is what stands behind
    the plan, `neighbours` what stands beside it; without them the plan alone is reviewed. Raises PlanError, also where
    the JSON is shaped as none that Terraform or a provider writes: what is not understood is not reviewed.
    """
    try:
        return _review(content, environment_of, code, neighbours or Neighbours())
    except _MISSHAPEN as error:
        kind = type(error).__name__  # without its text, which may hold a secret
        raise PlanError(f"is not shaped as a Terraform plan ({kind}); make it with `edge plan prod`") from error


def _review(
    content: Mapping[str, Any], environment_of: EnvironmentOf, code: Code | None, neighbours: Neighbours
) -> Review:
    plan = parse(content)
    environment = environment_of(plan.environment) if plan.environment else None
    known = declared(plan, environment)
    plan = with_accounts(plan, known)
    owners = Owners(known)
    drifted = drift.drifted(plan.drift)
    scene = Scene(plan, known, owners, neighbours)
    found = (*_unexplained(code, environment), *risks.find(scene))
    return Review(
        environment=plan.environment,
        digest=digest_of(content, code.configuration if code else None),
        changes_nothing=plan.changes_nothing,
        risks=bound(found, environment=plan.environment, changes=plan.changes, code=code),
        usages=capacity.usages(plan.changes, known.limits, neighbours),
        drift=drift.findings(drifted, owners.service_of),
        lines=tuple(_lines(plan, owners, {change.address: change for change in drifted})),
        outputs=tuple(
            f"output {name} {_OUTPUTS[output]}" for name, output in plan.outputs.items() if output in _OUTPUTS
        ),
        notices=(*plan.warnings, *_notices(plan, known), *_not_compared(code), *risks.neighbours.notices(scene)),
        code=code.changes if code else (),
    )


def _unexplained(code: Code | None, environment: Environment | None) -> Iterator[Risk]:
    """Find what the environment file does not explain: first what nobody can accept, then what changed code makes."""
    if code is None:
        return
    found = trespasses(code.configuration, environment) if environment is not None else (_UNCHECKED,)
    yield from risks.code.of_trespasses(found)
    if code.comparison is not None:
        yield from risks.code.of_comparison(code.comparison)


def _not_compared(code: Code | None) -> Iterator[str]:
    if code is not None and code.comparison is None:
        yield f"The code was not compared with that of a base: {code.not_compared}."


def _lines(plan: Plan, owners: Owners, drifted: Mapping[str, Change]) -> Iterator[Line]:
    by_address = {planned.address: planned for planned in plan.changes if not planned.deposed}
    for change in plan.changes:
        if change.changes_something:
            service = owners.service_of(change)
            yield Line(
                address=change.address,
                service=service,
                account=change.account,
                sentence=sentence(change, service, drifted=drifted.get(change.address), peers=by_address),
                noun=noun(change.type),
                action=change.action,
                is_imported=change.imported_id is not None,
                is_moved=change.moved_from is not None,
            )


def _notices(plan: Plan, known: Declared) -> Iterator[str]:
    if not known.from_file:
        name = plan.environment or "this plan's environment"
        yield (
            f"There is no environment file of {name} here: its hosts are read from the plan itself, and the quotas are "
            "AWS's defaults."
        )
        return
    hosts, planned = (
        {host for declared in services.values() for host in declared} for services in (known.hosts, known.planned_hosts)
    )
    if planned - hosts:
        yield (
            f"This plan was not made from the environment file of {plan.environment} as it is here: it routes "
            f"{listed(sorted(planned - hosts))}, which the file does not declare."
        )
