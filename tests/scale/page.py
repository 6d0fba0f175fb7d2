"""The figures as a table, and as the last section of docs/scale.md."""

from collections.abc import Sequence
from pathlib import Path

from bench.reporting import machine
from tests.scale.running import Measured
from tests.support.files import ROOT

PAGE = ROOT / "docs" / "scale.md"
HEADING = "## Measured\n"
_HEAD = (
    "| step | services | wall time, s | processor time, s | memory, MB |",
    "|---|---|---|---|---|",
)


def table(measured: Sequence[Measured]) -> str:
    """Write a row for each step and size, the sizes of a step below each other."""
    order = list(dict.fromkeys(it.step for it in measured))
    rows = sorted(measured, key=lambda it: (order.index(it.step), it.services))
    return "\n".join([*_HEAD, *map(_row, rows), ""])


def _row(it: Measured) -> str:
    cost = it.cost
    return f"| {it.step} | {it.services} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak / 1e6:.0f} |"


def section(measured: Sequence[Measured]) -> str:
    """Write the section with the machine's description."""
    return (
        f"{HEADING}\n{machine()}\n\n"
        "Each step ran once. Wall time includes waiting for Route 53's 15 s, and for what else the machine runs.\n"
        "Processor time and memory are of the command's whole process tree, without the embedded AWS.\n\n"
        f"{table(measured)}"
    )


def write(measured: Sequence[Measured], page: Path = PAGE) -> None:
    """Replace the section at the end of the page, and leave what stands before it."""
    before, heading, _ = page.read_text(encoding="utf-8").partition(HEADING)
    assert heading, f"{page} has no section {HEADING.strip()}"
    page.write_text(before + section(measured), encoding="utf-8")
