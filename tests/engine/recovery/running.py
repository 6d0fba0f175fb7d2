"""One scenario: a deploy that fails at a chosen call, then another apply or a recovery, and what stands afterwards."""

import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from environments.addresses import Purpose, RecordAddress
from tests.engine.recovery.scenarios import DESTROY, EVERY, FIRST, Scenario
from tests.engine.recovery.world import Thing, World
from tests.support.fault_proxy import Fault, FaultProxy
from tests.support.sampler import Sampler

_SUMMARY = re.compile(r"Apply complete! Resources: (?:(\d+) imported, )?(\d+) added, (\d+) changed, (\d+) destroyed")
# An open risk of a review: what it says, over several lines, and the id by which it is accepted.
_OPEN = re.compile(r"^  open +(\S.*(?:\n {15}\S.*)*)\n {15}--accept (\S+)$", re.MULTILINE)
_APPLY_SECONDS = 600
_SAMPLING_PAUSE_SECONDS = 2.0  # every write of a recovery is sampled besides


@dataclass(frozen=True)
class Prepared:
    """Where the scenarios of a change begin, what stands after it where nothing goes wrong, and what it writes."""

    start: World
    expected: list[Thing]
    writes: list[str]


@dataclass
class Outcome:
    """How a scenario went: each apply's end in a word or two, and what is wrong at the end."""

    scenario: str
    first: str = ""
    second: str = ""
    samples: int = 0
    accepted: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    log: str = ""

    @property
    def healed(self) -> bool:
        return not self.problems


def undisturbed(world: World, *, destroying: bool = False) -> list[str]:
    """Apply without a fault; give the writes in order."""
    proxy = FaultProxy(world.aws.url, ())
    with proxy.serving():
        world.workspace.at(proxy.url).apply(*_options(destroying=destroying))
    return proxy.writes_seen


def _options(*, destroying: bool) -> tuple[str, ...]:
    return ("-destroy",) if destroying else ()


def run(scenario: Scenario, prepared: Prepared, folder: Path, *, second: bool) -> Outcome:
    """Let it fail, apply once more in a copy without recovery, recover, and compare what stands."""
    started, outcome = time.monotonic(), Outcome(str(scenario))
    with prepared.start.copied(folder / "world") as world:
        with _sampled(scenario, world, outcome) as url:
            outcome.first, output = _failing_apply(scenario, world, outcome)
            outcome.log = f"--- first: {outcome.first}\n{output}"
            if second and outcome.first != "succeeds":
                with world.copied(folder / "again") as again:
                    outcome.second = _second_apply(scenario, again)
            if scenario.elsewhere:
                (world.workspace.folder / "errored.tfstate").unlink()
            _recover(scenario, world, outcome, url)
        _check(world, outcome, prepared.expected)
    shutil.rmtree(folder)
    outcome.seconds = time.monotonic() - started
    return outcome


@contextmanager
def _sampled(scenario: Scenario, world: World, outcome: Outcome) -> Iterator[str]:
    """Ask for the hosts of a change from before the fault to the end; give the way by which every write is sampled."""
    if (change := EVERY.get(scenario.change)) is None:
        yield world.aws.url
        return
    sampler = Sampler(
        world.aws,
        world.environment,
        always=change.always,
        while_named=change.while_named,
        pause_seconds=_SAMPLING_PAUSE_SECONDS,
    )
    with sampler:
        yield sampler.gate.url
    outcome.samples = sampler.samples.count
    outcome.problems += [f"a client saw: {fault}" for fault in sampler.samples.bad]


def _failing_apply(scenario: Scenario, world: World, outcome: Outcome) -> tuple[str, str]:
    """Apply until a fault ends it, or it succeeds all the same; give its end and its words."""
    pids: list[int] = []
    proxy = FaultProxy(world.aws.url, scenario.faults, lambda: pids[0])
    options = _options(destroying=scenario.change == DESTROY)
    with proxy.serving(), world.workspace.at(proxy.url).applying(*options) as process:
        pids.append(process.pid)
        output, _ = process.communicate(timeout=_APPLY_SECONDS)
    outcome.scenario = _named(scenario, proxy.struck)
    missed = [str(fault) for fault in scenario.faults if fault not in proxy.struck]
    assert not missed, f"{missed} never struck; the writes were {proxy.writes_seen}\n{output}"
    if process.returncode == 0:
        return "succeeds", output
    return ("killed" if process.returncode < 0 else "fails"), output


def _named(scenario: Scenario, struck: Mapping[Fault, str]) -> str:
    """Name a scenario by the operations at which it was struck, where it names the writes by their number alone."""
    name = str(scenario)
    for fault, operation in struck.items():
        name = name.replace(f"at * {fault.nth}", f"at write {fault.nth}: {operation}")
    return name


def reason_of(output: str) -> str:
    """Give Terraform's first error in a few words."""
    found = re.search(r"Error: (.*)", output.replace("\u2502", ""))
    words = found[1].strip() if found else output.strip().splitlines()[-1:][0] if output.strip() else "?"
    for sign, short in {
        "already exists": "already exists",
        "PriorityInUse": "PriorityInUse",
        "acquiring the state lock": "state locked",
        "Duplicate": "duplicate rule",
        "AccessDenied": "AccessDenied",
    }.items():
        if sign in output:
            return short
    return words[:60]


def _second_apply(scenario: Scenario, world: World) -> str:
    """Apply once more without recovery; give how that ends, in a few words."""
    options = _options(destroying=scenario.change == DESTROY)
    done = world.workspace.terraform("apply", "-auto-approve", "-input=false", *options)
    if done.returncode != 0:
        return f"fails: {reason_of(done.stdout + done.stderr)}"
    certificates = [thing for thing in world.things() if thing[1] == "certificate" and "link." in thing[2]]
    wanted = 0 if scenario.change == DESTROY else 1
    return "succeeds" if len(certificates) == wanted else f"succeeds, and leaves {len(certificates)} certificates"


def _recover(scenario: Scenario, world: World, outcome: Outcome, url: str) -> None:
    """Recover once; a destroy goes on where its lock and its state are in order.

    What the changed file removes is asked about, as in any deploy, and accepted.
    """
    # No base is synthesized for each of so many.
    accepted = " ".join(["CODE:configuration", *(f"DESTROY:hosts.{host}" for host in _removed(scenario, world))])
    if scenario.change == DESTROY:
        _edge(world, outcome, url, "recover", "prod", "--only-state")
        code, output = _edge(world, outcome, url, "destroy", "prod", "--auto-approve", "--accept", accepted)
    else:
        code, output = _edge(world, outcome, url, "recover", "prod", "--yes", "--accept", accepted)
        if code == 1 and (asked := _expected(scenario, world, output)):
            outcome.accepted = len(asked)
            accepted = " ".join([accepted, *asked])
            code, output = _edge(world, outcome, url, "recover", "prod", "--yes", "--accept", accepted)
    if code != 0:
        outcome.problems.append(f"recovery ended with {code}: {output.strip()[-300:]}")
    destroyed = sum(int(match[3]) for match in _SUMMARY.findall(output))
    if scenario.change == FIRST and destroyed:
        outcome.problems.append(f"recover destroyed {destroyed}")


def _removed(scenario: Scenario, world: World) -> set[str]:
    """Name the hosts that the changed file no longer has."""
    change = EVERY.get(scenario.change)
    return set(change.while_named) - set(world.environment.hosts) if change else set()


def _expected(scenario: Scenario, world: World, output: str) -> list[str]:
    """Name the open risks that a person accepts who changed the file and knows that the deploy was cut off; no others.

    They are about what the deploy left of something earlier, a host that the file gives up, or another generation.
    """
    change = EVERY.get(scenario.change)
    if change is None:
        return []
    expected = {"REPLACE:aws_lb_target_group.link"} if change.port else set()
    for host in _removed(scenario, world):
        proof = f"aws_route53_record.{RecordAddress(host, Purpose.VALIDATION)}"
        expected |= {"UNROUTED:aws_lb_listener_rule.link", f"DESTROY:{proof}", f"FOREIGN:{proof}"}
    risks = [(" ".join(says.split()), id) for says, id in _OPEN.findall(output)]
    return sorted({id for says, id in risks if id in expected or says.startswith("what is left of an earlier ")})


def _edge(world: World, outcome: Outcome, url: str, *command: str) -> tuple[int, str]:
    done = world.edge(*command, url=url)
    output = done.stdout + done.stderr
    outcome.log += f"\n--- {' '.join(command)}: {done.returncode}\n{output}"
    return done.returncode, output


def _check(world: World, outcome: Outcome, expected: list[Thing]) -> None:
    """Note what stands otherwise than after a deploy that nothing disturbed."""
    actual = world.things()
    outcome.problems += [f"is missing: {thing}" for thing in expected if actual.count(thing) < expected.count(thing)]
    outcome.problems += [f"is too many: {thing}" for thing in actual if actual.count(thing) > expected.count(thing)]
    if world.locked():
        outcome.problems.append("the state is still locked")
