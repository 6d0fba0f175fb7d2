"""Applying a sealed plan as it is, as `edge deploy --plan` does.

Or it says why not: another plan, another environment, configuration or Terraform, or a state that has moved on. At the
first Ctrl-C Terraform is let finish; the second stops it, and `edge recover` heals what that leaves.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from edge.cli.asking import says_yes
from edge.cli.exits import Exit
from edge.cli.lines import say
from edge.plan import checks, neighbours
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder
from edge.plan.neighbour_answers import beside_neighbours
from edge.plan.seal import Seal
from edge.plan.state_file import recovery_of, refuse_unstored
from edge.plan.watching import apply_shown
from edge.policy.folder_scan import scan
from edge.preflight.accounts import accounts
from edge.preflight.priorities import held_priorities
from edge.preflight.writing import demand_writable
from edge.review.gate import gate
from edge.terraform import synthesis, toolchain
from edge.terraform.errors import EngineError
from edge.terraform.private_files import write_private
from edge.terraform.runner import Terraform
from environments.loader import load, load_all

_LOCKED = "Error acquiring the state lock"
_STALE = ("Saved plan is stale", "Saved plan does not match the given state")


def apply(folder: PlanFolder, *, environment: str, digest: str, accept: Sequence[str], auto_approve: bool) -> int:
    """Apply a plan: 0 when it stands, 1 where a risk is not accepted or somebody answers no.

    An empty environment or digest names none. Raises RefusedError for a plan that may not be applied, and EngineError.
    """
    seal = folder.read()
    folder.close()
    checks.named(folder, seal, environment)
    checks.reviewed(folder, seal, digest)
    checks.not_applied(folder, seal)
    checks.same_tool(folder, seal, toolchain.engine_version())
    load_all()
    (planned,) = load([seal.environment])
    asks = not auto_approve and sys.stdin.isatty()
    if not asks and not auto_approve and not digest:
        why = "is applied after a question, and there is no terminal to ask on"
        raise RefusedError.because(folder.shown, why, "name the plan that was reviewed: --digest sha256:…")
    terraform = _prepared(folder, seal)
    if not folder.scan.is_file():
        scan(folder.path)
    if code := gate(folder.path, seal.environment, accept, in_full=asks):
        return code
    if folder.tfplan().changes_nothing:
        print(f"{folder.shown} changes nothing: {seal.environment} is as its configuration says.", file=sys.stderr)
        return Exit.DONE
    if held := held_priorities([planned]):
        raise RefusedError("\n".join(map(str, held)))
    neighbours.refuse_changed(folder, planned)
    demand_writable(planned)
    for line in accounts(planned):
        say(line, sys.stderr)
    if asks and not approved(f"Apply this plan to {planned.name}?"):
        return Exit.FAILED
    return beside_neighbours(folder, planned, lambda: run(terraform, folder, seal))


def unfinished(name: str, log: Path, again: str = "") -> EngineError:
    """Say what to do after an apply that failed or was stopped; what it made may be missing in the state.

    `again` is the command to repeat instead of a recovery: that would make what a destroy has removed.
    """
    where = f"\nEvery line of Terraform stands in {log}"
    if again:
        return EngineError(
            f"Terraform did not finish; its reason stands above. Run `{again}` again for what is left.{where}"
        )
    return EngineError(
        "Terraform did not finish; its reason stands above. The state may not know all that it did: "
        f"`edge recover {name}` looks at what stands, and plans the rest.{where}"
    )


def _prepared(folder: PlanFolder, seal: Seal) -> Terraform:
    """Synthesize, reach the state, and check all that stands against the seal."""
    environ = toolchain.terraform_environment()
    stack = synthesis.synthesize(seal.environment, environ)
    planned = folder.planned()
    checks.same_configuration(folder, seal, stack, planned)
    terraform = Terraform(stack.folder, environ)
    terraform.lock.write_bytes(folder.lock.read_bytes())
    terraform.init("-lockfile=readonly")
    shown = terraform.show(folder.plan.absolute())
    checks.same_plan(folder, seal, shown)
    write_private(folder.json, json.dumps(shown))
    refuse_unstored(stack.folder, terraform.pull, recovery_of(seal.environment, destroying=False))
    checks.not_stale(folder, seal, terraform.state())
    return terraform


def approved(question: str) -> bool:
    """Ask on the terminal, and confirm a no."""
    if says_yes(question):
        return True
    print("Nothing was changed.", file=sys.stderr)
    return False


def run(terraform: Terraform, folder: PlanFolder, seal: Seal, *, again: str = "") -> int:
    """Let Terraform apply a plan that was checked against all that stands; raises RefusedError where it is stale.

    `again` is what to run after a failure, instead of a recovery.
    """
    started = time.monotonic()
    print(f"Applying to {seal.environment}: {seal.digest}", file=sys.stderr)
    code, errors = apply_shown(terraform, folder.plan.absolute(), folder.tfplan())
    if any(sentence in errors for sentence in _STALE):
        raise checks.stale(folder, seal)
    if _LOCKED in errors:  # by somebody who came after it was asked about
        raise RefusedError(
            "The state is locked by another run, which Terraform names above; wait for that to end, or, where it ended "
            f"without releasing the lock, run `{recovery_of(seal.environment, destroying=bool(again))}`. Nothing was "
            "changed"
        )
    if code != 0:
        raise unfinished(seal.environment, terraform.log, again)
    write_private(folder.applied, json.dumps({"digest": seal.digest}) + "\n")
    print(
        f"Applied the plan of {seal.environment} in {time.monotonic() - started:.0f} s: {seal.digest}\n"
        f"Every line of Terraform stands in {terraform.log}",
        file=sys.stderr,
    )
    return Exit.DONE
