"""The tests pass whatever right thing the user's files say: adding a service, or moving in, breaks none of them.

`python -m tests.variations` changes one thing at a time, and runs all of `make check`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.variations import prepare, run_in

pytestmark = [pytest.mark.slow, pytest.mark.takes(minutes=4)]

# `not slow` leaves this file out, which would begin again in every checkout.
CHECKED = ("tests/unit", "tests/architecture", "-m", "not slow")
COLLECTED = ("tests/engine", "--collect-only")
COUPLED = """
from tests.files import PROD_TOML, ROOT


def test_production_is_as_it_ships() -> None:
    assert (ROOT / "environments" / "prod.toml").read_bytes() == PROD_TOML.read_bytes()
"""


widest = pytest.mark.parametrize("name", ["everything", "service-and-without-staging"])


def pytest_in(checkout: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    python = checkout / ".venv" / "bin" / Path(sys.executable).name
    return run_in(checkout, [str(python), "-m", "pytest", "--quiet", *arguments], seconds=800)


@widest
def test_no_test_depends_on_the_users_files(name: str, tmp_path: Path) -> None:
    """Engine tests take too long here; that they can be collected shows that none reads what is gone as it loads."""
    prepare(tmp_path, name)
    for arguments in (COLLECTED, CHECKED):
        done = pytest_in(tmp_path, *arguments)
        assert done.returncode == 0, done.stdout[-20_000:]


@widest
def test_a_test_that_depends_on_them_would_be_found(name: str, tmp_path: Path) -> None:
    prepare(tmp_path, name)
    (tmp_path / "tests" / "unit" / "test_coupled.py").write_text(COUPLED, encoding="utf-8")
    done = pytest_in(tmp_path, "tests/unit/test_coupled.py")
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout
