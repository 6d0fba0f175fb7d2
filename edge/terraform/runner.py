"""Terraform on one synthesized stack: the one way in which plans, deploys, the demo and the scan run it."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from edge.terraform.child_processes import Watch, relay, run
from edge.terraform.errors import EngineError
from edge.terraform.state import State
from edge.terraform.toolchain import terraform_binary

_CHANGES = 2  # the exit code of a plan that is not empty
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
        """Fetch the providers and reach the state."""
        self._answer("init", "-input=false", "-no-color", *options)

    def plan(self, file: Path, *options: str) -> None:
        """Plan into a file, showing the plan; without a lock, since nothing changes and a stale plan is refused."""
        self._shown("plan", "-input=false", "-lock=false", f"-out={file}", *options)

    def plan_quietly(self, file: Path, *options: str) -> str:
        """Plan into a file as `plan` does, and give the plan's text instead of showing it."""
        return self._answer("plan", "-input=false", "-no-color", "-lock=false", f"-out={file}", *options)

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

    def show_readable(self, file: Path) -> None:
        """Print a saved plan."""
        self._shown("show", str(file))

    def state(self) -> State | None:
        """Ask which version of the state stands now; None where there is none yet."""
        return State.of(json.loads(self.pull() or "{}"))

    @property
    def log(self) -> Path:
        """Every line of the last apply."""
        return self.folder / "apply.log"

    def apply(self, file: Path, *options: str, watch: Watch) -> tuple[int, str]:
        """Apply a saved plan, shown by `watch`; give Terraform's exit code, and what it wrote on standard error."""
        command = self._command("apply", "-input=false", *options, "-no-color", str(file))
        done = relay(command, **self._place, finishing=FINISHING, log=self.log, watch=watch)
        return done.returncode, done.stderr

    @property
    def _place(self) -> dict[str, Any]:
        # Its own advice, to run `terraform apply`, would lead around the review:
        # https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_in_automation
        return {"environ": {**self.environ, "TF_IN_AUTOMATION": "1"}, "folder": self.folder}

    def _command(self, *arguments: str) -> list[str]:
        return [terraform_binary(self.environ), *arguments]

    def _run(self, *arguments: str) -> CompletedProcess[str]:
        return run(self._command(*arguments), **self._place, capture=True)

    def _answer(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise _failed(arguments[0], done)
        return done.stdout

    def _shown(self, *arguments: str) -> None:
        command, *rest = arguments
        done = relay(self._command(command, *_color(), *rest), **self._place)
        if done.returncode != 0:
            raise EngineError(f"terraform {command} failed; its reason stands above.")


def _failed(command: str, done: CompletedProcess[str]) -> EngineError:
    return EngineError(f"{done.stdout}{done.stderr}terraform {command} failed; its reason stands above.")


def _color() -> Sequence[str]:
    return [] if sys.stdout.isatty() else ["-no-color"]
