"""Making a plan, to be reviewed and applied as it is.

Checks the files, compares the live listener's priorities, synthesizes, plans, and seals the folder plans/<environment>.
It changes nothing in AWS and takes no lock.
"""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bootstrap.places import HERE
from edge.plan import neighbours
from edge.plan.base import write_base
from edge.plan.dead_certificates import dead, notice, replacing
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder, close, write_private
from edge.plan.removable import refuse_what_cannot_go
from edge.plan.seal import Seal
from edge.plan.standing import refuse_what_stands
from edge.preflight import held_priorities
from edge.terraform import synthesis, toolchain
from edge.terraform.runner import Terraform
from edge.tfplan.blocks import portable
from edge.tfplan.digest import digest_of, digest_of_bytes, digest_of_json
from edge.tfplan.parse import parse
from environments.checked import Environment


def make(environment: Environment, folder: PlanFolder, *, base: str | None = None) -> Seal:
    """Plan an environment into a folder, and seal it; `base` names the code that the change is compared with.

    Raises RefusedError, EngineError and ToolMissingError.
    """
    environ = toolchain.terraform_environment()
    if held := held_priorities([environment]):
        raise RefusedError("\n".join(map(str, held)))
    folder.clear()
    stack = synthesis.synthesize(environment.name, environ)
    write_base(folder, environment.name, base, environ)
    terraform = Terraform(stack.folder, environ)
    terraform.lock.unlink(missing_ok=True)
    terraform.init()
    state = (
        terraform.state()
    )  # before the plan: what changes in between makes the plan stale, and never passes as fresh
    shown = planned(terraform, folder.plan.absolute())
    close(folder.plan)
    plan = parse(shown)
    refuse_what_stands(environment, plan)
    refuse_what_cannot_go(environment, plan)
    neighbours.write(folder, environment, plan)
    write_private(folder.json, json.dumps(shown))
    write_private(folder.configuration, stack.file.read_bytes())
    write_private(folder.lock, terraform.lock.read_bytes())
    seal = Seal(
        environment=environment.name,
        digest=digest_of(shown, stack.read()),
        configuration=digest_of_json(portable(stack.read())),
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
    print(
        f"Sealed {folder.shown}: {seal.digest}\nReview it with `edge review --plan {folder.shown}`, then apply it with "
        f"`edge deploy --plan {folder.shown} --digest {seal.digest}`.",
        file=sys.stderr,
    )
    return seal


def planned(terraform: Terraform, file: Path) -> dict[str, Any]:
    """Plan into a file, and again where a certificate is dead that Terraform would leave; give the plan as JSON."""
    terraform.plan(file)
    shown = terraform.show(file)
    if found := dead(parse(shown)):
        print("\n".join(map(notice, found)), file=sys.stderr)
        terraform.plan(file, *replacing(found))
        shown = terraform.show(file)
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
