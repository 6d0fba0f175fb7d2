"""The differences between engines are written down, explained, and shown in docs/engines.md."""

import os
import re
from collections.abc import Callable
from typing import Any

import pytest

from environments.checked import Environment
from imports import engine
from tests import engines
from tests.support.files import ROOT
from tests.synthesis import STACKS, lines

PAGE = ROOT / "docs" / "engines.md"


def test_every_other_engine_is_written_down_for_every_stack() -> None:
    others = [name for name in engine.ENGINES if name != engine.DEFAULT.name]
    assert [(name, list(stacks)) for name, stacks in engines.stored().items()] == [
        (name, list(STACKS)) for name in others
    ]


def test_the_default_value_of_a_difference_is_what_the_default_engine_writes() -> None:
    for stacks in engines.stored().values():
        for stack, found in stacks.items():
            written = engines.differences("", engines.written_lines(stack))
            assert {path: before for path, (before, _) in found.items() if path in written} == {
                path: written[path][1] for path in found if path in written
            }


def test_every_difference_has_an_explanation_and_every_explanation_a_difference() -> None:
    paths = {path for stacks in engines.stored().values() for found in stacks.values() for path in found}
    assert [path for path in paths if engines.explanation(path) is None] == []
    assert [pattern for pattern in engines.EXPLANATIONS if not any(re.fullmatch(pattern, path) for path in paths)] == []


def test_the_page_shows_the_differences() -> None:
    """`python -m tests.engines --table` prints it."""
    found = re.search(
        r"<!-- differences -->\n(.*?)\n<!-- /differences -->", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert found
    assert found[1].splitlines() == engines.table().splitlines()


def test_the_page_names_every_engine_and_its_version() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in engine.ENGINES if f"| `{name}` |" not in text] == []
    assert [known.version for known in engine.ENGINES.values() if known.version not in text] == []


@pytest.mark.parametrize("stack", STACKS)
def test_the_engine_that_is_set_differs_in_nothing_else(
    stack: str, synthesized: Callable[[Environment], dict[str, Any]]
) -> None:
    name = engine.chosen(os.environ).name
    found = engines.differences(engines.written_lines(stack), lines(synthesized(STACKS[stack]())))
    assert found == engines.stored().get(name, {}).get(stack, {})


# The comparison itself


def test_a_value_that_changes_comes_or_goes_is_a_difference() -> None:
    default = {"a": {"version": "1"}, "b": [1, 2], "c": {}}
    other = {"a": {"version": "2"}, "b": [1], "d": []}
    found = engines.differences(lines(default), lines(other))
    assert found == {"a.version": ("'1'", "'2'"), "b.1": ("2", None), "c": ("{}", None), "d": (None, "[]")}
    assert engines.applied(lines(default), found) == lines(other)


@pytest.mark.parametrize(
    ("other", "faults"),
    [
        ({"terraform": {"required_providers": {"aws": {"version": "6"}}}, "x": 1}, []),
        ({"terraform": {"required_providers": {"aws": {"version": "5"}}}, "x": 2}, ["x: 1 -> 2"]),
        ({"terraform": {"required_providers": {"aws": {"version": "5"}}}}, ["x: 1 -> None"]),
        (
            {
                "terraform": {"required_providers": {"aws": {"version": "5"}}},
                "x": 1,
                "//": {"metadata": {"version": "6"}},
            },
            [],
        ),
        ({"x": 1, "terraform": {"required_providers": {"aws": {"version": "6"}}}}, ["the keys stand in another order"]),
    ],
)
def test_what_no_explanation_covers_is_reported(other: dict[str, Any], faults: list[str]) -> None:
    default = {"terraform": {"required_providers": {"aws": {"version": "5"}}}, "x": 1}
    assert engines.unexplained(default, other) == faults
