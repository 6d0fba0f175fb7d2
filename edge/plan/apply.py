"""`python -m edge.plan.apply <folder> [--environment NAME] [--digest SHA256] [--accept IDS] [--auto-approve]`.

Applies a sealed plan as it is, or says why not: another plan, another environment, configuration or Terraform, or a
state that has moved on. Ctrl-C reaches Terraform, which finishes what it does and releases its lock.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from edge.plan import checks
from edge.plan.command import EXIT_FAILED, ended
from edge.plan.errors import EngineError, RefusedError
from edge.plan.folder import PlanFolder, write_private
from edge.plan.seal import Seal
from edge.preflight import accounts, held_priorities
from edge.review.gate import gate
from edge.terraform import synthesis, toolchain
from edge.terraform.runner import Terraform
from environments.loader import load, load_all
from environments.schema import Environment

_STALE = ("Saved plan is stale", "Saved plan does not match the given state")


def main(arguments: Sequence[str]) -> int:
    """Apply a plan: 0 when it stands, 1 where Terraform failed, 2 where it is refused, 130 when interrupted."""
    given = _parser().parse_args(arguments)
    folder = PlanFolder(Path(given.folder))
    return ended(lambda: _apply(folder, given))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m edge.plan.apply", description="Apply a sealed plan as it is.")
    parser.add_argument("folder", help="the plan's folder, such as plans/prod")
    parser.add_argument("--environment", default="", help="refuse a plan of another environment")
    parser.add_argument("--digest", default="", help="the digest of the reviewed plan; any other is refused")
    parser.add_argument("--accept", default="", type=str.split, help="the risks that were accepted, between spaces")
    parser.add_argument("--auto-approve", action="store_true", help="do not ask")
    return parser


def _apply(folder: PlanFolder, given: argparse.Namespace) -> int:
    seal = folder.read()
    folder.close()
    checks.named(folder, seal, given.environment)
    checks.reviewed(folder, seal, given.digest)
    checks.not_applied(folder, seal)
    checks.same_tool(folder, seal, toolchain.engine_version())
    load_all()
    (environment,) = load([seal.environment])
    asks = not given.auto_approve and sys.stdin.isatty()
    if not asks and not given.auto_approve and not given.digest:
        why = "is applied after a question, and there is no terminal to ask on"
        raise RefusedError.because(folder.shown, why, "name the plan that was reviewed with DIGEST=sha256:…")
    terraform = _prepared(folder, seal)
    if code := gate(folder.path, given.accept):
        return code
    if folder.tfplan().changes_nothing:
        print(f"{folder.shown} changes nothing: {seal.environment} is as its configuration says.", file=sys.stderr)
        return 0
    if held := held_priorities([environment]):
        raise RefusedError("\n".join(map(str, held)))
    Console(stderr=True).print(accounts(environment))
    if asks and not _approved(terraform, folder, environment):
        print("Nothing was changed.", file=sys.stderr)
        return EXIT_FAILED
    return run(terraform, folder, seal)


def _prepared(folder: PlanFolder, seal: Seal) -> Terraform:
    """Synthesize, reach the state, and hold all that stands against the seal."""
    environ = toolchain.command_environment()
    stack = synthesis.synthesize(seal.environment, environ)
    planned = json.loads(folder.configuration.read_text(encoding="utf-8"))
    checks.same_configuration(folder, seal, stack, planned)
    terraform = Terraform(stack.folder, environ)
    terraform.lock.write_bytes(folder.lock.read_bytes())
    terraform.init("-lockfile=readonly")
    shown = terraform.show(folder.plan.absolute())
    checks.same_plan(folder, seal, shown)
    write_private(folder.json, json.dumps(shown))
    checks.not_stale(folder, seal, terraform.state())
    return terraform


def _approved(terraform: Terraform, folder: PlanFolder, environment: Environment) -> bool:
    terraform.show_readable(folder.plan.absolute())
    print(f"Apply this plan to {environment.name}? Only yes applies it: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == "yes"


def run(terraform: Terraform, folder: PlanFolder, seal: Seal) -> int:
    """Let Terraform apply a plan that was held against all that stands; raises RefusedError where it is stale."""
    started = time.monotonic()
    code, said = terraform.apply(folder.plan.absolute())
    if any(each in said for each in _STALE):
        raise checks.stale(folder, seal)
    if code != 0:
        raise EngineError(
            f"Terraform did not finish; its reason stands above. What it did stands in the state: plan and review the "
            f"rest with make plan ENV={seal.environment}."
        )
    write_private(folder.applied, json.dumps({"digest": seal.digest}) + "\n")
    print(f"Applied {folder.shown} in {time.monotonic() - started:.0f} s: {seal.digest}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
