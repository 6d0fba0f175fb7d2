"""An apply that is shown part by part, in every command that applies a plan."""

from pathlib import Path

from rich.console import Console

from edge.terraform.runner import Terraform
from edge.tfplan.model import Action, Plan
from edge.watch.parts import Resource, resource
from edge.watch.show import Show


def apply_shown(terraform: Terraform, file: Path, plan: Plan, *options: str) -> tuple[int, str]:
    """Apply a saved plan; give Terraform's exit code, and what it wrote on standard error.

    What Terraform says of resources is shown as parts on standard error; all else goes on to standard output as it is,
    and every line to `terraform.log`.
    """
    with Show(lambda: changed(plan), Console(stderr=True), phase="reaching the state", others=_pass_on) as show:
        return terraform.apply(file, *options, watch=show)


def changed(plan: Plan) -> dict[str, Resource]:
    """Give what a plan changes, by address."""
    return {
        change.address: resource(change.address, change.account or "")
        for change in plan.changes
        if change.action is not Action.NOTHING
    }


def _pass_on(line: str) -> None:
    if line:
        print(line, flush=True)
