"""Makes plans by real Terraform on one embedded AWS: deploy a base once, and plan every scenario against its state.

A plan changes nothing, so any number of them share a base. Two folders take turns, and both find the same state, since
the environment files name the same key in the same bucket.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.engine.plans.edits import Edit
from tests.support.workspace import Workspace, synthesize, write_stack

AT_A_TIME = 2
LIFETIME_SECONDS = 1800

Plan = dict[str, Any]
Hands = Callable[[LocalAws], Mapping[str, str]]


def changed(toml: str, old: str, new: str) -> str:
    """Change the one place of an environment file that reads `old`."""
    assert toml.count(old) == 1, f"{old!r} stands {toml.count(old)} times"
    return toml.replace(old, new)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One plan: the environment file that it is made from, and what no environment file would say.

    `edit` changes the synthesized JSON, given the ids of what other hands made; `options` go to `terraform plan`.
    """

    name: str
    toml: str
    edit: Edit | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What is done to the world, and the plans that are then made: a file is applied, then other hands act.

    An apply that `stops` must fail half-way.
    """

    scenarios: tuple[Scenario, ...]
    deploy: str | None = None
    stops: bool = False
    by_hand: Hands | None = None


@dataclass(frozen=True, kw_only=True)
class World:
    """The stages of one environment, one after the other on one embedded AWS; `expecting` says what stands before."""

    name: str
    expecting: Environment
    stages: tuple[Stage, ...]

    @property
    def scenarios(self) -> dict[str, Scenario]:
        return {scenario.name: scenario for stage in self.stages for scenario in stage.scenarios}


@dataclass
class Maker:
    """Makes an environment's plans on an embedded AWS, in folders below one of its own."""

    aws: LocalAws
    name: str
    folder: Path
    ids: dict[str, str] = field(default_factory=dict)

    def run(self, stages: tuple[Stage, ...], names: Collection[str]) -> Iterator[tuple[Scenario, Plan]]:
        """Go through the stages, and give each named scenario with its plan as `terraform show -json` shows it."""
        last = max(
            number
            for number, stage in enumerate(stages)
            if {scenario.name for scenario in stage.scenarios} & set(names)
        )
        for stage in stages[: last + 1]:
            if stage.deploy is not None:
                self._deploy(stage.deploy, stops=stage.stops)
            if stage.by_hand is not None:
                self.ids |= stage.by_hand(self.aws)
            yield from self.plan(tuple(scenario for scenario in stage.scenarios if scenario.name in names))

    def _deploy(self, toml: str, *, stops: bool) -> None:
        workspace = synthesize(toml, name=self.name, folder=self.folder / "base", aws=self.aws)
        done = workspace.terraform("apply", "-auto-approve", "-input=false")
        assert (done.returncode != 0) == stops, done.stdout + done.stderr + self.aws.last_words()

    def plan(self, scenarios: tuple[Scenario, ...]) -> Iterator[tuple[Scenario, Plan]]:
        """Plan scenarios against the state as it is now, some at a time."""
        free: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_A_TIME):
            free.put(self.folder / f"plans-{number}")

        def plan(scenario: Scenario) -> Plan:
            folder = free.get()
            try:
                return self._plan(scenario, folder)
            finally:
                free.put(folder)

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            yield from zip(scenarios, pool.map(plan, scenarios), strict=True)

    def _plan(self, scenario: Scenario, folder: Path) -> Plan:
        workspace = self._workspace(scenario.toml, folder)
        if scenario.edit is not None:
            content = workspace.read()
            scenario.edit(content, self.ids)
            (workspace.folder / "cdk.tf.json").write_text(json.dumps(content), encoding="utf-8")
        workspace.succeed("plan", "-out=plan", "-input=false", "-lock=false", *scenario.options)
        shown: Plan = json.loads(workspace.succeed("show", "-json", "plan"))
        return shown

    def _workspace(self, toml: str, folder: Path) -> Workspace:
        """Initialize a folder once; what comes later differs in neither provider nor state."""
        known = (folder / "cdktf.out").exists()
        return (write_stack if known else synthesize)(toml, name=self.name, folder=folder, aws=self.aws)


@contextmanager
def making(world: World, folder: Path) -> Iterator[Maker]:
    """Start an embedded AWS on which a world's plans can be made."""
    with LocalAws.start([world.expecting], lifetime_seconds=LIFETIME_SECONDS) as aws:
        yield Maker(aws, world.name, folder)
