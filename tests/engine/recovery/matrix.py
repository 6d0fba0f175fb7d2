"""Runs many scenarios at once, each in worlds of its own, several worlds to a server."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.engine.recovery.running import Outcome, Thing, first_deploy, second_apply, undisturbed
from tests.support.fault_proxy import Fault
from tests.support.worlds import World, worlds

_SCENARIOS_PER_SERVER = 15
_LIFETIME_SECONDS = 5400


def run_all(
    faults: Sequence[Fault], folder: Path, *, jobs: int, second: bool, logs: Path | None = None
) -> list[Outcome]:
    """Run first deploys with these faults, each compared with one that nothing disturbed.

    With `second` each fault strikes once more, in another world, where a second apply follows and no recovery.
    """
    outcomes: list[Outcome] = []
    for number, part in enumerate(_parts(faults)):
        outcomes += _run_part(part, folder / str(number), jobs=jobs, second=second, logs=logs)
    return outcomes


def _parts(faults: Sequence[Fault]) -> Iterator[Sequence[Fault]]:
    for start in range(0, len(faults), _SCENARIOS_PER_SERVER):
        yield faults[start : start + _SCENARIOS_PER_SERVER]


def _run_part(faults: Sequence[Fault], folder: Path, *, jobs: int, second: bool, logs: Path | None) -> list[Outcome]:
    numbers = range(1 + len(faults) * (2 if second else 1))
    with (
        worlds(numbers, folder, lifetime_seconds=_LIFETIME_SECONDS) as (first, *others),
        ThreadPoolExecutor(jobs) as pool,
    ):
        expected = pool.submit(undisturbed, first)
        rest = others[len(faults) :]
        recovered = pool.map(lambda world, fault: _reported(world, fault, expected.result(), logs), others, faults)
        without = pool.map(second_apply, rest, faults[: len(rest)])
        outcomes = list(recovered)
        if second:
            for outcome, ending in zip(outcomes, without, strict=True):
                outcome.second = ending
    return outcomes


def _reported(world: World, fault: Fault, expected: list[Thing], logs: Path | None) -> Outcome:
    """Run a scenario, and say how it went as soon as it is known, since all of them take a while."""
    try:
        outcome = first_deploy(world, fault, expected)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        outcome = Outcome(fault, problems=[f"{type(error).__name__}: {error}"])
    ending = "heals" if outcome.healed else "; ".join(outcome.problems)
    sys.stderr.write(f"{outcome.fault}: first {outcome.first}, {ending} ({outcome.seconds:.0f} s)\n")
    sys.stderr.flush()
    if logs is not None:
        logs.mkdir(parents=True, exist_ok=True)
        (logs / f"{str(outcome.fault).replace(' ', '-')}.log").write_text(outcome.log, encoding="utf-8")
    return outcome
