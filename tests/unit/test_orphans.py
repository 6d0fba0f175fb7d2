"""What a killed process leaves running ends: at once what may, after its own end what holds a lock."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from edge.terraform import child_processes, orphans
from tests.support.files import ROOT
from tests.support.processes import Nothing, outlive, wait_for

# Starts a grandchild in a session of its own, as cdktf starts Terraform; writes both ids down and waits.
FAMILY = """
import os, pathlib, subprocess, sys, time
grandchild = subprocess.Popen(["sleep", "300"], start_new_session=True)
pathlib.Path(sys.argv[1], "ids.new").write_text(f"{os.getpid()} {grandchild.pid}")
os.rename(pathlib.Path(sys.argv[1], "ids.new"), pathlib.Path(sys.argv[1], "ids"))
time.sleep(300)
"""
# Takes its time to finish after an interrupt, as Terraform does with an apply, and speaks meanwhile.
FINISHING = """
import os, pathlib, signal, sys, time
folder = pathlib.Path(sys.argv[1])
heard = []
signal.signal(signal.SIGINT, lambda *_: heard.append(1))
(folder / "ids.new").write_text(str(os.getpid()))
os.rename(folder / "ids.new", folder / "ids")
while not heard:
    time.sleep(0.02)
(folder / "heard").touch()
for _ in range(20):
    print("finishing", file=sys.stderr, flush=True)
    time.sleep(0.1)
(folder / "finished").write_text(str(len(heard)))
"""
PARENT = """
import os, pathlib, sys
from edge.terraform import child_processes
start = getattr(child_processes, sys.argv[1])
start([sys.executable, "-c", sys.argv[2], sys.argv[3]], environ=os.environ, folder=pathlib.Path.cwd())
"""


@pytest.fixture
def parents() -> Iterator[list["subprocess.Popen[bytes]"]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for parent in started:
        parent.kill()
        parent.wait()


def start(function: str, child: str, folder: Path, parents: list["subprocess.Popen[bytes]"]) -> list[int]:
    """Start a parent that starts a child with a function; give the ids that the child writes down."""
    parents.append(subprocess.Popen([sys.executable, "-c", PARENT, function, child, str(folder)], cwd=ROOT))
    wait_for((folder / "ids").exists)
    return [int(pid) for pid in (folder / "ids").read_text(encoding="utf-8").split()]


def test_a_killed_parent_takes_its_whole_tree_along(tmp_path: Path, parents: list["subprocess.Popen[bytes]"]) -> None:
    family = start("run", FAMILY, tmp_path, parents)
    parents[0].kill()
    assert outlive(family, seconds=5) == []


def test_an_orderly_end_leaves_no_watcher(tmp_path: Path, parents: list["subprocess.Popen[bytes]"]) -> None:
    start("run", FAMILY, tmp_path, parents)
    watchers = [item for item in psutil.Process(parents[0].pid).children() if item.name() == "sh"]
    assert len(watchers) == 1
    parents[0].send_signal(signal.SIGINT)
    parents[0].wait(30)
    assert outlive([watchers[0].pid], seconds=1) == []


FORGETFUL = """
import os, subprocess
from edge.terraform import child_processes, orphans
print(subprocess.Popen(["sleep", "300"], env=orphans.marked(os.environ), stdout=subprocess.DEVNULL).pid)
"""


def test_an_orderly_end_ends_what_was_forgotten() -> None:
    done = subprocess.run([sys.executable, "-c", FORGETFUL], cwd=ROOT, capture_output=True, text=True, check=True)
    assert outlive([int(done.stdout)], seconds=5) == []


@pytest.mark.parametrize(
    "before", [[], [signal.SIGINT], [signal.SIGTERM]], ids=["at once", "after SIGINT", "after SIGTERM"]
)
def test_what_holds_a_lock_hears_of_one_interrupt_and_finishes(
    before: list[signal.Signals], tmp_path: Path, parents: list["subprocess.Popen[bytes]"]
) -> None:
    child = start("relay", FINISHING, tmp_path, parents)
    for number in before:
        parents[0].send_signal(number)
        wait_for((tmp_path / "heard").exists)
    parents[0].kill()
    assert outlive(child, seconds=15) == []
    assert (tmp_path / "finished").read_text(encoding="utf-8") == "1"


def sleeping(mark: str, code: str = "pass") -> "subprocess.Popen[str]":
    """Start a process with a mark of its own; give it once its code has run."""
    command = [sys.executable, "-c", f"import signal, time; {code}; print(flush=True); time.sleep(60)"]
    environ = {**os.environ, orphans.MARK: mark}
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.mark.timeout(60)
def test_what_ignores_the_interrupt_is_killed_after_the_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "GRACE_SECONDS", 0.5)
    deaf = "signal.signal(signal.SIGINT, signal.SIG_IGN)"
    with (
        sleeping("token-a", deaf) as ours,
        sleeping("token-a/finishes", deaf) as finishing,
        sleeping("token-b") as other,
    ):
        try:
            started = time.monotonic()
            orphans.end_marked("token-a")
            assert time.monotonic() - started < 5
            assert ours.wait(5) == -signal.SIGKILL
            time.sleep(0.2)
            assert (finishing.poll(), other.poll()) == (None, None)
        finally:
            for process in (ours, finishing, other):
                process.kill()


# Starts one that waits, as Terraform starts a provider, and ends itself by the signal that it is given.
KILLED = 'sleep 300 >/dev/null 2>&1 & echo $! > "$0/id"; [ "$1" = none ] || kill -s "$1" $$'


@pytest.mark.parametrize("start", ["run", "follow", "relay"])
@pytest.mark.parametrize("ended_by", ["KILL", "none"])
def test_what_a_killed_command_started_ends_with_it(start: str, ended_by: str, tmp_path: Path) -> None:
    """Terraform's providers wait for ever where the system kills Terraform; what ends by itself may leave something."""
    command = ["/bin/sh", "-c", KILLED, str(tmp_path), ended_by]
    starts: dict[str, Callable[[], object]] = {
        "run": lambda: child_processes.run(command, environ=os.environ, folder=tmp_path),
        "relay": lambda: child_processes.relay(command, environ=os.environ, folder=tmp_path),
        "follow": lambda: child_processes.follow(
            command, environ=os.environ, folder=tmp_path, log=tmp_path / "log", watch=Nothing()
        ),
    }
    starts[start]()
    left = int((tmp_path / "id").read_text())
    if ended_by == "none":
        psutil.Process(left).kill()
    wait_for(lambda: not psutil.pid_exists(left))
