"""A command is followed line by line while it runs, and what it said stays in a file."""

import os
import sys
from pathlib import Path

import pytest

from edge.terraform.child_processes import follow

SCRIPT = """
import sys, time
print("one", flush=True)
time.sleep(0.3)
sys.stderr.write("two\\nthree\\n")
sys.exit(3)
"""


def test_each_line_is_handed_on_and_kept_and_the_exit_code_given(tmp_path: Path) -> None:
    lines: list[str] = []
    ticks: list[int] = []
    code = follow(
        [sys.executable, "-c", SCRIPT],
        environ=os.environ,
        folder=tmp_path,
        log=tmp_path / "log",
        take=lines.append,
        tick=lambda: ticks.append(len(lines)),
    )
    assert (code, lines) == (3, ["one", "two", "three"])
    assert (tmp_path / "log").read_text(encoding="utf-8") == "one\ntwo\nthree\n"
    assert 1 in ticks, "it handed on nothing before the end"


def test_what_stops_the_watching_ends_the_command(tmp_path: Path) -> None:
    def take(line: str) -> None:
        raise KeyboardInterrupt(line)

    script = f"{SCRIPT.replace('0.3', '60')}"
    with pytest.raises(KeyboardInterrupt):
        follow(
            [sys.executable, "-c", script],
            environ=os.environ,
            folder=tmp_path,
            log=tmp_path / "log",
            take=take,
            tick=lambda: None,
        )
    assert "two" not in (tmp_path / "log").read_text(encoding="utf-8")
