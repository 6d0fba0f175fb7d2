"""Programs that set-up runs, what it says while they run, and how it fails."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.places import Places
from bootstrap.stamps import Stamps

_TAIL_LINES = 20
_ANSWER_SECONDS = 60.0
_LAST_SECONDS = 3.0


class SetupError(Exception):
    """Set-up cannot go on; the message ends with one sentence that says what to do."""


def say(sentence: str) -> None:
    """Print progress on stderr, at once."""
    print(sentence, file=sys.stderr, flush=True)


@dataclass
class Session:
    """One run of set-up: where, with which environment variables, and how many steps had something to change.

    `held` are open files that programs share: the lock in it holds until the last program that set-up started is gone,
    even if set-up itself was killed.
    """

    places: Places
    environ: Mapping[str, str]
    held: tuple[int, ...] = ()
    steps: int = field(default=0)

    @property
    def stamps(self) -> Stamps:
        """What earlier runs finished."""
        return Stamps(self.places.stamps)

    def report(self, sentence: str) -> None:
        """Announce a change."""
        self.steps += 1
        say(sentence)

    @contextmanager
    def step(self, sentence: str) -> Iterator[None]:
        """Announce a change that takes time, and how long it took."""
        self.report(sentence)
        started = time.monotonic()
        yield
        say(f"  done in {time.monotonic() - started:.1f} s.")

    def attempt(
        self, command: Sequence[str | Path], *, environ: Mapping[str, str], seconds: float | None = None
    ) -> tuple[int, str]:
        """Run a program quietly in the root; return its exit code and all that it printed.

        It gets a process group of its own, which ends with an interruption: npm, left alone, would go on writing
        node_modules under the next set-up. Raises `OSError` and `subprocess.TimeoutExpired`.
        """
        child = subprocess.Popen(
            command,
            cwd=self.places.root,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            process_group=0,
            pass_fds=self.held,
        )
        with child:
            try:
                printed, _ = child.communicate(timeout=seconds)
            finally:
                if child.poll() is None:
                    _end(child)
        return child.returncode, printed

    def run(self, command: Sequence[str | Path], *, environ: Mapping[str, str], advice: str) -> None:
        """Run a program quietly in the root; where it fails, raise `SetupError` with its last lines and the advice."""
        try:
            code, printed = self.attempt(command, environ=environ)
        except OSError as error:
            raise SetupError(f"{command[0]} did not start ({error.strerror}). {advice}") from error
        if code != 0:
            tail = "\n".join(f"  | {line}" for line in printed.splitlines()[-_TAIL_LINES:])
            raise SetupError(f"{tail}\n{advice}")


def _end(child: subprocess.Popen[str]) -> None:
    """End a program and all that it started, gently at first; its output ends when the last of them is gone."""
    os.killpg(child.pid, signal.SIGINT)  # on which pip removes its temporary folders, as on no other signal
    try:
        child.communicate(timeout=_LAST_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def answer(
    command: Sequence[str | Path], *, environ: Mapping[str, str], folder: Path, seconds: float = _ANSWER_SECONDS
) -> str | None:
    """Return what a program prints on stdout, or None where it does not start, fails or takes too many seconds."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
