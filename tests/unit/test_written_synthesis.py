"""Every value that modules/ gives Terraform, compared with tests/synthesis/: nothing changes there unseen."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from environments.checked import Environment
from imports import engine
from tests.engines import written_lines
from tests.synthesis import STACKS, lines


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_is_synthesized_to_what_is_written(
    name: str, synthesized: Callable[[Environment], dict[str, Any]]
) -> None:
    """Where the change is meant, `python -m tests.synthesis` writes it, with the default engine."""
    found = lines(synthesized(STACKS[name]())).splitlines()
    assert found == written_lines(name, engine.chosen(os.environ).name).splitlines()


def test_every_value_has_a_line_of_its_own() -> None:
    written = lines({"b": [{"c": True}, "x"], "a": {"empty": {}, "none": []}})
    assert written.splitlines() == ["a.empty = {}", "a.none = []", "b.0.c = True", "b.1 = 'x'"]
