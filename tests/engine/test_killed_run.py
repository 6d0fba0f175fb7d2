"""A run of tests that is killed leaves nothing behind: no worker, no embedded AWS, no demonstration, no Terraform."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.files import ROOT
from tests.support.processes import outlive, runs, wait_for
from tests.support.workspace import engine_environment

pytestmark = pytest.mark.takes(minutes=1)

ENDS_SECONDS = 30  # it takes about five
# A run with one worker and one test, which starts an embedded AWS and a kept demonstration and writes down their ids.
TEST = """
import json, os, pathlib, subprocess, sys, time
from embedded_aws.child import Server
from tests.support.workspace import engine_environment

def test_that_does_not_end():
    server = Server({}, keep=False, lifetime_seconds=600)
    demo = subprocess.Popen([sys.executable, "-m", "edge", "demo"], env=engine_environment() | {"KEEP": "1"})
    new = pathlib.Path(__file__).with_name("ids.new")
    new.write_text(json.dumps({"worker": os.getpid(), "server": server.pid, "demo": demo.pid}))
    new.rename(new.with_name("ids"))
    time.sleep(600)
"""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[tuple[int, dict[str, int]]]:
    """Start the run, wait until its demonstration has a Terraform with a provider; give all ids of its processes."""
    (tmp_path / "test_endless.py").write_text(TEST, encoding="utf-8")
    options = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-n", "1", "-q", "--rootdir", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, "-c", os.devnull, str(tmp_path)],
        cwd=ROOT,
        env=engine_environment() | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for((tmp_path / "ids").exists)
        ids = json.loads((tmp_path / "ids").read_text(encoding="utf-8"))
        wait_for(lambda: any("terraform-provider" in name for name in names(ids["demo"])), seconds=300)
        yield process.pid, ids
    finally:
        process.kill()
        process.wait()


def names(pid: int) -> list[str]:
    return [name_of(child) for child in psutil.Process(pid).children(recursive=True)]


def name_of(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:  # it has just ended
        return ""


def all_of(pid: int, ids: dict[str, int]) -> set[int]:
    """Give every process of a run but the watchers, which do not end before the others."""
    tree = psutil.Process(pid).children(recursive=True)
    found = {child.pid for child in tree if name_of(child) != "sh"} | {pid}
    assert found >= set(ids.values())
    return found


@pytest.mark.parametrize("killed", ["controller", pytest.param("worker", marks=pytest.mark.whole)])
def test_a_killed_run_leaves_nothing(run: tuple[int, dict[str, int]], killed: str) -> None:
    controller, ids = run
    left = all_of(controller, ids)
    os.kill(controller if killed == "controller" else ids["worker"], signal.SIGKILL)
    if killed == "worker":  # the controller starts another, which would start all of it again
        left -= {controller}
    assert outlive(left, seconds=ENDS_SECONDS) == []


def test_a_killed_demonstration_leaves_only_what_was_to_be_kept(run: tuple[int, dict[str, int]]) -> None:
    _, ids = run
    children = psutil.Process(ids["demo"]).children(recursive=True)
    tree = {child.pid: child for child in children if name_of(child) != "sh"}
    kept = {pid for pid, child in tree.items() if "embedded_aws.server" in child.cmdline()}
    assert len(kept) == 1
    os.kill(ids["demo"], signal.SIGKILL)
    assert outlive(tree.keys() - kept, seconds=ENDS_SECONDS) == []
    assert all(runs(tree[pid]) for pid in kept)
