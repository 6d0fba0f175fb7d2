"""Attacks on a review: what somebody would do to a plan, its code or its file, and what must stop each of them.

To add some, write a module with a tuple of `Attack` and name it in `test_attacks.py`. An attack that nothing stops has
to say why it does no harm.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from edge.review.code_changes import Code, Comparison
from edge.review.reviewing import review
from edge.tfplan.model import PlanError
from environments.checked import Environment
from tests.plans import environment_name, environment_toml
from tests.support.files import environment_of
from tests.support.reviewing import Plan, configuration, ids, plan, resource, risks_of
from tests.support.synthesizing import synthesize

PROD, STAGING = "no_change", "staging_no_change"
REFUSED = "refused"
ELSEWHERE = "load-balancer.attacker.example"


@dataclass
class Desk:
    """What lies before somebody: a plan, the configuration that it is planned from, and that which the base makes."""

    name: str
    toml: str = field(init=False)
    plan: Plan = field(init=False)
    planned: dict[str, Any] = field(init=False)
    base: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.plan, self.toml = plan(self.name), environment_toml(self.name)
        self.planned, self.base = configuration(self.name), configuration(self.name)

    @property
    def environment(self) -> Environment:
        """The environment of the file that lies here."""
        return environment_of(self.toml, environment_name(self.name))

    def write(self, old: str, new: str) -> None:
        """Change one text of the file, and synthesize it again with unchanged code."""
        assert self.toml.count(old) == 1, old
        self.toml = self.toml.replace(old, new)
        self.planned = synthesize(self.environment)
        self.base = copy.deepcopy(self.planned)

    def change(self, address: str) -> dict[str, Any]:
        """The change of a resource, which becomes an update where it was none."""
        found: dict[str, Any] = resource(self.plan, address)["change"]
        if found["actions"] == ["no-op"]:
            found["actions"] = ["update"]
        return found

    def block(self, address: str) -> dict[str, Any]:
        """The planned block of a resource."""
        type, name = address.split(".")
        found: dict[str, Any] = self.planned["resource"][type][name]
        return found

    def found(self) -> set[str]:
        """The ids of all that stops the plan, or that it is refused."""
        code = Code(self.planned, Comparison.of("main", self.base, self.planned))
        try:
            made = review(self.plan, self.environment, code)
        except PlanError:
            return {REFUSED, *self._found_in_spite()}
        return set(ids(made)) if made.exit_code else set()

    def _found_in_spite(self) -> set[str]:
        """What the risks' own rules find in a plan that does not fit its file; nothing in what is no plan at all."""
        try:
            return set(risks_of(self.name, self.plan))
        except PlanError:
            return set()


Act = Callable[[Desk], object]


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One attack: what is done at which desk, and the id of a risk that stops it, or why it is `harmless`."""

    name: str
    desk: str
    act: Act
    by: str = ""
    harmless: str = ""

    def __str__(self) -> str:
        return self.name


def after(address: str, **attributes: Any) -> Act:
    """Plan other values for some attributes; "__" in a name leads into a block that stands once."""

    def act(desk: Desk) -> None:
        body = desk.change(address)
        body["after"] = copy.deepcopy(body["after"])
        for path, value in attributes.items():
            *blocks, last = path.split("__")
            place = body["after"]
            for block in blocks:
                place = place[block][0] if isinstance(place[block], list) else place[block]
            place[last] = value

    return act


def unknown(address: str, *attributes: str) -> Act:
    """Let some attributes be known only after the deploy."""

    def act(desk: Desk) -> None:
        body = desk.change(address)
        body["after"] = {key: value for key, value in body["after"].items() if key not in attributes}
        body["after_unknown"] = {**body["after_unknown"], **dict.fromkeys(attributes, True)}

    return act


def secret(address: str, attribute: str, value: Any) -> Act:
    """Plan another value for an attribute, and mark it as sensitive."""

    def act(desk: Desk) -> None:
        after(address, **{attribute: value})(desk)
        desk.change(address)["after_sensitive"] = {attribute: True}

    return act


def added(address: str, **attributes: Any) -> Act:
    """Plan one resource more."""

    def act(desk: Desk) -> None:
        type, name = address.split(".")
        body = {"actions": ["create"], "before": None, "after": attributes, "after_unknown": {}}
        entry = {"address": address, "mode": "managed", "type": type, "name": name, "change": body}
        desk.plan["resource_changes"].append(entry)

    return act


def actions(address: str, *words: str) -> Act:
    """Let Terraform do something else to a resource."""

    def act(desk: Desk) -> None:
        body = desk.change(address)
        body["actions"] = list(words)
        if words in (("delete",), ("forget",)):
            body["after"] = None

    return act


def both(*acts: Act) -> Act:
    """Do several things."""
    return lambda desk: [act(desk) for act in acts]
