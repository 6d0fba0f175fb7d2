"""What every test may rely on, however the run was started."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from edge.terraform import orphans
from environments import loader
from tests.support import takes, workers
from tests.support.files import ENGINE, OWN, read_own_files
from tests.support.progress_line import ProgressLine

read_own_files()  # before any test is collected: some load an environment as they are imported

# A shell without job control starts background jobs with SIGINT ignored, and every child inherits it: the tests that
# interrupt a process would wait for ever. Whoever handles SIGINT here hands the default on to its children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Whatever a test starts ends with the process that runs the test, even where that is killed; and xdist's workers, which
# find its mark in their environment before they set their own, end with the process that started them.
os.environ |= orphans.marked(os.environ)


def minutes(item: pytest.Item) -> float:
    """Give how long a test's file takes on a machine that does nothing else."""
    return takes.minutes(item.path)


def pytest_xdist_auto_num_workers() -> int:
    """Let `--numprocesses auto` take as many workers as the machine's memory and processors carry, or WORKERS says."""
    try:
        number = workers.overridden(os.environ)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error
    machine = workers.this_machine()
    if machine.is_short_of_memory:
        os.environ.setdefault("GOMEMLIMIT", workers.GO_MEMORY_LIMIT)
    return number or machine.workers


def pytest_configure(config: pytest.Config) -> None:
    """Show the progress where tests are handed out to workers, unless each is to be shown by itself."""
    hands_out = config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")
    if hands_out and config.get_verbosity() <= 0 and not config.option.collectonly:
        config.pluginmanager.register(ProgressLine(config), "progress-line")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say how many workers there are, and why."""
    number = len(config.getoption("tx", None) or ())
    return f"workers: {number} ({workers.this_machine()})" if number else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the engine. The files that wait longest for AWS's timers begin first, others fill the gaps."""
    for item in items:
        if item.path.is_relative_to(ENGINE):
            item.add_marker(pytest.mark.engine)
    items.sort(key=minutes, reverse=True)


@pytest.fixture(scope="session", autouse=True)
def own_compose_file() -> Iterator[None]:
    """Let instances run the tests' compose file, too, where a test's folder has none beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "_PROJECT", OWN)
        yield


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the figures of live changes, whichever process measured them, so that any run's log shows them."""
    reports = [item for kind in ("passed", "failed") for item in terminalreporter.stats.get(kind, ())]
    figures = [
        value for report in reports for name, value in getattr(report, "user_properties", ()) if name == "live change"
    ]
    if figures:
        terminalreporter.section("changes of a live service")
        for figure in dict.fromkeys(figures):
            terminalreporter.write_line(figure)
