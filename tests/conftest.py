"""What every test may rely on, however the run was started."""

import signal
from typing import Any

# A shell without job control starts background jobs with SIGINT ignored, and every child inherits it: the tests that
# interrupt a process would wait for ever. Whoever handles SIGINT here hands the default on to its children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
