"""What every test may rely on, however the run was started."""

import os
import signal
from typing import Any

import pytest

from edge.terraform import orphans

# A shell without job control starts background jobs with SIGINT ignored, and every child inherits it: the tests that
# interrupt a process would wait for ever. Whoever handles SIGINT here hands the default on to its children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Whatever a test starts ends with the process that runs the test, even where that is killed; and xdist's workers, which
# find its mark in their environment before they set their own, end with the process that started them.
os.environ |= orphans.marked(os.environ)

UNMARKED_ENGINE_MINUTES = 2.0  # so that a new file that deploys starts among the first, until it says how long it takes


def minutes(item: pytest.Item) -> float:
    """Say how long a test's file takes on a machine that does nothing else: by its mark, or a guess by its place."""
    mark = item.get_closest_marker("takes")
    if mark:
        return float(mark.kwargs["minutes"])
    return UNMARKED_ENGINE_MINUTES if item.nodeid.startswith("tests/engine/") else 0.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that wait longest for AWS's timers begin first, and those that only calculate fill the gaps."""
    items.sort(key=minutes, reverse=True)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the figures of live changes, whichever process measured them, so that any run's log shows them."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.stats.get(kind, ())]
    figures = [
        value for each in reports for name, value in getattr(each, "user_properties", ()) if name == "live change"
    ]
    if figures:
        terminalreporter.section("changes of a live service")
        for figure in dict.fromkeys(figures):
            terminalreporter.write_line(figure)
