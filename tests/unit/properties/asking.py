"""Ask the loader about a file, and hold its answer against the oracle's."""

import tomllib
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from environments.faults import InvalidEnvironmentError
from environments.loader import load_all
from tests.unit.properties import oracle

MAX_LINE = 600


def examples(count: int) -> settings:
    """Ask for so many examples, the same ones in every run.

    Nothing here fails for being slow: on a machine that others use, the clock measures the others.
    """
    return settings(max_examples=count, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def judge(file: Path, content: bytes) -> bool:
    """Tell whether the loader accepts a file; demand that it says why it does not, and that the oracle agrees."""
    lines = refusals(file, content)
    assert lines != []
    assert [line for line in lines or [] if not readable(line, file)] == []
    table = table_of(content)
    breaches = ["it is not TOML"] if table is None else oracle.breaches(table)
    if lines is None:
        assert breaches == [], "accepted, and the documentation forbids it"
    else:
        assert breaches != [], f"refused for a reason that the documentation does not give: {lines}"
    return lines is None


def refusals(file: Path, content: bytes) -> list[str] | None:
    """Load a file that is alone in its folder; give the lines by which it is refused, None where it is accepted.

    Whatever else the loader raises goes through: it is what the properties look for.
    """
    file.write_bytes(content)
    try:
        load_all()
    except InvalidEnvironmentError as error:
        return [str(fault) for fault in error.faults]
    return None


def readable(line: str, file: Path) -> bool:
    """Tell whether a fault is one line that a terminal shows as it stands, and that says which file it is about."""
    return line.startswith(f"{file.name}: ") and line.isprintable() and len(line) < MAX_LINE


def table_of(content: bytes) -> dict[str, Any] | None:
    """Read TOML as the standard library does; None where it gives up, at a depth or at a number as well."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
