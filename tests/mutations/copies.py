"""A copy of the project in a temporary folder, with a worker that runs tests in it; the project stays untouched."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutations.worker import TIMED_OUT
from tests.support.files import ROOT

_LINKED = (".venv", "node_modules", ".tools")  # what set-up fetched
_TIMEOUT_SECONDS = 900.0
_RUNS_OF_A_WORKER = 40  # jsii's kernel keeps every object that a run has made
_PYTEST = ("-q", "-x", "-p", "no:cacheprovider", "-m", "not slow")
_NO_TESTS = 5


@dataclass(frozen=True)
class Outcome:
    """What a run of some tests gave: whether one failed, which one first, and how long it took."""

    failed: bool
    first: str
    seconds: float


class Copy:
    """The project's copy, and the tests in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._output = folder.parent / "output"
        self._worker: subprocess.Popen[str] | None = None
        self._runs = 0
        self._stamp = 0

    @contextmanager
    def changed(self, file: str, text: str) -> Iterator[None]:
        """Give a file another text for a while."""
        path = self.folder / file
        original = path.read_text(encoding="utf-8")
        self._write(path, text)
        try:
            yield
        finally:
            self._write(path, original)

    def _write(self, path: Path, text: str) -> None:
        """Write a file with a time of its own: Python compiles again only where time, in seconds, or size differ."""
        path.write_text(text, encoding="utf-8")
        self._stamp += 1
        os.utime(path, (self._stamp, self._stamp))

    def run(self, tests: Sequence[str]) -> Outcome:
        """Run files of tests, or single tests, in their order until one fails."""
        worker = self._ready()
        self._output.with_suffix(".first").unlink(missing_ok=True)
        request = {"arguments": [*_PYTEST, *tests], "output": str(self._output), "timeout_seconds": _TIMEOUT_SECONDS}
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(f"{json.dumps(request)}\n")
        worker.stdin.flush()
        answer: dict[str, Any] = json.loads(worker.stdout.readline())
        if answer["code"] == TIMED_OUT:
            self.close()
        return Outcome(answer["code"] not in (0, _NO_TESTS), self._first_failure(answer["code"]), answer["seconds"])

    def _first_failure(self, code: int) -> str:
        """Name the first test, or file of tests, that failed; for a run that did not get so far, say how it ended."""
        if code == TIMED_OUT:
            return f"no end within {_TIMEOUT_SECONDS:.0f} s"
        first = self._output.with_suffix(".first")
        return (first.read_text(encoding="utf-8") if first.exists() else "") or f"pytest's exit code {code}"

    def _ready(self) -> subprocess.Popen[str]:
        if self._runs >= _RUNS_OF_A_WORKER:
            self.close()
        if self._worker is None:
            environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "tests.mutations.worker"],
                cwd=self.folder,
                env=environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self._runs += 1
        return self._worker

    def close(self) -> None:
        """End the worker, if one runs."""
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()
            for stream in (self._worker.stdin, self._worker.stdout):
                if stream is not None:
                    stream.close()
        self._worker, self._runs = None, 0


@contextmanager
def copied() -> Iterator[Copy]:
    """Copy what git tracks, or would, into a temporary folder with a repository of its own."""
    with tempfile.TemporaryDirectory(prefix="orcha-mutations-") as temporary:
        folder = Path(temporary) / "project"
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        for name in _LINKED:
            if (ROOT / name).exists() and not (folder / name).exists():
                (folder / name).symlink_to((ROOT / name).resolve())
        for arguments in (["init", "--quiet"], ["add", "--all"]):
            subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
        copy = Copy(folder)
        try:
            yield copy
        finally:
            copy.close()
