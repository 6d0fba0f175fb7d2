"""The import contracts hold for every room, and the docs show the same house."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture import house
from tests.support.files import ROOT

ARCHITECTURE = ROOT / "docs" / "architecture.md"


def test_every_room_of_code_is_under_a_contract() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = {Path(name).parts[0] for name in tracked.stdout.splitlines()} - {"main.py", "tests"}
    assert found == set(house.rooms())


@pytest.mark.parametrize(
    ("room", "allowed"),
    [
        ("environments", []),
        ("imports", []),
        ("bootstrap", []),
        ("modules", ["environments", "imports"]),
        ("embedded_aws", ["environments"]),
        ("edge", ["environments", "embedded_aws", "bootstrap", "bench"]),
        ("bench", ["bootstrap"]),
    ],
)
def test_a_room_imports_only_what_lies_below_it(room: str, allowed: list[str]) -> None:
    assert house.may_import(room) == allowed


def test_no_room_lies_in_a_circle() -> None:
    contract = house.contracts()["circles"]
    assert contract["type"] == "acyclic_siblings"
    assert contract["ancestors"] == house.rooms()


@pytest.mark.parametrize("shown", [house.table(), house.layers_of_edge()], ids=["rooms", "layers of edge"])
def test_the_docs_show_the_contracts(shown: str) -> None:
    assert shown in ARCHITECTURE.read_text(encoding="utf-8"), f"docs/architecture.md lacks:\n{shown}"
