"""A command ends with a sentence also where a standard stream is closed, or the folder around it has been removed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.files import ROOT


def ended(line: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which `edge` is the command."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    script = f'edge() {{ "{sys.executable}" -m edge "$@"; }}; {line}'
    return subprocess.run(["sh", "-c", script], cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("line", "code"),
    [("edge validate >&-", 0), ("edge validate <&- >&- 2>&-", 0), ("edge deploy prod <&-", 2), ("edge bogus 2>&-", 2)],
)
def test_a_closed_stream_changes_no_exit_code(line: str, code: int) -> None:
    result = ended(line)
    assert result.returncode == code
    assert "Traceback" not in result.stderr


def test_a_folder_that_was_removed_is_reported(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    result = ended("rmdir ../gone && edge validate", tmp_path / "gone")
    assert result.returncode == 2
    assert result.stderr == (
        "The folder in which this shell stands cannot be read (No such file or directory); "
        "go to another one with `cd`.\n"
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (r"edge \"$(printf '\033[31mx')\"", r'There is no command "\u001b[31mx"; edge --help lists them.'),
        (
            r"edge validate \"$(printf '\033[31mx')\"",
            r"edge validate does not take \u001b[31mx; see edge validate --help",
        ),
        ("edge --nope", "edge does not take --nope without a command; edge --help lists both."),
        ("edge tool ''", "Name a program: edge tool terraform version"),
    ],
)
def test_words_are_repeated_as_a_terminal_can_show_them(line: str, sentence: str) -> None:
    result = ended(line.replace(r"\"", '"'))
    assert (result.returncode, result.stderr) == (2, f"{sentence}\n")
