"""The progress of `make test`, shown in place of pytest's dots: a plugin for the process that hands the tests out.

On a terminal it is one line, refreshed every second; elsewhere, as in CI, a line of its own every 30 seconds. A failure
is shown at once. What pytest says at the end is as without it.
"""

import shutil
import threading
import time
from collections.abc import Generator, Sequence
from typing import cast

import pytest

from tests.support import takes
from tests.support.progress import Progress

REFRESH_SECONDS = 1.0
LINE_SECONDS = 30.0

Status = tuple[str, str, str | tuple[str, dict[str, bool]]]


class ProgressLine:
    """Follows the tests by pytest's hooks, and writes with pytest's own writer, from a thread too while all wait."""

    def __init__(self, config: pytest.Config) -> None:
        self._config, self._began = config, time.monotonic()
        self._progress: Progress | None = None
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write_regularly, daemon=True)

    @property
    def _reporter(self) -> pytest.TerminalReporter:
        """Pytest's writer, which is made after this plugin."""
        return cast("pytest.TerminalReporter", self._config.pluginmanager.getplugin("terminalreporter"))

    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Begin once the first worker knows what there is to do; all find the same."""
        if self._progress is None:
            root = self._config.rootpath
            self._progress = Progress(
                ids,
                minutes=lambda file: takes.minutes(root / file),
                workers=len(self._config.getoption("tx")),
                clock=time.monotonic,
                began=self._began,
            )
            self._thread.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note what begins."""
        if self._progress:
            with self._lock:
                self._progress.started(nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Note what is over."""
        self._end(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Show a failure at once; a test whose worker has died is over, too."""
        if self._progress and report.failed:
            with self._lock:
                self._progress.failed += 1
                self._erase()
                self._reporter.write_line(f"FAILED {report.nodeid}", red=True)
        if report.when not in {"setup", "call", "teardown"}:
            self._end(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_testnodedown(self, error: object) -> None:
        """Make room for xdist, which says so where a worker has died."""
        if error:
            with self._lock:
                self._erase()

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, Status, Status]:
        """Leave pytest's dots out, but count as ever."""
        category, letter, word = yield
        return (category, letter, word) if self._over.is_set() else (category, "", "")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """End with a line of how far it came; pytest's summary follows."""
        self._over.set()
        if self._progress:
            self._thread.join()
            self._erase()
            self._reporter.write_line(self._progress.line())

    def _end(self, test: str) -> None:
        if self._progress:
            with self._lock:
                self._progress.ended(test)

    def _write_regularly(self) -> None:
        on_terminal = self._reporter.isatty()
        while not self._over.wait(REFRESH_SECONDS if on_terminal else LINE_SECONDS):
            with self._lock:
                self._write(on_terminal=on_terminal)

    def _write(self, *, on_terminal: bool) -> None:
        if self._progress is None:
            return
        line = self._progress.line()
        if on_terminal:
            width = shutil.get_terminal_size().columns - 1
            self._reporter.rewrite(line if len(line) <= width else line[: width - 1] + "…", erase=True)
        else:
            self._reporter.write_line(line)
        self._reporter.flush()

    def _erase(self) -> None:
        """Clear the line that is refreshed, for another one in its place."""
        if self._reporter.isatty():
            self._reporter.rewrite("", erase=True)
            self._reporter.write("\r")
