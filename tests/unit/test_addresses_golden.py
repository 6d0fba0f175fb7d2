"""Addresses are an interface: they stand in people's states. Those of the first release stay, and none joins unnoticed.

The lists in `addresses/` are sorted, one address a line. Where one changes, every state that holds it changes too: that
needs a `moved` block (`modules/addresses.py`), a line in CHANGELOG.md and a row in docs/upgrading.md.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LISTS = Path(__file__).parent / "addresses"


def addresses(stack: dict[str, Any]) -> Iterator[str]:
    for block, prefix in (("resource", ""), ("data", "data.")):
        for kind, named in stack.get(block, {}).items():
            yield from (f"{prefix}{kind}.{name}" for name in named)
    yield from (f"output.{name}" for name in stack.get("output", {}))


@pytest.mark.parametrize(
    ("name", "fixture"), [("prod", "prod_stack"), ("staging", "managed_stack"), ("everything", "everything_stack")]
)
def test_addresses_are_those_of_the_first_release(name: str, fixture: str, request: pytest.FixtureRequest) -> None:
    stack: dict[str, Any] = request.getfixturevalue(fixture)
    assert sorted(addresses(stack)) == (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
