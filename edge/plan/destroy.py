"""`edge destroy`: remove all that the state holds, whatever of the platform is gone, and nothing before all can go.

Terraform gets a configuration of backend and providers alone, by which everything in the state is to be removed. So
nothing is looked up: a load balancer or an Auto Scaling group of another tool that is gone keeps nothing of ours from
going, and what is gone already is dropped from the state. (`terraform destroy` reads data sources first:
https://developer.hashicorp.com/terraform/cli/commands/plan#planning-modes)
"""

import json
import sys
from pathlib import Path

from edge.cli.exits import Exit
from edge.plan.folder import write_private
from edge.plan.removable import refuse_what_cannot_go
from edge.terraform import synthesis, toolchain
from edge.terraform.errors import EngineError
from edge.terraform.runner import Terraform
from edge.tfplan.parse import parse
from environments.checked import Environment

_KEPT = ("//", "terraform", "provider")
# In the stack's folder, and not a temporary one: Terraform leaves a state there that it could not store.
_FOLDER = "destroy"


def destroy(environment: Environment, *, auto_approve: bool) -> int:
    """Plan the removal, show it, ask, and apply it: 0 when all is gone, 1 where somebody answers no.

    Raises RefusedError where something would not let itself be removed, and EngineError.
    """
    environ = toolchain.terraform_environment()
    stack = synthesis.synthesize(environment.name, environ)
    folder = stack.folder / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    content = {key: value for key, value in stack.read().items() if key in _KEPT}
    (folder / stack.file.name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    terraform = Terraform(folder, environ)
    terraform.lock.unlink(missing_ok=True)
    terraform.init()
    file = folder / "destroy.tfplan"
    write_private(file, b"")  # its owner's alone, as a plan's secrets must be; Terraform keeps the rights
    try:
        return _destroy(environment, terraform, file.absolute(), auto_approve=auto_approve)
    finally:
        file.unlink(missing_ok=True)


def _destroy(environment: Environment, terraform: Terraform, file: Path, *, auto_approve: bool) -> int:
    terraform.plan(file)
    plan = parse(terraform.show(file))
    if not any(change.changes_something for change in plan.changes):
        print(f"Nothing to destroy: the state of {environment.name} holds nothing.", file=sys.stderr)
        return Exit.DONE
    refuse_what_cannot_go(environment, plan)
    if not auto_approve and not _approved(environment.name):
        print("Nothing was changed.", file=sys.stderr)
        return Exit.FAILED
    code, _ = terraform.apply(file)
    if code != 0:
        raise EngineError(
            "Terraform did not finish; its reason stands above. What is left is still in the state: run "
            f"`edge destroy {environment.name}` again."
        )
    return Exit.DONE


def _approved(name: str) -> bool:
    print(f"Destroy all of this, of {name}? Only yes destroys it: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == "yes"
