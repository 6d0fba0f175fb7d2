"""Reviews of stored plans, and of plans that a test changes."""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

from edge.review.findings import Review
from edge.review.reviewing import review
from environments.checked import Environment
from tests.plans import environment_name, environment_toml, stored_plan
from tests.support.files import environment_of

Plan = dict[str, Any]


@cache
def _stored(name: str) -> tuple[Plan, Environment]:
    return stored_plan(name), environment_of(environment_toml(name), environment_name(name))


def environment(name: str) -> Environment:
    """The environment that a stored plan was made from."""
    return _stored(name)[1]


def plan(name: str) -> Plan:
    """A stored plan, for a test to change."""
    return copy.deepcopy(_stored(name)[0])


def stored_review(name: str) -> Review:
    """The review of a stored plan, with the environment that it was made from."""
    content, environment = _stored(name)
    return review(content, lambda _: environment)


def changed_review(name: str, change: Callable[[Plan], object]) -> Review:
    """The review of a stored plan after a change."""
    content = plan(name)
    change(content)
    return review(content, lambda _: environment(name))


def resource(content: Plan, address: str) -> dict[str, Any]:
    """The resource change of an address."""
    found: dict[str, Any]
    (found,) = (change for change in content["resource_changes"] if change["address"] == address)
    return found


def with_more(address: str, actions: list[str], plan_name: str = "no_change", **given: Any) -> Review:
    """A plan that changes nothing, with one resource more."""
    type, name = address.rpartition(".")[0].rpartition(".")[2], address.rpartition(".")[2]
    body = {"actions": actions, "before": None, "after": {}, **given.pop("change", {})}
    added = {"address": address, "mode": "managed", "type": type, "name": name, "change": body, **given}
    return changed_review(plan_name, lambda content: content["resource_changes"].append(added))


def ids(made: Review) -> list[str]:
    return [risk.id for risk in made.risks]
