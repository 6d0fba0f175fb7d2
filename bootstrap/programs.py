"""The programs that run, and steps side by side: where one fails, or set-up is interrupted, the others end at once."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from threading import Lock

# How long a program may take to end by itself: pip removes its temporary folders, npm what it had begun.
LAST_SECONDS = 3.0
_LOOK_SECONDS = 0.02
_HEAR_SECONDS = 0.2


class StoppedError(Exception):
    """A step was ended because another one failed, or set-up was interrupted."""


class Programs:
    """The programs that steps have started, each in a process group of its own."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    @property
    def is_stopped(self) -> bool:
        """Whether what runs was told to end; nothing starts from then on."""
        return self._stopped

    @contextmanager
    def started(self, start: Callable[[], "subprocess.Popen[str]"]) -> Iterator["subprocess.Popen[str]"]:
        """Start a program, and know it while it runs. Raises `StoppedError` where all shall end."""
        with self._lock:  # so that none starts between the word to stop and its end
            if self._stopped:
                raise StoppedError
            child = start()
            self._running.add(child)
        try:
            with child:
                yield child
        finally:
            with self._lock:
                self._running.discard(child)
        if self._stopped:
            raise StoppedError

    def side_by_side(self, *steps: Callable[[], None]) -> None:
        """Do steps at the same time, and raise what the first one that fails does; then the others end at once."""
        futures: list[Future[None]] = []
        with ThreadPoolExecutor(len(steps)) as pool:
            try:
                futures += [pool.submit(step) for step in steps]
                _wait_for(futures)
            finally:  # an interruption may come before all steps are known here
                if len(futures) < len(steps) or not all(map(_has_succeeded, futures)):
                    self._end()
        failures = [error for future in futures if (error := future.exception()) is not None]
        for error in sorted(failures, key=lambda error: isinstance(error, StoppedError)):
            raise error

    def _end(self) -> None:
        """End what still runs, gently at first, and let nothing start any more."""
        self._stopped = True
        try:
            self._signal(signal.SIGINT)
            deadline = time.monotonic() + LAST_SECONDS
            while self._running and time.monotonic() < deadline:
                time.sleep(_LOOK_SECONDS)
        finally:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with self._lock:
            for child in self._running:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, number)


def _wait_for(futures: "list[Future[None]]") -> None:
    """Wait until all have ended, or one has failed.

    The system may give a signal to any thread, and this one, whose handler it is, hears of it when it wakes up:
    https://docs.python.org/3/library/signal.html#signals-and-threads.
    """
    ended, running = wait(futures, timeout=0, return_when=FIRST_EXCEPTION)
    while running and all(map(_has_succeeded, ended)):
        ended, running = wait(futures, timeout=_HEAR_SECONDS, return_when=FIRST_EXCEPTION)


def _has_succeeded(future: "Future[None]") -> bool:
    return future.done() and future.exception() is None
