"""The plan of a destroy, which needs nothing but the state: what is ours can go, whatever of the platform is gone.

`terraform plan -destroy` reads data sources first, and ends where a load balancer or an Auto Scaling group of another
tool is gone (https://developer.hashicorp.com/terraform/cli/commands/plan#planning-modes). Then Terraform gets a
configuration of backend and providers alone, by which everything in the state is to be removed, in the order that the
state has kept; what is gone already is dropped.
"""

import json
import sys
from pathlib import Path

from edge.plan.state_file import REMOVAL
from edge.terraform import provider_lock
from edge.terraform.errors import EngineError
from edge.terraform.runner import Terraform
from edge.terraform.synthesis import Stack

_KEPT = ("//", "terraform", "provider")
_BY_THE_STATE = "What the configuration looks up is not all there any more; the removal is planned by the state alone."


def plan_removal(terraform: Terraform, stack: Stack, file: Path) -> Terraform:
    """Plan into a file that all goes; give the Terraform that made the plan and may apply it."""
    try:
        terraform.plan(file, "-destroy")
    except EngineError:
        print(_BY_THE_STATE, file=sys.stderr)
        terraform = _by_the_state_alone(terraform, stack)
        terraform.plan(file)
    return terraform


def _by_the_state_alone(terraform: Terraform, stack: Stack) -> Terraform:
    folder = stack.folder / REMOVAL  # no temporary one: Terraform leaves a state there that it could not store
    folder.mkdir(mode=0o700, exist_ok=True)
    content = {key: value for key, value in stack.read().items() if key in _KEPT}
    (folder / stack.file.name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    alone = Terraform(folder, terraform.environ)
    provider_lock.init(alone)
    return alone
