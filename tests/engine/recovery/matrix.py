"""Runs many scenarios at once, each in worlds of its own, several worlds to a server."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.engine.recovery.running import (
    Outcome,
    Thing,
    change_of_names,
    first_deploy,
    second_apply,
    undisturbed,
    undisturbed_change,
)
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
        run = partial(_reported, first_deploy, expected=expected.result(), logs=logs)
        recovered = pool.map(run, others, faults)
        without = pool.map(second_apply, rest, faults[: len(rest)])
        outcomes = list(recovered)
        if second:
            for outcome, ending in zip(outcomes, without, strict=True):
                outcome.second = ending
    return outcomes


def run_changes(folder: Path, *, jobs: int, nth: Sequence[int] = (), logs: Path | None = None) -> list[Outcome]:
    """Kill a change of the names at every one of its writes, or at those of `nth`, counted from 1, and recover.

    The writes are counted in a change that nothing disturbs, so that none is left out.
    """
    with worlds([0], folder / "counted", lifetime_seconds=_LIFETIME_SECONDS) as (first,):
        expected, writes = undisturbed_change(first)
    numbers = list(nth) or range(1, len(writes) + 1)
    faults = [Fault("SIGKILL", "*", number) for number in numbers]
    outcomes: list[Outcome] = []
    for number, part in enumerate(_parts(faults)):
        place = folder / f"changes-{number}"
        with (
            worlds(range(1, 1 + len(part)), place, lifetime_seconds=_LIFETIME_SECONDS) as others,
            ThreadPoolExecutor(jobs) as pool,
        ):
            run = partial(_reported, change_of_names, expected=expected, logs=logs)
            outcomes += pool.map(run, others, part)
    return outcomes


def _reported(
    scenario: Callable[[World, Fault, list[Thing]], Outcome],
    world: World,
    fault: Fault,
    *,
    expected: list[Thing],
    logs: Path | None,
) -> Outcome:
    """Run a scenario, and say how it went as soon as it is known, since all of them take a while."""
    try:
        outcome = scenario(world, fault, expected)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        outcome = Outcome(fault, problems=[f"{type(error).__name__}: {error}"])
    ending = "heals" if outcome.healed else "; ".join(outcome.problems)
    sys.stderr.write(f"{outcome.fault}: first {outcome.first}, {ending} ({outcome.seconds:.0f} s)\n")
    sys.stderr.flush()
    if logs is not None:
        logs.mkdir(parents=True, exist_ok=True)
        (logs / f"{str(outcome.fault).replace(' ', '-')}.log").write_text(outcome.log, encoding="utf-8")
    return outcome
