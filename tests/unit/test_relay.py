"""A command that must end by itself hears of every Ctrl-C once, of a cancelled run once in all, and is waited for."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.files import ROOT

# Counts what it is told, finishes its work, and says what it heard.
CHILD = """
import pathlib, signal, sys, time
heard = []
signal.signal(signal.SIGINT, lambda *_: heard.append("INT"))
signal.signal(signal.SIGTERM, lambda *_: heard.append("TERM"))
pathlib.Path(sys.argv[1]).touch()
end = time.monotonic() + 2.0
while time.monotonic() < end:
    time.sleep(0.05)
print("finished after", *heard, flush=True)
sys.exit(len(heard))
"""
PARENT = """
import os, pathlib, sys
from tools.processes import relay
done = relay([sys.executable, "-c", sys.argv[1], sys.argv[2]], environ=os.environ, folder=pathlib.Path.cwd())
print("ended with", done.returncode)
"""


@pytest.mark.parametrize(
    ("signals", "heard"),
    [
        ([signal.SIGINT], "INT"),
        ([signal.SIGTERM], "INT"),
        ([signal.SIGHUP], "INT"),
        ([signal.SIGINT, signal.SIGTERM], "INT"),
        ([signal.SIGTERM, signal.SIGHUP, signal.SIGTERM], "INT"),
        ([signal.SIGINT, signal.SIGINT], "INT INT"),
        ([], ""),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_this_process_is_told_goes_on_once(signals: list[signal.Signals], heard: str, tmp_path: Path) -> None:
    started = tmp_path / "started"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD, str(started)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not started.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    for number in signals:
        os.killpg(parent.pid, number)  # as a terminal and as a runner do: to the whole group
        time.sleep(0.2)
    said, _ = parent.communicate(timeout=30)
    assert [line.strip() for line in said.splitlines()] == [
        f"finished after {heard}".strip(),
        f"ended with {len(heard.split())}",
    ]
    assert parent.returncode == 0
