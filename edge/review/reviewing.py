"""The review: a pure function from a plan's JSON, and the environment that was asked for, to findings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edge.aws.neighbours.model import Neighbours
from edge.review import capacity, drift, fitting, groups, risks
from edge.review.acceptance import bound
from edge.review.change_lines import sentence
from edge.review.closed_world import trespasses
from edge.review.code_changes import Code
from edge.review.expected import declared
from edge.review.explained.plans import strays
from edge.review.findings import Line, Review, Risk
from edge.review.meaning import meaning
from edge.review.ownership import Owners
from edge.review.resource_names import noun
from edge.review.risks.scene import Scene
from edge.tfplan.digest import digest_of
from edge.tfplan.model import Action, Change, Plan, PlanError
from edge.tfplan.parse import parse
from environments.checked import Environment

_MISSHAPEN = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
_OUTPUTS = {
    Action.CREATE: "is new",
    Action.UPDATE: "changes",
    Action.DESTROY: "is removed",
}


def review(
    content: Mapping[str, Any],
    environment: Environment,
    code: Code | None = None,
    neighbours: Neighbours | None = None,
    policy: Sequence[Risk] = (),
) -> Review:
    """Review what `terraform show -json` gives of a plan, as one of the environment that was asked for.

    `code` is what stands behind the plan, `neighbours` what stands beside it; without them the plan alone is reviewed.
    `policy` is what checkov found against it. Raises PlanError for a plan that does not fit the environment, and where
    the JSON is shaped as none that Terraform or a provider writes: what is not understood is not reviewed.
    """
    try:
        return _review(content, environment, code, neighbours or Neighbours(), policy)
    except _MISSHAPEN as error:
        kind = type(error).__name__  # without its text, which may hold a secret
        raise PlanError(f"is not shaped as a Terraform plan ({kind}); make it with `edge plan prod`") from error


def _review(
    content: Mapping[str, Any],
    environment: Environment,
    code: Code | None,
    neighbours: Neighbours,
    policy: Sequence[Risk],
) -> Review:
    plan = parse(content)
    known = declared(plan, environment)
    fitting.fits(plan, environment, known, code)
    scene = Scene.of(plan, known, neighbours)
    plan, owners = scene.plan, scene.owners
    drifted = drift.drifted(plan)
    found = (*_unexplained(code, scene, environment), *risks.find(scene), *policy)
    lines = tuple(_lines(plan, owners, {change.address: change for change in drifted}))
    return Review(
        environment=environment.name,
        digest=digest_of(content, code.configuration if code else None),
        changes_nothing=plan.changes_nothing,
        risks=bound(found, environment=environment.name, changes=plan.changes, code=code),
        usages=capacity.usages(plan.changes, known.limits, neighbours),
        drift=drift.findings(drifted, owners.service_of, plan),
        lines=lines,
        outputs=tuple(
            f"output {name} {_OUTPUTS[output]}" for name, output in plan.outputs.items() if output in _OUTPUTS
        ),
        notices=(*plan.warnings, *_of_code(code, plan), *risks.neighbours.notices(scene)),
        code=code.changes if code else (),
        is_compared=code is not None and code.comparison is not None and not code.comparison.failure,
        asked=_asked(code, plan),
        all_goes=plan.destroys_everything,
        meaning=meaning(scene, lines, found),
        groups=groups.sentences(found, {change.address: change.type for change in plan.changes}, known),
    )


def _asked(code: Code | None, plan: Plan) -> tuple[str, ...]:
    """Say what differs in the environment file, or that all goes, which no file asks for."""
    if plan.destroys_everything:
        return ("That all that stands is destroyed, whatever the environment file says.",)
    if code is None or code.comparison is None or code.comparison.asked is None:
        return ("What differs in the environment file is not known: it was not compared with that of a base.",)
    base = code.comparison.base
    return code.comparison.asked or (f"Nothing: the environment file is as in {base}.",)


def _unexplained(code: Code | None, scene: Scene, environment: Environment) -> Iterator[Risk]:
    """Find what the file does not explain: what nobody can accept, what changed code makes, and what the plan adds."""
    yield from risks.incomplete.of_plan(scene.plan, code.configuration if code else None)
    if code is None:
        return
    yield from risks.code.of_trespasses(trespasses(code.configuration, environment))
    if code.comparison is not None:
        yield from risks.code.of_comparison(code.comparison)
        yield from risks.code.of_moves(code.comparison)
    elif scene.plan.changes_what_stands:
        yield from risks.code.of_nothing_compared(code.not_compared)
    yield from risks.unexplained.of_strays(strays(scene.plan, code.configuration, code.imports), scene)


def _of_code(code: Code | None, plan: Plan) -> Iterator[str]:
    """Report what is no risk: places that move and are empty; that nothing was compared, where nothing is changed."""
    if code is not None and code.comparison is not None:
        yield from risks.code.notices_of_moves(code.comparison)
    elif code is not None and not plan.changes_what_stands:
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
