"""One scenario: a deploy that fails at a chosen call, then another apply or a recovery, and what stands afterwards."""

import re
import time
from dataclasses import dataclass, field

from tests.support.fault_proxy import Fault, FaultProxy
from tests.support.workspace import Workspace
from tests.support.worlds import World

_SUMMARY = re.compile(r"Apply complete! Resources: (?:(\d+) imported, )?(\d+) added, (\d+) changed, (\d+) destroyed")
_APPLY_SECONDS = 600

Thing = tuple[str, str, str, str]
"""Account, kind, name and settings of what stands, written alike for all worlds."""


@dataclass
class Outcome:
    """How a scenario went: each apply's end in a word or two, and what is wrong at the end."""

    fault: Fault
    name: str = ""
    first: str = ""
    second: str = ""
    recovered: str = ""
    destroyed: int = 0
    problems: list[str] = field(default_factory=list)
    log: str = ""
    seconds: float = 0.0

    @property
    def scenario(self) -> str:
        """What the table calls it."""
        return self.name or f"first deploy, {self.fault}"

    @property
    def healed(self) -> bool:
        return not self.problems


def failing_apply(world: World, workspace: Workspace, fault: Fault) -> tuple[str, str, str]:
    """Apply until the fault ends it, or it succeeds all the same; give its end, its words, and which write failed."""
    pids: list[int] = []
    proxy = FaultProxy(world.aws, fault, lambda: pids[0])
    with proxy.serving(), workspace.at(proxy.url).applying() as process:
        pids.append(process.pid)
        said, _ = process.communicate(timeout=_APPLY_SECONDS)
    assert fault.kind == "none" or proxy.struck, f"{fault} never struck; the writes were {proxy.writes_seen}\n{said}"
    if process.returncode == 0:
        return "succeeds", said, proxy.struck
    return ("killed" if process.returncode < 0 else "fails"), said, proxy.struck


def reason_of(said: str) -> str:
    """Give Terraform's first error in a few words."""
    found = re.search(r"Error: (.*)", said.replace("\u2502", ""))
    words = found[1].strip() if found else said.strip().splitlines()[-1:][0] if said.strip() else "?"
    for sign, short in {
        "already exists": "already exists",
        "PriorityInUse": "PriorityInUse",
        "acquiring the state lock": "state locked",
        "Duplicate": "duplicate rule",
        "AccessDenied": "AccessDenied",
    }.items():
        if sign in said:
            return short
    return words[:60]


def recover(world: World, workspace: Workspace, outcome: Outcome, *, command: tuple[str, ...] = ()) -> None:
    """Recover once, and note what it destroyed and what is left wrong."""
    nothing_compared = ("--accept", "CODE:configuration")  # a base would be synthesized for each of so many
    done = world.edge(workspace, "recover", "prod", "--yes", *nothing_compared, *command)
    outcome.log += f"\n--- recover: {done.returncode}\n{done.stdout}{done.stderr}"
    outcome.recovered = "heals" if done.returncode == 0 else f"exit {done.returncode}"
    outcome.destroyed = sum(int(match[3]) for match in _SUMMARY.findall(done.stdout))
    if done.returncode != 0:
        outcome.problems.append(f"recover ended with {done.returncode}: {done.stderr.strip()[-300:]}")


def check(world: World, outcome: Outcome, expected: list[Thing]) -> None:
    """Note what stands otherwise than after a deploy that nothing disturbed."""
    actual = world.things()
    outcome.problems += [f"is missing: {thing}" for thing in expected if actual.count(thing) < expected.count(thing)]
    outcome.problems += [f"is too many: {thing}" for thing in actual if actual.count(thing) > expected.count(thing)]
    if world.locked():
        outcome.problems.append("the state is still locked")


def undisturbed(world: World) -> list[Thing]:
    """Deploy without a fault; give what stands then."""
    workspace = world.synthesized()
    workspace.apply()
    return world.things()


def first_deploy(world: World, fault: Fault, expected: list[Thing]) -> Outcome:
    """Let a first deploy fail, and recover."""
    started, outcome = time.monotonic(), Outcome(fault)
    workspace = world.synthesized()
    outcome.first, said, _ = failing_apply(world, workspace, fault)
    outcome.log = f"--- first: {outcome.first}\n{said}"
    recover(world, workspace, outcome)
    if outcome.destroyed:
        outcome.problems.append(f"recover destroyed {outcome.destroyed}")
    check(world, outcome, expected)
    outcome.seconds = time.monotonic() - started
    return outcome


def with_another_name(world: World) -> str:
    """Give the world's environment file with one more host, which replaces the certificate."""
    host = f'"link.world{world.number}.test"'
    assert host in world.toml
    return world.toml.replace(host, f'{host}, "go.world{world.number}.test"')


def undisturbed_change(world: World) -> tuple[list[Thing], list[str]]:
    """Deploy, and change the names without a fault; give what stands then, and all writes of the change in order."""
    world.synthesized().apply()
    workspace = world.synthesized(with_another_name(world))
    proxy = FaultProxy(world.aws, Fault("none"))
    with proxy.serving():
        workspace.at(proxy.url).apply()
    return world.things(), proxy.writes_seen


def change_of_names(world: World, fault: Fault, expected: list[Thing]) -> Outcome:
    """Deploy, let a change of the names fail, and recover; a client's way stays open throughout."""
    started, outcome = time.monotonic(), Outcome(fault)
    world.synthesized().apply()
    workspace = world.synthesized(with_another_name(world))
    outcome.first, said, struck = failing_apply(world, workspace, fault)
    outcome.name = f"another name, {fault.kind} at write {fault.nth}: {struck}"
    outcome.log = f"--- first: {outcome.first}\n{said}"
    recover(world, workspace, outcome)
    check(world, outcome, expected)
    outcome.seconds = time.monotonic() - started
    return outcome


def second_apply(world: World, fault: Fault) -> str:
    """Let a first deploy fail, and apply once more without recovery; give how that ends, in a few words."""
    workspace = world.synthesized()
    failing_apply(world, workspace, fault)
    done = workspace.terraform("apply", "-auto-approve", "-input=false")
    if done.returncode != 0:
        return f"fails: {reason_of(done.stdout + done.stderr)}"
    things = [thing for thing in world.things() if thing[1] == "certificate" and "link." in thing[2]]
    return "succeeds" if len(things) == 1 else f"succeeds, and leaves {len(things)} certificates"
