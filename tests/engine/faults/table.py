"""The whole table, what a run of it found, and the figures by severity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from edge.verify.check import Result
from edge.verify.report import line
from edge.verify.severity import Severity
from tests.engine.faults import (
    balancing,
    harmless,
    harmless_near,
    names,
    networks,
    own,
    people,
    platform,
    routing,
    seeded,
    signing_in,
    traffic,
    watching,
)
from tests.engine.faults.fault import Fault, Harmless
from tests.support.deployed_stack import Stack

_TABLES = (signing_in, traffic, platform, own, balancing, networks, names, routing, people, watching)
NEW: tuple[Fault, ...] = tuple(fault for table in _TABLES for fault in table.FAULTS)
FAULTS: tuple[Fault, ...] = (*NEW, *seeded.FAULTS)
HARMLESS: tuple[Harmless, ...] = (*harmless.HARMLESS, *harmless_near.HARMLESS)
_SAMPLED = 10


@dataclass(frozen=True)
class Outcome:
    """How a row went: its name and severity, and what is not as the table says; empty where all is."""

    name: str
    severity: Severity | None
    found: bool
    problem: str


Row = TypeVar("Row", Fault, Harmless)


def sampled(rows: Sequence[Row], where: str) -> list[Row]:
    """Give every tenth row of a stack, which `make test` runs."""
    return [row for row in rows if row.where == where][::_SAMPLED]


def run_fault(stack: Stack, fault: Fault) -> Outcome:
    """Make a fault, verify, and compare what is named with the table."""
    with fault.change(stack):
        failed = [result for result in stack.verify() if result.outcome == "failed"]
    named = [result for result in failed if result.check == fault.check]
    right = any(result.severity == fault.severity and fault.words in result.detail for result in named)
    shown = "; ".join(line(result) for result in failed) or "nothing"
    problem = "" if right else f"{fault.check} [{fault.severity}] was to fail, and found was {shown}"
    return Outcome(fault.name, fault.severity, found=bool(failed), problem=problem)


def run_harmless(stack: Stack, change: Harmless) -> Outcome:
    """Make a harmless change, and verify: nothing may fail, and the note must be there."""
    with change.change(stack):
        results = stack.verify()
    failed = [line(result) for result in results if result.outcome != "passed"]
    problem = "; ".join(failed)
    if not failed and change.note and not any(change.note in note for note in _notes(results)):
        problem = f"no note says: {change.note}"
    return Outcome(change.name, None, found=bool(failed), problem=problem)


def _notes(results: Iterable[Result]) -> list[str]:
    return [note for result in results for note in result.notes]


def figures(outcomes: Sequence[Outcome]) -> str:
    """Write how many faults of each severity were found, and how many harmless changes raised an alarm."""
    parts = []
    for severity in Severity:
        alike = [outcome for outcome in outcomes if outcome.severity is severity]
        parts.append(f"{severity} {sum(outcome.found for outcome in alike)} of {len(alike)}")
    harmless = [outcome for outcome in outcomes if outcome.severity is None]
    alarms = f"{sum(outcome.found for outcome in harmless)} of {len(harmless)} harmless changes raise an alarm"
    return f"{', '.join(parts)}; {alarms}"
