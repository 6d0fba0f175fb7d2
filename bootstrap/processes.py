"""Programs that set-up runs, what it says while they run, and how it fails."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.places import Places
from bootstrap.programs import LAST_SECONDS, Programs
from bootstrap.progress import megabytes, progress, say
from bootstrap.stamps import Stamps

_TAIL_LINES = 20
_ANSWER_SECONDS = 60.0
# What pip, npm and tar print of a disk or a quota that is full: errno(3), and Node.js by the name of the error.
_FULL = re.compile(r"No space left on device|Disk quota exceeded|File too large|\b(ENOSPC|EDQUOT|EFBIG)\b")
FULL = "the disk is full, or a quota is: set-up needs 1.5 GB; free some and run `make setup` again."


class SetupError(Exception):
    """Set-up cannot go on; the message ends with one sentence that says what to do."""


class UnusableError(SetupError):
    """Set-up cannot begin here; nothing was changed."""


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
    programs: Programs = field(default_factory=Programs)

    @property
    def stamps(self) -> Stamps:
        """What earlier runs finished."""
        return Stamps(self.places.stamps)

    def report(self, sentence: str) -> None:
        """Announce a change."""
        self.steps += 1
        say(sentence)

    @contextmanager
    def step(self, sentence: str, *, waiting_for: str, into: Path | None = None) -> Iterator[None]:
        """Announce a change that takes time, while it goes on what is waited for, and at its end how long that took.

        `waiting_for` begins with who works, up to a comma. `into` is the folder that it fills, whose size is named.
        """
        self.report(sentence)
        with progress(waiting_for, into, self.places.root):
            started = time.monotonic()
            yield
        took = f"{time.monotonic() - started:.1f} s"
        size = f"; {into.relative_to(self.places.root)} holds {megabytes(into)} MB" if into else ""
        say(f"  {waiting_for.partition(',')[0]}: done in {took}{size}.")

    def refuse_others(self, folder: Path) -> None:
        """Refuse to change a folder that lies elsewhere, behind a link: another checkout runs from it.

        Two checkouts may share what one of them set up, as long as both want the same. Raises `UnusableError`.
        """
        target = folder.resolve()
        if not target.is_relative_to(self.places.root.resolve()):
            raise UnusableError(
                f"{folder} is a link to {target}, which another checkout uses, and holds something else than this one "
                "needs; remove the link and run `make setup` again."
            )

    def attempt(
        self, command: Sequence[str | Path], *, environ: Mapping[str, str], seconds: float | None = None
    ) -> tuple[int, str]:
        """Run a program quietly in the root; return its exit code and all that it printed.

        It gets a process group of its own, which ends with an interruption: npm, left alone, would go on writing
        node_modules under the next set-up. Raises `OSError`, `subprocess.TimeoutExpired`, and `StoppedError` where a
        step beside this one has failed.
        """
        with self.programs.started(
            lambda: subprocess.Popen(
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
        ) as child:
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
            raise SetupError(f"{tail}\n{self.places.root}: {FULL}" if _FULL.search(printed) else f"{tail}\n{advice}")


def _end(child: subprocess.Popen[str]) -> None:
    """End a program and all that it started, gently at first; its output ends when the last of them is gone."""
    os.killpg(child.pid, signal.SIGINT)  # on which pip removes its temporary folders, as on no other signal
    try:
        child.communicate(timeout=LAST_SECONDS)
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
