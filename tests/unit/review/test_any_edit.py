"""Whatever value of whatever resource of a plan is another than the file explains: the review asks."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.review.explained.defaults import DEFAULTS
from edge.review.explained.plans import strays
from edge.review.reviewing import review
from edge.tfplan.model import PlanError
from edge.tfplan.parse import parse
from tests.support.reviewing import Plan, code, environment, plan, stored_review

EXAMPLES = 200
PLANS = ("no_change", "new_service", "san_added", "settings_changed", "staging_no_change", "staging_new_service")
NOTHING: tuple[Any, ...] = (None, [], {})

Path = tuple[str | int, ...]


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a value, tables and lists as well as what they hold."""
    if path:
        yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from paths(entry, (*path, key))


@cache
def places(name: str) -> list[tuple[str, Path]]:
    """Every attribute of every resource that a stored plan leaves or makes, and every part of one."""
    return [
        (change["address"], path)
        for change in plan(name)["resource_changes"]
        if change["mode"] == "managed" and change["change"]["after"] is not None
        for path in paths(change["change"]["after"])
    ]


def at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def others(value: Any) -> list[Any]:
    """Values that mean something else."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, -value - 1]
    if isinstance(value, str):
        return [f"{value}x", "another", f"x{value}"]
    if isinstance(value, list):
        return [[*value, "another"], value[1:]] if value else [["another"]]
    if isinstance(value, dict):
        return [{**value, "another": "value"}]
    return ["another", True, 7, ["another"]]


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str, Path, Any]:
    """A plan, one place of one resource in it, and what shall stand there."""
    name = draw(st.sampled_from(PLANS))
    address, path = draw(st.sampled_from(places(name)))
    content = next(item for item in plan(name)["resource_changes"] if item["address"] == address)
    return name, address, path, draw(st.sampled_from(others(at(content["change"]["after"], path))))


def edited(name: str, address: str, path: Path, value: Any) -> Plan:
    content = plan(name)
    body = next(item["change"] for item in content["resource_changes"] if item["address"] == address)
    body["after"] = copy.deepcopy(body["after"])
    *above, last = path
    at(body["after"], tuple(above))[last] = value
    if body["actions"] == ["no-op"]:
        body["actions"] = ["update"]
    return content


def is_explained(name: str, address: str, path: Path, value: Any) -> bool:
    """Say whether the file explains an edit: nothing where it sets nothing, or what the provider plans then."""
    type, given_name = address.split(".")
    block: Any = code(name).configuration["resource"][type][given_name]
    for key in path:
        block = block[0] if isinstance(block, list) and len(block) == 1 and isinstance(key, str) else block
        block = block.get(key) if isinstance(block, dict) and isinstance(key, str) else block
    dotted = ".".join(key for key in path if isinstance(key, str))
    return block in NOTHING and (value in NOTHING or value == DEFAULTS.get(type, {}).get(dotted))


def asks(name: str, content: Plan) -> bool:
    behind = code(name)
    if any(strays(parse(content), behind.configuration)):
        return True
    try:
        return bool(review(content, environment(name), behind).exit_code)
    except PlanError:
        return True


@settings(max_examples=EXAMPLES, deadline=None)
@given(edits())
def test_any_edit_that_the_file_does_not_explain_asks(edit: tuple[str, str, Path, Any]) -> None:
    assert asks(edit[0], edited(*edit)) or is_explained(*edit)


@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(st.sampled_from(PLANS), st.data())
def test_what_is_known_only_after_the_deploy_cannot_be_made_up(name: str, data: st.DataObject) -> None:
    """An attribute that the plan leaves to AWS gets a value before that."""
    content = plan(name)
    places = [
        (body, key)
        for item in content["resource_changes"]
        if item["mode"] == "managed" and isinstance((body := item["change"])["after_unknown"], dict)
        for key, mask in body["after_unknown"].items()
        if mask is True
    ]
    if not places:
        return
    body, key = data.draw(st.sampled_from(places))
    body["after_unknown"] = {name: mask for name, mask in body["after_unknown"].items() if name != key}
    body["after"] = {**body["after"], key: data.draw(st.sampled_from(["another", 7, True, ["another"]]))}
    assert asks(name, content)


@pytest.mark.parametrize("name", PLANS)
def test_none_of_them_asks_before_the_edit(name: str) -> None:
    assert stored_review(name).risks == ()
