"""Making a plan, to be reviewed and applied as it is.

Checks the files, compares the live listener's priorities, synthesizes, plans, and seals the plan's folder. It changes
nothing in AWS and takes no lock.
"""

import datetime
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bootstrap.places import HERE
from edge.plan import neighbours
from edge.plan.base import base_of, write_base
from edge.plan.dead_certificates import notice, plan_past_dead, replaced
from edge.plan.destroy import plan_removal
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder, close
from edge.plan.followed import refuse_what_is_followed
from edge.plan.handed_in import handed_in, judged
from edge.plan.leaving import leaving, plan_leaving
from edge.plan.other_accounts import refuse_other_accounts
from edge.plan.removable import refuse_what_cannot_go
from edge.plan.seal import Seal
from edge.plan.standing import refuse_what_stands
from edge.plan.state_file import StateFile, recovery_of, refuse_unstored
from edge.preflight.platform import missing
from edge.preflight.priorities import held_priorities
from edge.preflight.readiness import demand_readiness, missing_zones
from edge.terraform import provider_lock, synthesis, toolchain
from edge.terraform.base_code import demand_base
from edge.terraform.private_files import write_private
from edge.terraform.runner import Terraform
from edge.terraform.state import State
from edge.tfplan.blocks import portable
from edge.tfplan.digest import digest_of, digest_of_bytes, digest_of_json
from edge.tfplan.parse import parse
from environments.checked import Environment


@dataclass(frozen=True)
class Made:
    """A plan that was just made: its seal, and the Terraform that made it and may apply it."""

    seal: Seal
    terraform: Terraform


def make(
    environment: Environment,
    folder: PlanFolder,
    *,
    base: str | None = None,
    configuration: Path | None = None,
    destroying: bool = False,
) -> Made:
    """Plan an environment into a folder, and seal it; `destroying` plans the removal of all that it made.

    `base` names the code that the change is compared with; `configuration` is one that was synthesized elsewhere, which
    is planned in place of this checkout's own. Raises RefusedError, EngineError and ToolMissingError.
    """
    _demand_inputs(environment, base, configuration)
    environ = toolchain.terraform_environment()
    demand_readiness(environment, only_state=True)
    zones = [] if destroying else missing_zones(environment)
    if not destroying and (held := held_priorities([environment])):
        raise RefusedError("\n".join(map(str, held)))
    folder.clear()
    if configuration is None:
        stack = synthesis.synthesize(environment.name, environ)
    else:
        stack = handed_in(environment, configuration, environ)
    compared = base_of(environment.name, base, environ)
    terraform = Terraform(stack.folder, environ)
    provider_lock.init(terraform)
    # Before the plan: what changes in between makes the plan stale, and never passes as fresh.
    pulled = terraform.pull()
    refuse_unstored(stack.folder, lambda: pulled, recovery_of(environment.name, destroying=destroying))
    standing = json.loads(pulled or "{}")
    write_base(folder, environment, compared, StateFile.of(pulled, "The stored state"))
    content = stack.read()
    if destroying:
        terraform = plan_removal(terraform, stack, folder.plan.absolute())
        shown = terraform.show(folder.plan.absolute())
    else:
        refuse_other_accounts(environment, content, standing)
        if gone := [*zones, *missing(environment)]:
            shown = plan_leaving(terraform, folder.plan.absolute(), gone, leaving(content, standing))
        else:
            shown = planned(terraform, folder.plan.absolute())
    close(folder.plan)
    plan = parse(shown)
    refuse_what_stands(environment, plan)
    refuse_what_cannot_go(environment, plan)
    refuse_what_is_followed(plan, standing)
    neighbours.write(folder, environment, plan)
    write_private(folder.json, json.dumps(shown))
    write_private(folder.configuration, stack.file.read_bytes())
    write_private(folder.lock, terraform.lock.read_bytes())
    return Made(_sealed(folder, environment.name, shown, content, State.of(standing)), terraform)


def _demand_inputs(environment: Environment, base: str | None, configuration: Path | None) -> None:
    """Refuse what was named and cannot be used, before AWS is asked anything."""
    if base is not None:
        demand_base(base)
    if configuration is not None:
        judged(environment, configuration)


def _sealed(folder: PlanFolder, name: str, shown: dict[str, Any], content: dict[str, Any], state: State | None) -> Seal:
    """Seal what lies in a plan's folder."""
    seal = Seal(
        environment=name,
        digest=digest_of(shown, content),
        configuration=digest_of_json(portable(content)),
        terraform=toolchain.engine_version(),
        state=state,
        commit=_commit(),
        time=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        files={
            file.name: digest_of_bytes(file.read_bytes())
            for file in (folder.plan, folder.configuration, folder.base, folder.neighbours, folder.lock)
        },
    ).sealed()
    write_private(folder.seal, seal.model_dump_json(indent=2) + "\n")
    return seal


def say_what_follows(folder: PlanFolder, made: Made) -> None:
    """Report the digest of a plan that stays, the commands that review and apply it, and where Terraform's own is."""
    seal = made.seal
    print(
        f"Sealed {folder.shown}: {seal.digest}\nReview it with `edge review --plan {folder.shown}`, then apply it with "
        f"`edge deploy --plan {folder.shown} --digest {seal.digest}`.\n"
        f"Terraform's own words stand in {made.terraform.plan_log}",
        file=sys.stderr,
    )


def planned(terraform: Terraform, file: Path) -> dict[str, Any]:
    """Plan into a file, past certificates that are dead, and say which those are; give the plan as JSON."""
    shown = plan_past_dead(terraform.plan, terraform.show, file)
    for change in replaced(parse(shown)):
        print(f"{notice(change)}.", file=sys.stderr)
    return shown


def _commit() -> str | None:
    """Name the checkout's commit, with -dirty where files differ from it; None outside git."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    environ = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(command, cwd=HERE.root, env=environ, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
