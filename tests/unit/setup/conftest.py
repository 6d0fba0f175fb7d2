"""A clone in a temporary folder, and programs that only answer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.places import Places
from bootstrap.processes import Session

FakeProgram = Callable[..., Path]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    root = tmp_path / "a clone"
    root.mkdir()
    return Places(root)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The one folder on the PATH of the pretended machine."""
    folder = tmp_path / "machine"
    folder.mkdir()
    return folder


@pytest.fixture
def session(places: Places, machine: Path, tmp_path: Path) -> Session:
    return Session(places, {"PATH": str(machine), "HOME": str(tmp_path / "home")})


@pytest.fixture
def program(machine: Path) -> FakeProgram:
    def write(name: str, says: str, *, exit_code: int = 0, folder: Path = machine) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / name
        file.write_text(f"#!/bin/sh\necho '{says}'\nexit {exit_code}\n", encoding="utf-8")
        file.chmod(0o755)
        return file

    return write


@pytest.fixture(autouse=True)
def no_mirrors_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Pretend that /opt, and the system's data folders, are an empty folder that a test may fill."""
    folder = tmp_path / "opt"
    folder.mkdir()
    monkeypatch.setattr("bootstrap.mirrors.LOCAL_SOFTWARE", folder)
    monkeypatch.setattr("bootstrap.mirrors.SHARED_DATA", "")
    return folder
