"""Runs many scenarios at once, each in a copy of a world that was prepared once."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

from tests.engine.recovery.running import Outcome, Prepared, run, undisturbed
from tests.engine.recovery.scenarios import DESTROY, EVERY, FIRST, Scenario
from tests.engine.recovery.world import World, world
from tests.support.planning import prod_toml

_LIFETIME_SECONDS = 3 * 3600

Heard = Callable[[Scenario, Outcome], None]


class Matrix:
    """A first day, and a deployed prod after it, from which all scenarios begin; each change is prepared when asked."""

    def __init__(self, first_day: World, folder: Path, resources: ExitStack, *, counting: bool) -> None:
        self._first_day, self._folder, self._resources = first_day, folder, resources
        self._counting = counting
        self._prepared: dict[str, Prepared] = {}

    def prepared(self, *changes: str) -> Mapping[str, Prepared]:
        """Do each change once, undisturbed, all at once; give where their scenarios begin, by change."""
        missing = [change for change in dict.fromkeys(changes) if change not in self._prepared]
        starts = [self._start(change) for change in missing]  # one after the other: jsii has one thread
        with ThreadPoolExecutor() as pool:
            self._prepared |= zip(missing, pool.map(self._prepare, missing, starts), strict=True)
        return self._prepared

    def _start(self, change: str) -> World:
        if change == FIRST:
            return self._first_day
        start = self._copy(self._deployed[0], f"{change}, start")
        if change not in EVERY:
            return start
        if port := EVERY[change].port:
            start.close(port)
        return start.with_file(EVERY[change].toml)

    def _prepare(self, change: str, start: World) -> Prepared:
        if change == FIRST:
            deployed, writes = self._deployed
            return Prepared(start, deployed.things(), writes)
        if change == DESTROY and not self._counting:
            return Prepared(start, self._first_day.things(), [])
        with start.copied(self._folder / f"{change}, undisturbed") as counted:
            writes = undisturbed(counted, destroying=change == DESTROY)
            return Prepared(start, counted.things(), writes)

    @cached_property
    def _deployed(self) -> tuple[World, list[str]]:
        deployed = self._copy(self._first_day, "deployed")
        return deployed, undisturbed(deployed)

    def _copy(self, of: World, name: str) -> World:
        return self._resources.enter_context(of.copied(self._folder / name))

    def run(
        self, scenarios: Iterable[Scenario], *, jobs: int, second: bool = False, heard: Heard = lambda *_: None
    ) -> list[Outcome]:
        """Run scenarios, so many at once; with `second` each is applied once more in a copy, without recovery."""
        chosen = list(scenarios)
        prepared = self.prepared(*(scenario.change for scenario in chosen))

        def one(numbered: tuple[int, Scenario]) -> Outcome:
            number, scenario = numbered
            outcome = _caught(scenario, prepared[scenario.change], self._folder / str(number), second=second)
            heard(scenario, outcome)
            return outcome

        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(one, enumerate(chosen)))


@contextmanager
def matrix(folder: Path, *, counting: bool = False) -> Iterator[Matrix]:
    """Start the embedded AWS from which all is copied; with `counting` the writes of a destroy are counted too."""
    with (
        world(prod_toml(), folder / "first day", lifetime_seconds=_LIFETIME_SECONDS) as first_day,
        ExitStack() as resources,
    ):
        yield Matrix(first_day, folder, resources, counting=counting)


def _caught(scenario: Scenario, prepared: Prepared, folder: Path, *, second: bool) -> Outcome:
    """Run a scenario, and say how it went as soon as it is known, since all of them take a while."""
    try:
        outcome = run(scenario, prepared, folder, second=second)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        outcome = Outcome(str(scenario), problems=[f"{type(error).__name__}: {error}"])
    ending = "heals" if outcome.healed else "; ".join(outcome.problems)
    sys.stderr.write(f"{outcome.scenario}: first {outcome.first}, {ending} ({outcome.seconds:.0f} s)\n")
    sys.stderr.flush()
    return outcome


def problems(outcomes: Sequence[Outcome]) -> dict[str, list[str]]:
    """Give what is wrong, by scenario; empty where all of them heal."""
    return {outcome.scenario: outcome.problems for outcome in outcomes if not outcome.healed}
