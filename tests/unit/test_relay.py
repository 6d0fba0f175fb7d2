"""A command that must end by itself hears of every Ctrl-C, of a cancelled run once in all, and is waited for."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.files import ROOT
from tests.support.processes import wait_for

# Writes down what it is told, until it may end.
CHILD = """
import pathlib, signal, sys, time
folder = pathlib.Path(sys.argv[1])
heard = []
def hear(number, _):
    heard.append(signal.Signals(number).name)
    (folder / f"heard-{len(heard)}").touch()
signal.signal(signal.SIGINT, hear)
signal.signal(signal.SIGTERM, hear)
(folder / "started").touch()
while not (folder / "end").exists():
    time.sleep(0.02)
print("finished after", *heard, flush=True)
sys.exit(len(heard))
"""
PARENT = """
import os, pathlib, sys
from edge.terraform.child_processes import relay
done = relay([sys.executable, "-c", sys.argv[1], sys.argv[2]], environ=os.environ, folder=pathlib.Path.cwd())
print("ended with", done.returncode)
"""
INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


# Each signal, and whether it goes on.
@pytest.mark.parametrize(
    "signals",
    [
        [],
        [(INT, True)],
        [(TERM, True), (HUP, False), (TERM, False)],
        [(HUP, True)],
        [(INT, True), (TERM, False)],
        [(INT, True), (INT, True)],
        [(TERM, True), (INT, True)],
    ],
    ids=str,
)
def test_what_this_process_is_told_goes_on(signals: list[tuple[signal.Signals, bool]], tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for((tmp_path / "started").exists)
    heard = 0
    for number, goes_on in signals:
        os.killpg(parent.pid, number)  # as a terminal and as a runner do: to the whole group
        heard += goes_on
        if goes_on:
            wait_for((tmp_path / f"heard-{heard}").exists)
        else:
            time.sleep(0.2)
    (tmp_path / "end").touch()
    said, _ = parent.communicate(timeout=60)
    assert said.splitlines() == [" ".join(["finished after", *["SIGINT"] * heard]), f"ended with {heard}"]
    assert parent.returncode == 0
