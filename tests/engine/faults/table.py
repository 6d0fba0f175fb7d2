"""The whole table, what a run of it found, and the figures by severity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
# What a stack with one service of its own, beside two of CDK's and without a sign-in, is broken by.
_ALSO_PLAIN = {
    "a lower rule takes POST",
    "5 % go to another group",
    "a rule takes half of the internet",
    "a TTL of a week",
    "link's port is open to the world",
    "SSH is open to the world",
    "an alarm was deleted",
    "nobody is subscribed to the topic",
    "the TLS policy of 2016",
    "one of two instances is stopped",
    "an instance is marked unhealthy",
    "connections end after a second",
    "requests are cut off when a target leaves",
    "a network ACL refuses 443",
    "the default certificate, CDK's, cannot be renewed",
    "host record missing",
    "wrong host in the rule",
    "health 500",
}
_OF_PROD = (*NEW, *seeded.FAULTS)
PLAIN = tuple(
    replace(row, name=f"{row.name}, in plain prod", where="plain") for row in _OF_PROD if row.name in _ALSO_PLAIN
)
FAULTS: tuple[Fault, ...] = (*_OF_PROD, *PLAIN)
HARMLESS: tuple[Harmless, ...] = (*harmless.HARMLESS, *harmless_near.HARMLESS)
_SAMPLED = 10


@dataclass(frozen=True)
class Outcome:
    """How a row went: its name and severity, None of a harmless change, and what is not as the table says.

    `found` says that some check failed, `problem` is empty where all is as the table says.
    """

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
    """Write a table of the faults by severity: how many there are, are named as the table says, and are missed."""
    lines = ["| kind | rows | as the table says | found otherwise | missed |", "|---|---|---|---|---|"]
    for severity in Severity:
        alike = [outcome for outcome in outcomes if outcome.severity is severity]
        right = sum(not outcome.problem for outcome in alike)
        found = sum(outcome.found for outcome in alike)
        lines.append(f"| {severity} | {len(alike)} | {right} | {found - right} | {len(alike) - found} |")
    harmless = [outcome for outcome in outcomes if outcome.severity is None]
    right = sum(not outcome.problem for outcome in harmless)
    alarms = sum(outcome.found for outcome in harmless)
    lines.append(f"| harmless | {len(harmless)} | {right} | {alarms} raise an alarm | |")
    wrong = [f"{outcome.name}: {outcome.problem}" for outcome in outcomes if outcome.problem]
    return "\n".join([*lines, *wrong])
