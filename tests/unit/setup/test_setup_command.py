"""The command that set-up writes: it runs its own clone, from any folder and through links."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import command
from bootstrap.places import Places
from bootstrap.processes import Session

EDGE = "import sys\n\ndef main() -> int:\n    print(__file__, *sys.argv[1:])\n    return 7\n"


@pytest.fixture
def written(session: Session) -> Path:
    """Make a clone whose edge only says where it lies, with the command in it."""
    _clone(session.places.root)
    session.places.python.parent.mkdir(parents=True)
    session.places.python.symlink_to(sys.executable)
    command.write(session)
    return session.places.command


def _clone(root: Path) -> Path:
    (root / "edge").mkdir(parents=True)
    (root / "edge" / "__main__.py").write_text(EDGE, encoding="utf-8")
    return root / "edge" / "__main__.py"


def run(*line: str | Path, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environ = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(line, cwd=folder, env=environ, capture_output=True, text=True, timeout=30, check=False)


def test_it_runs_the_clone_from_any_folder_with_its_arguments_and_exit_code(written: Path, tmp_path: Path) -> None:
    done = run(written, "deploy", "a b", "$(id)", folder=tmp_path)
    assert done.stdout == f"{written.parents[2] / 'edge' / '__main__.py'} deploy a b $(id)\n"
    assert (done.returncode, done.stderr) == (7, "")


def test_it_is_found_on_the_path_and_through_a_link(written: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "edge").symlink_to(written)
    wanted = f"{written.parents[2] / 'edge' / '__main__.py'}\n"
    assert run("edge", folder=tmp_path, PATH=f"{written.parent}:{os.environ['PATH']}").stdout == wanted
    assert run(tmp_path / "bin" / "edge", folder=tmp_path).stdout == wanted


def test_a_clone_whose_virtual_environment_is_a_link_runs_its_own_files(written: Path, tmp_path: Path) -> None:
    other = _clone(tmp_path / "another clone")
    (other.parents[1] / ".venv").symlink_to(written.parents[1])
    assert run(other.parents[1] / ".venv" / "bin" / "edge", folder=tmp_path).stdout == f"{other}\n"


def test_a_copy_elsewhere_says_what_to_do(written: Path, tmp_path: Path) -> None:
    copy = tmp_path / "edge"
    copy.write_text(written.read_text(encoding="utf-8"), encoding="utf-8")
    done = run("sh", copy, folder=tmp_path)
    assert (done.returncode, done.stderr) == (
        1,
        f"{copy} belongs to no clone of the project; run `make setup` in one.\n",
    )


@pytest.mark.parametrize("name", ["plain", "a b", "a $HOME", "a `id`", 'a "b"', "a \\ b", "it's"])
def test_the_path_of_its_python_may_hold_anything(name: str, tmp_path: Path) -> None:
    places = Places(tmp_path / name)
    _clone(places.root)
    places.python.parent.mkdir(parents=True)
    places.python.symlink_to(sys.executable)
    command.write(Session(places, {}))
    assert run(places.command, "x", folder=tmp_path).stdout == f"{places.root / 'edge' / '__main__.py'} x\n"


def test_it_is_written_once_and_again_where_it_was_changed(session: Session, written: Path) -> None:
    steps = session.steps
    command.write(session)
    assert session.steps == steps
    written.write_text("#!/bin/sh\n", encoding="utf-8")
    command.write(session)
    assert session.steps == steps + 1
    assert written.read_text(encoding="utf-8") == command.script(session.places)
    assert os.access(written, os.X_OK)
