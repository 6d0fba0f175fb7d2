"""Child processes that leave nothing behind, however the parent ends."""

import codecs
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType
from typing import IO, Any, Protocol

import psutil

from edge.terraform import orphans

GRACE_SECONDS = 10.0
_COPY_SECONDS = 0.1


def run(
    command: Sequence[str | os.PathLike[str]], *, environ: Mapping[str, str], folder: Path, capture: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; where this process is interrupted or killed first, end the command's whole tree.

    The command stands in a session of its own, so that Ctrl-C reaches this process alone, which then ends the tree
    by its process ids (Terraform runs on a pseudo-terminal under cdktf, out of reach of a process group). With
    `capture` its output comes back as text; without, it goes where ours goes.
    """
    pipe = subprocess.PIPE if capture else None
    process = subprocess.Popen(
        command,
        env=orphans.marked(environ),
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
    return subprocess.CompletedProcess(command, code_of(process), output or "", errors or "")


class Watch(Protocol):
    """Whoever is shown what a command says while it runs."""

    def line(self, text: str) -> None:
        """Take a line, without its end."""

    def tick(self) -> None:
        """Is called several times a second until the command ends."""


def follow(
    command: Sequence[str | os.PathLike[str]], *, environ: Mapping[str, str], folder: Path, log: Path, watch: Watch
) -> int:
    """Run a command as `run` does, with all that it says in a file, and hand on each line; give its exit code."""
    with _opened(log) as written, log.open("rb") as read:
        process = subprocess.Popen(
            command,
            env=orphans.marked(environ),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            lines = _Lines(read, watch)
            running = True
            while running:
                running = process.poll() is None
                lines.hand_on(last=not running)
                time.sleep(_COPY_SECONDS if running else 0)
        except BaseException:
            end_tree(process.pid)
            raise
    return code_of(process)


def _opened(log: Path) -> IO[bytes]:
    """Open a log that its owner alone may read: outputs stand in it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


class _Lines:
    """Hands on what a file has got since, line by line."""

    def __init__(self, file: IO[bytes], watch: Watch) -> None:
        self._file, self._watch, self._rest = file, watch, b""

    def hand_on(self, *, last: bool) -> None:
        *lines, self._rest = (self._rest + self._file.read()).split(b"\n")
        for line in [*lines, self._rest] if last and self._rest else lines:
            self._watch.line(line.decode(errors="replace"))
        self._watch.tick()


def relay(
    command: Sequence[str | os.PathLike[str]],
    *,
    environ: Mapping[str, str],
    folder: Path,
    finishing: str = "",
    log: Path | None = None,
    watch: Watch | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command that must end by itself, such as an apply that holds a lock; show and keep its standard error.

    With `log` and `watch` all that it says goes to that file, and is handed on from there instead.

    The command stands in a session of its own and gets what this process is sent, once: every Ctrl-C as SIGINT, and a
    SIGTERM or SIGHUP as SIGINT only if it is the first. Terraform finishes what it does at the first and drops all at
    the second (https://developer.hashicorp.com/terraform/cli/commands/apply), and CI's cancelling sends SIGINT and
    then SIGTERM. This process waits for the end, however long that takes; where it is killed, the command gets its one
    SIGINT all the same. Its standard error is a file: a Go program dies of the first line that it writes to a pipe
    which nobody reads any more (https://pkg.go.dev/os/signal#hdr-SIGPIPE), with the lock in its hands.

    Of an apply, Terraform finishes nothing: at SIGINT its provider gives up every call and every wait, and what AWS
    does all the same is tainted or unknown to the state. So with `finishing`, the first signal only prints that
    sentence. The second goes on, whichever it is: a runner that cancels sends SIGINT, SIGTERM 7.5 s later, and kills
    2.5 s after that (https://docs.github.com/en/actions/reference/workflow-cancellation-reference).
    """
    heard: list[int] = []
    processes: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        heard.append(number)
        if finishing and len(heard) == 1:
            os.write(sys.stderr.fileno(), f"{finishing}\n".encode())  # print may be at work below this handler
        elif number == signal.SIGINT or len(heard) == (2 if finishing else 1):
            for process in processes:
                process.send_signal(signal.SIGINT)
                orphans.interrupted()

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        with tempfile.TemporaryFile() as errors, ExitStack() as stack:
            written = stack.enter_context(_opened(log)) if log else None
            lines = _Lines(stack.enter_context(log.open("rb")), watch) if log and watch else None
            process = subprocess.Popen(
                command,
                env=orphans.marked(environ, finishes=True),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written or errors,
                start_new_session=True,
            )
            processes.append(process)
            if len(heard) > bool(finishing):  # while it started
                process.send_signal(signal.SIGINT)
                orphans.interrupted()
            text = _shown(process, errors, lines)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return subprocess.CompletedProcess(command, code_of(process), "", text)


def _shown(process: "subprocess.Popen[bytes]", errors: IO[bytes], lines: _Lines | None) -> str:
    """Copy a command's standard error to ours as it grows, until the command ends; give all of it."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    text, place, running = "", 0, True
    while running:
        running = process.poll() is None
        more = os.pread(errors.fileno(), os.fstat(errors.fileno()).st_size - place, place)
        place += len(more)
        shown = decoder.decode(more, final=not running)
        text += shown
        sys.stderr.write(shown)
        sys.stderr.flush()
        if lines:
            lines.hand_on(last=not running)
        time.sleep(_COPY_SECONDS if running else 0)
    return text


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


def code_of(process: "subprocess.Popen[Any]") -> int:
    """Wait for a command that has a session of its own; where a signal ended it, end what it left there. Give its code.

    Terraform's providers do not notice that Terraform is gone, as where memory ran out, and wait for ever.
    """
    if (code := process.wait()) < 0:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return code


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
