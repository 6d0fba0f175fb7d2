"""What a killed process leaves running, ended: a watcher outlives its parent and ends what bears the parent's mark.

SIGKILL runs no `finally`, and what stands in a session of its own gets no signal of the terminal either: Terraform, its
providers and cdktf would go on by themselves. So a process that starts them gives them a mark in their environment,
which all that they start inherits, and has a watcher: a shell that waits at a pipe which the kernel closes when the
process ends, however it ends, and then becomes this module, which looks for the mark. Jenkins ends a build's processes
by the same means (https://wiki.jenkins.io/display/JENKINS/ProcessTreeKiller); why not by a signal of the kernel's:
docs/decisions/0028-marked-children.md.
"""

import atexit
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import IO, cast

import psutil

from bootstrap.places import HERE

MARK = "ORCHA_STARTED_BY"
GRACE_SECONDS = 10.0
_FINISHES = "/finishes"  # behind the mark of what may not be killed
_BYE, _INTERRUPTED = "bye", "interrupted"
_POLL_SECONDS = 0.2
_EMPTY_LOOKS = 2  # a process between fork and exec does not bear its mark yet
# Waits for the end of the pipe and remembers the last word; on the word "bye" there is nothing to do.
_WAIT = f'while read -r word; do [ "$word" != {_BYE} ] || exit 0; last=$word; done; exec "$@" "$last"'


@dataclass(frozen=True)
class _Watcher:
    token: str
    pipe: IO[bytes]

    def say(self, word: str) -> None:
        os.write(self.pipe.fileno(), f"{word}\n".encode())


def marked(environ: Mapping[str, str], *, finishes: bool = False) -> dict[str, str]:
    """Give the environment of a child that ends when this process ends, however that ends; starts the watcher.

    The child gets a SIGINT, as from Ctrl-C, and after `GRACE_SECONDS` a SIGKILL. One that `finishes`, such as an apply
    that holds a lock, gets the SIGINT only, and is left to write its state and to release the lock.
    """
    return {**environ, MARK: _watcher().token + (_FINISHES if finishes else "")}


def interrupted() -> None:
    """Note that what finishes by itself has had its SIGINT: a second one would make Terraform drop all."""
    with suppress(BrokenPipeError):
        _watcher().say(_INTERRUPTED)


@cache
def _watcher() -> _Watcher:
    """Start this process's watcher, out of the terminal's reach and unmarked, so that no other watcher ends it."""
    token = uuid.uuid4().hex
    process = subprocess.Popen(
        ["/bin/sh", "-c", _WAIT, "watcher", sys.executable, "-m", "edge.terraform.orphans", token],
        cwd=HERE.root,
        env={name: value for name, value in os.environ.items() if name != MARK},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    watcher = _Watcher(token, cast("IO[bytes]", process.stdin))
    atexit.register(_leave, process, watcher)
    return watcher


def _leave(process: "subprocess.Popen[bytes]", watcher: _Watcher) -> None:
    """Let the watcher go at an orderly end that leaves nothing running; else it does its work."""
    if any(_bearing(watcher.token)):
        return
    with suppress(BrokenPipeError):
        watcher.say(_BYE)
    process.wait()


def end_marked(token: str, *, interrupted: bool = False) -> None:
    """End every process that bears a mark; return when none is left but what finishes by itself.

    `interrupted`: what finishes by itself has had its SIGINT already.
    """
    asked: set[psutil.Process] = set()
    kill_from = time.monotonic() + GRACE_SECONDS
    empty_looks = 0
    while empty_looks < _EMPTY_LOOKS:
        waiting = False
        for process, finishes in _bearing(token):
            if process not in asked:
                asked.add(process)
                if not (finishes and interrupted):
                    _send(process, signal.SIGINT)
            elif not finishes and time.monotonic() > kill_from:
                _send(process, signal.SIGKILL)
            waiting |= not finishes
        empty_looks = 0 if waiting else empty_looks + 1
        time.sleep(_POLL_SECONDS)


def _bearing(token: str) -> Iterator[tuple[psutil.Process, bool]]:
    """Find what bears a mark, each with whether it finishes by itself; processes of other users do not show theirs."""
    for process in psutil.process_iter():
        try:
            mark = process.environ().get(MARK, "")
        except (psutil.Error, OSError):
            continue
        if mark in (token, token + _FINISHES):
            yield process, mark != token


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


if __name__ == "__main__":
    end_marked(sys.argv[1], interrupted=sys.argv[2] == _INTERRUPTED)
