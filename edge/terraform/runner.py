"""Terraform on one synthesized stack: the one way in which plans, deploys, the demo and the scan run it."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from edge.cli.waiting import waiting
from edge.terraform import last_backend
from edge.terraform.child_processes import Watch, relay, run
from edge.terraform.errors import EngineError
from edge.terraform.messages import messages
from edge.terraform.private_files import write_private
from edge.terraform.state import State
from edge.terraform.toolchain import terraform_binary

_CHANGES = 2  # the exit code of a plan that is not empty
# What each command does, for whoever waits for it.
_WORDS = {
    "init": "installing the provider, and reaching the state",
    "plan": "reading what stands, and planning",
    "state": "asking the state",
    "show": "reading the plan",
    "output": "reading the outputs",
}
# How much an apply has under way at once; Terraform's own number is 10 (docs/decisions/0092-thirty-at-once.md).
_AT_ONCE = 30
FINISHING = "Finishing what is under way, so that the state stays true; press Ctrl-C again to stop at once."


@dataclass(frozen=True)
class Terraform:
    """Terraform in a stack's folder; methods raise EngineError with Terraform's own words."""

    folder: Path
    environ: Mapping[str, str]

    @property
    def lock(self) -> Path:
        """The exact providers that `init` chose."""
        return self.folder / ".terraform.lock.hcl"

    def init(self, *options: str) -> None:
        """Fetch the providers and reach the state; where that was elsewhere at the last run here, say so."""
        if said := last_backend.moved(self.folder):
            print(said, file=sys.stderr)
        self._answer("init", "-input=false", "-no-color", "-reconfigure", *options)

    def plan(self, file: Path, *options: str, reported: str = "") -> str:
        """Plan into a file, without a lock, since nothing changes and a stale plan is refused; give the plan's text.

        The text is kept in `plan_log`, since a review is what people read. Terraform's warnings are shown, but for the
        one of that title which the caller has `reported` in words of its own.
        """
        done = self._run("plan", "-input=false", "-no-color", "-lock=false", f"-out={file}", *options)
        write_private(self.plan_log, done.stdout + done.stderr)
        if done.returncode != 0:
            raise _failed("plan", done, f" Every line stands in {self.plan_log}")
        for message in messages(done.stdout):
            if not reported or message.partition("\n")[0] != f"Warning: {reported}":
                print(message, file=sys.stderr)
        return done.stdout

    def plans_nothing(self) -> bool:
        """Plan, without a lock, and tell whether the plan is empty; half the work of a plan that is read."""
        # https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode
        done = self._run("plan", "-input=false", "-no-color", "-lock=false", "-detailed-exitcode")
        if done.returncode not in (0, _CHANGES):
            raise _failed("plan", done)
        return done.returncode == 0

    def change_state(self, *arguments: str) -> None:
        """Run a command that changes only the state, such as `untaint -lock=false ADDRESS`."""
        self._answer(*arguments)

    def pull(self) -> str:
        """Give the whole state as it is stored; empty where there is none yet."""
        return self._answer("state", "pull")

    def show(self, file: Path) -> dict[str, Any]:
        """Give a saved plan as JSON."""
        content: dict[str, Any] = json.loads(self._answer("show", "-json", str(file)))
        return content

    def outputs(self) -> dict[str, Any]:
        """Give the values of the stack's outputs."""
        outputs = json.loads(self._answer("output", "-json"))
        return {name: output["value"] for name, output in outputs.items()}

    def state(self) -> State | None:
        """Ask which version of the state stands now; None where there is none yet."""
        return State.of(json.loads(self.pull() or "{}"))

    @property
    def plan_log(self) -> Path:
        """Every line of the last plan."""
        return self.folder / "plan.log"

    @property
    def log(self) -> Path:
        """Every line of the last apply."""
        return self.folder / "apply.log"

    def apply(self, file: Path, *options: str, watch: Watch) -> tuple[int, str]:
        """Apply a saved plan, shown by `watch`; give Terraform's exit code, and its errors and warnings."""
        command = self._command("apply", "-input=false", f"-parallelism={_AT_ONCE}", *options, "-no-color", str(file))
        done = relay(command, **self._place, finishing=FINISHING, log=self.log, watch=watch)
        return done.returncode, "\n\n".join(messages(self.log.read_text(encoding="utf-8", errors="replace")))

    @property
    def _place(self) -> dict[str, Any]:
        # Its own advice, to run `terraform apply`, would lead around the review:
        # https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_in_automation
        return {"environ": {**self.environ, "TF_IN_AUTOMATION": "1"}, "folder": self.folder}

    def _command(self, *arguments: str) -> list[str]:
        return [terraform_binary(self.environ), *arguments]

    def _run(self, *arguments: str) -> CompletedProcess[str]:
        with waiting(_WORDS.get(arguments[0], f"terraform {arguments[0]}")):
            return run(self._command(*arguments), **self._place, capture=True)

    def _answer(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise _failed(arguments[0], done)
        return done.stdout


def _failed(command: str, done: CompletedProcess[str], more: str = "") -> EngineError:
    """Say that a command failed, in Terraform's own words, whole; what it read before is not of them."""
    words = done.stderr.strip() or done.stdout.strip()
    return EngineError(f"{words}\n\nterraform {command} failed; its reason stands above.{more}")
