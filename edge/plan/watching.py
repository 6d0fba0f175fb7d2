"""An apply that is shown part by part, in every command that applies a plan."""

import re
import sys
from pathlib import Path

from rich.console import Console

from edge.terraform.messages import BEGINS, address_of, messages
from edge.terraform.runner import Terraform
from edge.tfplan.model import Action, Plan
from edge.watch.parts import Resource, resource
from edge.watch.show import Show

# What it says of the lock on every run; what it says when it cannot have it is an error.
_OF_THE_LOCK = ("Acquiring state lock.", "Releasing state lock.")
_TOTALS = re.compile(r"(Apply|Destroy) complete!")
_OUTPUTS = "Outputs:"


class _Rest:
    """What Terraform says beside its steps: messages for standard error, in the end; outputs for standard output."""

    def __init__(self, known: dict[str, Resource]) -> None:
        self._known = known
        self._message: list[str] | None = None
        self._messages: list[str] = []
        self._is_output = False

    def line(self, text: str) -> None:
        """Take a line that is about no step."""
        if BEGINS.match(text) or _TOTALS.match(text) or text == _OUTPUTS:
            self._end()
        if text == _OUTPUTS or self._is_output:
            self._is_output = True
            print(text, flush=True)
        elif BEGINS.match(text):
            self._message = [text]
        elif self._message is not None:
            self._message.append(text)
        elif text and not text.startswith(_OF_THE_LOCK):
            print(text, file=sys.stderr, flush=True)

    def show(self) -> None:
        """Show each message whole and once, below the part that it is about."""
        self._end()
        for message in messages("\n".join(self._messages)):
            address = address_of(message)
            found = (self._known.get(address) or resource(address)) if address else None
            head = f"{found.part.value}{f', account {found.account}' if found.account else ''}: " if found else ""
            print(f"\n{head}{address or ''}{chr(10) if found else ''}{message}", file=sys.stderr, flush=True)

    def _end(self) -> None:
        self._messages += self._message or []
        self._message = None


def apply_shown(terraform: Terraform, file: Path, plan: Plan, *options: str) -> tuple[int, str]:
    """Apply a saved plan; give Terraform's exit code, and its errors and warnings.

    On standard error come the steps, as parts, the totals, and then each error and warning below its part; on standard
    output the outputs. Every line stands in Terraform's `log`.
    """
    known = changed(plan)
    rest = _Rest(known)
    with Show(lambda: known, Console(stderr=True), phase="reaching the state", others=rest.line) as show:
        code, errors = terraform.apply(file, *options, watch=show)
    rest.show()
    return code, errors


def changed(plan: Plan) -> dict[str, Resource]:
    """Give what a plan changes, by address."""
    return {
        change.address: resource(change.address, change.account or "")
        for change in plan.changes
        if change.action is not Action.NOTHING
    }
