"""Reviews of stored plans, and of plans that a test changes."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from edge.review import risks
from edge.review.code_changes import Code, Comparison
from edge.review.expected import declared
from edge.review.findings import Review
from edge.review.reviewing import review
from edge.review.risks.scene import Scene
from edge.tfplan.parse import parse
from environments.checked import Environment
from environments.file_differences import differences
from tests.engine.plans.making import World
from tests.engine.plans.prod import PROD_WORLD
from tests.engine.plans.staging import STAGING_WORLD
from tests.plans import environment_name, environment_toml, stored_plan
from tests.support.files import environment_of
from tests.support.synthesizing import synthesize

Plan = dict[str, Any]
Toml = dict[str, Any]


def base_files(world: World) -> dict[str, Toml | None]:
    """What each scenario's environment file said when it was last applied; None where nothing was."""
    found: dict[str, Toml | None] = {}
    standing: Toml | None = None
    for stage in world.stages:
        standing = tomllib.loads(stage.deploy) if stage.deploy else standing
        found |= {scenario.name: standing for scenario in stage.scenarios}
    return found


Configuration = dict[str, Any]
BASES = base_files(PROD_WORLD) | base_files(STAGING_WORLD)
SCENARIOS = PROD_WORLD.scenarios | STAGING_WORLD.scenarios


@cache
def _stored(name: str) -> tuple[Plan, Environment]:
    return stored_plan(name), environment_of(environment_toml(name), environment_name(name))


@cache
def _text(name: str) -> str:
    return json.dumps(_stored(name)[0])


@cache
def _synthesized(toml: str, name: str) -> str:
    return json.dumps(synthesize(environment_of(toml, name)))


def environment(name: str) -> Environment:
    """The environment that a stored plan was made from."""
    return _stored(name)[1]


def plan(name: str) -> Plan:
    """A stored plan, for a test to change; reading it again is many times faster than copying it."""
    content: Plan = json.loads(_text(name))
    return content


def configuration(name: str) -> Configuration:
    """What the environment file of a stored plan is synthesized to, for a test to change."""
    content: Configuration = json.loads(_synthesized(environment_toml(name), environment_name(name)))
    return content


@cache
def code(name: str) -> Code:
    """The code behind a stored plan, to be left as it is; its scenario may edit what the base makes of the file."""
    base, planned = configuration(name), configuration(name)
    if (edit := SCENARIOS[name].edit) is not None:
        imported = {
            {"aws_lb_target_group": "target group", "aws_route53_record": "record"}[change["type"]]: importing["id"]
            for change in _stored(name)[0]["resource_changes"]
            if (importing := change["change"].get("importing"))
        }
        edit(planned, imported)
    asked = differences(BASES[name], tomllib.loads(environment_toml(name)))
    return Code(planned, replace(Comparison.of("main", base, planned), asked=tuple(asked)))


def stored_review(name: str) -> Review:
    """The review of a stored plan, with the environment that it was made from and the code behind it."""
    content, environment = _stored(name)
    return review(content, environment, code(name))


def changed_review(name: str, change: Callable[[Plan], object]) -> Review:
    """The review of a stored plan after a change, of the plan alone: what its values say to the risks' own rules."""
    content = plan(name)
    change(content)
    return review(content, environment(name))


def risks_of(name: str, content: Plan) -> list[str]:
    """What the risks' own rules find in a stored plan that was changed, also where it no longer fits its file."""
    parsed = parse(content)
    known = declared(parsed, environment(name))
    return [risk.id for risk in risks.find(Scene.of(parsed, known))]


def resource(content: Plan, address: str) -> dict[str, Any]:
    """The resource change of an address."""
    found: dict[str, Any]
    (found,) = (change for change in content["resource_changes"] if change["address"] == address)
    return found


def with_more(address: str, actions: list[str], plan_name: str = "no_change", **given: Any) -> Review:
    """A plan that changes nothing, with one resource more."""
    type, name = address.partition("[")[0].split(".")[-2:]
    body = {"actions": actions, "before": None, "after": {}, **given.pop("change", {})}
    added = {"address": address, "mode": "managed", "type": type, "name": name, "change": body, **given}
    return changed_review(plan_name, lambda content: content["resource_changes"].append(added))


def ids(made: Review) -> list[str]:
    return [risk.id for risk in made.risks]
