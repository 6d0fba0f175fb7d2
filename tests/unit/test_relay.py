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

# Writes down the signals that it gets, until it may end.
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
command = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
done = relay(command, environ=os.environ, folder=pathlib.Path.cwd(), finishing=sys.argv[3])
print("ended with", done.returncode)
"""
INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


def noted(signals: list[tuple[signal.Signals, bool]], folder: Path, *, finishing: str) -> tuple[list[str], str]:
    """Send signals to a process that relays; give what it printed, and what it seen on standard error."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD, str(folder), finishing],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for((folder / "started").exists)
    heard = 0
    for number, goes_on in signals:
        os.killpg(parent.pid, number)  # as a terminal and as a runner do: to the whole group
        heard += goes_on
        if goes_on:
            wait_for((folder / f"heard-{heard}").exists)
        else:
            time.sleep(0.2)
    (folder / "end").touch()
    seen, errors = parent.communicate(timeout=60)
    return seen.splitlines(), errors


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
def test_a_signal_to_this_process_goes_on(signals: list[tuple[signal.Signals, bool]], tmp_path: Path) -> None:
    heard = sum(goes_on for _, goes_on in signals)
    seen, errors = noted(signals, tmp_path, finishing="")
    assert seen == [" ".join(["finished after", *["SIGINT"] * heard]), f"ended with {heard}"]
    assert errors == ""


@pytest.mark.parametrize(
    "signals",
    [
        [],
        [(INT, False)],
        [(TERM, False)],
        [(INT, False), (INT, True)],
        [(INT, False), (TERM, True), (TERM, False)],
        [(TERM, False), (INT, True), (INT, True)],
    ],
    ids=str,
)
def test_what_must_finish_is_let_finish_at_the_first_signal_and_stopped_at_the_second(
    signals: list[tuple[signal.Signals, bool]], tmp_path: Path
) -> None:
    heard = sum(goes_on for _, goes_on in signals)
    seen, errors = noted(signals, tmp_path, finishing="Finishing.")
    assert seen == [" ".join(["finished after", *["SIGINT"] * heard]), f"ended with {heard}"]
    assert errors == ("Finishing.\n" if signals else "")
