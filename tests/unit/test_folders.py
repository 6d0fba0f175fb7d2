"""Where a synthesis cannot write: one sentence for each folder, before jsii starts, and nothing changed."""

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from environments.folders import unusable
from tests.support.files import ROOT


def test_what_can_be_written_is_made_and_left_empty(tmp_path: Path) -> None:
    output = tmp_path / "Ümläut and space" / "out"
    assert unusable({"TMPDIR": str(tmp_path), "CDKTF_OUTDIR": str(output)}) == []
    assert list(output.iterdir()) == []


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_the_temporary_folder_is_not_one(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / kind
    if kind == "file":
        folder.write_text("", encoding="utf-8")
    reason = "Not a directory" if kind == "file" else "No such file or directory"
    remedy = "name another folder" if kind == "file" else "create it"
    assert unusable({"TMPDIR": str(folder), "CDKTF_OUTDIR": str(tmp_path / "out")}) == [
        f"TMPDIR: {folder} cannot be written ({reason}); {remedy}, or run `unset TMPDIR`"
    ]


def test_the_output_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    output = tmp_path / "file" / "out"
    assert unusable({"CDKTF_OUTDIR": str(output)}) == [
        f"{output} cannot be written (Not a directory); name another folder with CDKTF_OUTDIR"
    ]


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `/dev/full` answers to every write is what a full disk does."""

    def full(**_: Path) -> BinaryIO:
        return Path("/dev/full").open("wb", buffering=0)

    monkeypatch.setattr("environments.folders.tempfile.TemporaryFile", full)
    (line,) = unusable({"CDKTF_OUTDIR": str(tmp_path)})
    assert "(No space left on device)" in line


def test_a_disk_with_less_room_than_a_synthesis_needs_is_full(tmp_path: Path) -> None:
    """A limit on the size of a file stands for a disk that is nearly full: a few bytes still fit."""
    code = "import os; from environments.folders import unusable; print(unusable(os.environ))"
    command = ["bash", "-c", 'ulimit -f 1024; exec "$@"', "bash", sys.executable, "-c", code]
    environ = {"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "CDKTF_OUTDIR": str(tmp_path / "out")}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.count("(File too large)") == 2


def test_the_app_says_so_and_ends_with_2(tmp_path: Path) -> None:
    environ = {"PATH": "/usr/bin", "TMPDIR": str(tmp_path / "gone"), "CDKTF_OUTDIR": str(tmp_path / "out")}
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("TMPDIR: ")
    assert done.stderr.count("\n") == 1
