"""Child processes that leave nothing behind, however the parent ends."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psutil

GRACE_SECONDS = 10.0


class TerminatedError(Exception):
    """Somebody asked this process to end (SIGTERM or SIGHUP)."""


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an exception, so that what was started is stopped as on Ctrl-C."""

    def end(number: int, _: FrameType | None) -> None:
        raise TerminatedError(signal.Signals(number).name)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(
    command: Sequence[str | os.PathLike[str]], *, environ: Mapping[str, str], folder: Path, capture: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; where this process is interrupted first, end the command's whole tree.

    The command stands in a session of its own, so that Ctrl-C reaches this process alone, which then ends the tree
    by its process ids (Terraform runs on a pseudo-terminal under cdktf, out of reach of a process group). With
    `capture` its output comes back as text; without, it goes where ours goes.
    """
    pipe = subprocess.PIPE if capture else None
    process = subprocess.Popen(
        command,
        env=dict(environ),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate()
    except BaseException:
        end_tree(process.pid)
        raise
    return subprocess.CompletedProcess(command, process.returncode, output or "", errors or "")


def end_tree(pid: int) -> None:
    """End a process and all its descendants: ask, wait, then kill. A process that is gone already is fine."""
    try:
        root = psutil.Process(pid)
        tree = [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return
    for process in tree:
        _signal(process, signal.SIGTERM)
    _, alive = psutil.wait_procs(tree, timeout=GRACE_SECONDS)
    for process in alive:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=GRACE_SECONDS)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
