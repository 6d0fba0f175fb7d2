"""Runs tests again and again in a copy of the project, each time in a child of this process.

    python -m tests.mutations.worker        # in the copy; a line of JSON in, a line of JSON out

What no mutant is made of is imported once, with jsii's kernel, which every child then uses by turns. A child that is
ended before its time may leave half a message in the kernel's pipe, so whoever started this process starts another.
"""

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

_READY_BEFORE = (
    "boto3",
    "pydantic",
    "rich.table",
    "imports.terraform",
    "imports.aws",
    "imports.aws_platform",
)
_MUTATED = ("modules", "environments.rules", "edge.review")
_POLL_SECONDS = 0.02
TIMED_OUT = -1


def main() -> None:
    """Answer one request after the other, until the other side closes the pipe."""
    for name in _READY_BEFORE:
        importlib.import_module(name)
    early = [name for name in sys.modules if name.startswith(_MUTATED)]
    if early:
        message = f"{', '.join(early)} would be imported before the mutants"
        raise RuntimeError(message)
    for line in sys.stdin:
        request = json.loads(line)
        started = time.monotonic()
        code = run(request["arguments"], Path(request["output"]), timeout_seconds=request["timeout_seconds"])
        print(json.dumps({"code": code, "seconds": round(time.monotonic() - started, 2)}), flush=True)


def run(arguments: Iterable[str], output: Path, *, timeout_seconds: float) -> int:
    """Run pytest in a child and give its exit code, or TIMED_OUT."""
    child = os.fork()
    if child == 0:
        _become_pytest(list(arguments), output)
    until = time.monotonic() + timeout_seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(_POLL_SECONDS)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TIMED_OUT


class _InOrder:
    """Runs files in the order in which they are asked for, and notes which test, or which file, failed first.

    The project's own order, by the time that a file waits for AWS, would let the slowest begin.
    """

    def __init__(self, tests: list[str]) -> None:
        self.nodeid = ""
        self._rank = {test: rank for rank, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._rank.get(item.nodeid.partition("::")[0], 0))

    def pytest_runtest_logreport(self, report: Any) -> None:
        self._note(report)

    def pytest_collectreport(self, report: Any) -> None:
        self._note(report)

    def _note(self, report: Any) -> None:
        if report.failed and not self.nodeid:
            self.nodeid = report.nodeid


def _become_pytest(arguments: list[str], output: Path) -> None:
    """Run pytest in a process group of its own and end; nothing that this process still has to do is done twice."""
    os.setpgid(0, 0)
    code = 3  # pytest's own for an internal error
    try:
        with output.open("w", encoding="utf-8") as stream:
            os.dup2(stream.fileno(), sys.stdout.fileno())
            os.dup2(stream.fileno(), sys.stderr.fileno())
            plugin = _InOrder(arguments)
            code = int(pytest.main(arguments, plugins=[plugin]))
            sys.stdout.flush()
            output.with_suffix(".first").write_text(plugin.nodeid, encoding="utf-8")
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
