"""`edge deploy` without a plan of its own: plan, ask, and apply that plan, all in one.

Not by cdktf: at one Ctrl-C it aborts at once and leaves Terraform to die, with the lock held and the state unwritten.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from edge.cli.exits import Exit
from edge.plan.apply import unfinished
from edge.plan.standing import refuse_what_stands
from edge.terraform import synthesis, toolchain
from edge.terraform.runner import Terraform
from edge.tfplan.parse import parse
from environments.checked import Environment


def deploy(environment: Environment, *, auto_approve: bool) -> int:
    """Plan, show it, ask, and apply: 0 when it stands, 1 where somebody answers no.

    Raises RefusedError where something that it would create stands already, and EngineError.
    """
    environ = toolchain.terraform_environment()
    terraform = Terraform(synthesis.synthesize(environment.name, environ).folder, environ)
    terraform.lock.unlink(missing_ok=True)
    terraform.init()
    with TemporaryDirectory() as folder:  # its owner's alone, as the plan's secrets must be
        file = Path(folder, "deploy.tfplan")
        terraform.plan(file)
        plan = parse(terraform.show(file))
        refuse_what_stands(environment, plan)
        if plan.changes_nothing:
            print(f"Nothing to deploy: {environment.name} is as its configuration says.", file=sys.stderr)
            return Exit.DONE
        if not auto_approve and not _approved(environment.name):
            print("Nothing was changed.", file=sys.stderr)
            return Exit.FAILED
        code, _ = terraform.apply(file)
    if code != 0:
        raise unfinished(environment.name)
    return Exit.DONE


def _approved(name: str) -> bool:
    print(f"Apply this plan to {name}? Only yes applies it: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == "yes"
