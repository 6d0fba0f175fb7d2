"""A command is followed line by line while it runs, and what it said stays in a file."""

import os
import sys
from pathlib import Path

import pytest

from edge.terraform.child_processes import follow, relay

SCRIPT = """
import sys, time
print("one", flush=True)
time.sleep(0.3)
sys.stderr.write("two\\nthree")
sys.exit(3)
"""


class Keeping:
    """Keeps the lines, and how many there were at each tick."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.ticks: list[int] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def tick(self) -> None:
        self.ticks.append(len(self.lines))


class Interrupting(Keeping):
    """Is interrupted by the first line."""

    def line(self, text: str) -> None:
        raise KeyboardInterrupt(text)


def test_each_line_is_handed_on_and_kept_and_the_exit_code_given(tmp_path: Path) -> None:
    watch, log = Keeping(), tmp_path / "log"
    code = follow([sys.executable, "-c", SCRIPT], environ=os.environ, folder=tmp_path, log=log, watch=watch)
    assert (code, watch.lines) == (3, ["one", "two", "three"])
    assert log.read_text(encoding="utf-8") == "one\ntwo\nthree"
    assert 1 in watch.ticks, "it handed on nothing before the end"
    assert log.stat().st_mode & 0o777 == 0o600


def test_what_stops_the_watching_ends_the_command(tmp_path: Path) -> None:
    command, log = [sys.executable, "-c", SCRIPT.replace("0.3", "60")], tmp_path / "log"
    with pytest.raises(KeyboardInterrupt):
        follow(command, environ=os.environ, folder=tmp_path, log=log, watch=Interrupting())
    assert "two" not in log.read_text(encoding="utf-8")


def test_a_command_that_must_end_is_followed_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its standard error is in the log too, and not shown by itself."""
    watch, log = Keeping(), tmp_path / "log"
    done = relay([sys.executable, "-c", SCRIPT], environ=os.environ, folder=tmp_path, log=log, watch=watch)
    assert (done.returncode, done.stderr, watch.lines) == (3, "", ["one", "two", "three"])
    assert log.read_text(encoding="utf-8") == "one\ntwo\nthree"
    assert capsys.readouterr().err == ""
