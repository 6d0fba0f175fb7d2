"""Processes by their ids: wait until something is so, and until none of them runs any more."""

import time
from collections.abc import Callable, Iterable

import psutil


def wait_for(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def outlive(pids: Iterable[int], *, seconds: float) -> list[str]:
    """Wait until none of the processes runs; give the command lines of those that still do.

    One that has ended, and that nobody has asked about yet, does not run.
    """
    deadline = time.monotonic() + seconds
    left = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    while (left := [process for process in left if runs(process)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return [f"{process.pid} {' '.join(process.cmdline())}" for process in left if process.is_running()]


def runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Nothing:
    """Watches nothing of what a command says."""

    def line(self, text: str) -> None:
        """Take a line."""

    def tick(self) -> None:
        """Take a moment."""
