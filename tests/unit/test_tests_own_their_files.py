"""The tests pass whatever right thing the user's files say: adding a service, or moving in, breaks none of them.

`python -m tests.variations` changes one thing at a time, and runs all of `make check`.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.files import ROOT
from tests.variations import VARIATIONS, main, prepare, run_in

pytestmark = [pytest.mark.slow, pytest.mark.takes(minutes=4), pytest.mark.timeout(3600)]

WIDEST = "everything"
# `not slow` leaves this file out, which would begin again in every checkout. Left out here is what takes more than half
# of the time: what is drawn, reviews of stored plans, simulated AWS, and children that are waited for. `python -m
# tests.variations` runs all of it.
LONG = (
    "properties",
    "review",
    "setup",
    "watch",
    "test_bootstrap.py",
    "test_lazy_bindings.py",
    "test_mutations.py",
    "test_neighbours_reading.py",
    "test_orphans.py",
    "test_own_environment.py",
    "test_preflight.py",
    "test_progress.py",
    "test_recovering.py",
    "test_removable.py",
    "test_stored_plans.py",
    "test_survey.py",
    "test_verify_rules_property.py",
    "workflows",
)
# The two that are least alike; the others run with `WHOLE=1`.
TRIED = ("service", "without-any")
UNIT = ROOT / "tests" / "unit"
CHECKED = tuple(f"tests/unit/{file.name}" for file in sorted(UNIT.glob("test_*.py")) if file.name not in LONG)
COLLECTED = ("tests/engine", "--collect-only")
COUPLED = """
from tests.support.files import ENVIRONMENTS, ROOT


def test_the_users_environments_are_as_they_ship() -> None:
    shipped = {file.name: file.read_bytes() for file in ENVIRONMENTS.glob("*.toml")}
    assert {file.name: file.read_bytes() for file in (ROOT / "environments").glob("*.toml")} == shipped
"""


def pytest_in(checkout: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    python = checkout / ".venv" / "bin" / Path(sys.executable).name
    return run_in(checkout, [str(python), "-m", "pytest", "--quiet", *arguments], seconds=3400)


@pytest.mark.parametrize("files", [pytest.param(CHECKED, id="all", marks=pytest.mark.whole), CHECKED[::5]])
def test_no_test_depends_on_the_users_files(files: Sequence[str], tmp_path: Path) -> None:
    """Engine tests take too long here; that they can be collected shows that none reads what is gone as it loads."""
    prepare(tmp_path, WIDEST)
    for arguments in (COLLECTED, (*files, "tests/architecture", "-m", "not slow")):
        done = pytest_in(tmp_path, *arguments)
        assert done.returncode == 0, done.stdout[-20_000:]


@pytest.mark.parametrize(
    "name", [name if name in TRIED else pytest.param(name, marks=pytest.mark.whole) for name in VARIATIONS]
)
def test_a_variation_is_right_and_finds_a_test_that_depends_on_the_users_files(name: str, tmp_path: Path) -> None:
    prepare(tmp_path, name)
    (tmp_path / "tests" / "unit" / "test_coupled.py").write_text(COUPLED, encoding="utf-8")
    done = pytest_in(tmp_path, "tests/unit/test_coupled.py", "tests/unit/test_users_files.py")
    assert re.findall(r"^(?:FAILED|ERROR) ([\w/]+)", done.stdout, re.MULTILINE) == ["tests/unit/test_coupled"], (
        done.stdout
    )


def test_a_name_that_is_no_variation_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["everything", "nonsense"]) == 2
    assert capsys.readouterr().err.startswith("nonsense: is not a variation; take one of everything, ")
