"""The synthesized configuration, made from the checkout by main.py."""

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bootstrap.places import HERE
from edge.cli.exits import Exit
from edge.cli.waiting import waiting
from edge.terraform.child_processes import run
from edge.terraform.errors import EngineError, RefusedError
from edge.tfplan import strict_json

_DEFAULT_FOLDER = "cdktf.out"


@dataclass(frozen=True)
class Stack:
    """One synthesized environment: the folder in which Terraform runs, which lives on between runs."""

    folder: Path

    @property
    def file(self) -> Path:
        """What cdktf synthesized."""
        return self.folder / "cdk.tf.json"

    @property
    def imports_of_one_plan(self) -> Path:
        """What `edge recover` and `edge adopt` let Terraform import, there while one plan is made."""
        return self.folder / "recover.tf.json"

    def read(self) -> dict[str, Any]:
        """Read the configuration."""
        try:
            content: dict[str, Any] = strict_json.loads(self.file.read_bytes())
        except ValueError as error:
            raise EngineError(f"{self.file} is not JSON that Terraform and a review read alike: {error}.") from None
        return content

    def strangers(self) -> list[str]:
        """Name the files beside it that Terraform would read as well, and that no review of the configuration sees.

        https://developer.hashicorp.com/terraform/language/files
        https://developer.hashicorp.com/terraform/language/values/variables (Variable Definitions Files)
        """
        read = (".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json")
        found = (file.name for file in self.folder.iterdir() if file.name.endswith(read))
        return sorted(name for name in found if name != self.file.name)


def synthesize(name: str, environ: Mapping[str, str]) -> Stack:
    """Synthesize an environment with main.py into `environ`'s CDKTF_OUTDIR; every file of the folder is checked.

    Raises EngineError, and the RefusedError among them where it could not begin.
    """
    output = _output(environ)
    command = [sys.executable, "main.py", name]
    with waiting("synthesizing"):
        done = run(command, environ={**environ, "CDKTF_OUTDIR": str(output)}, folder=HERE.root, capture=True)
    if done.returncode == Exit.BAD_INPUT:
        raise RefusedError(done.stderr.strip())
    if done.returncode != 0:
        raise EngineError(f"{done.stdout}{done.stderr}The configuration could not be synthesized; see above.")
    return _alone(Stack(output / "stacks" / name))


def document(name: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """Give an environment's configuration, synthesized in a folder that is gone afterwards. Raises EngineError."""
    with tempfile.TemporaryDirectory(prefix="orcha-synthesis-") as output:
        return synthesize(name, {**environ, "CDKTF_OUTDIR": output}).read()


def lay_out(name: str, configuration: Mapping[str, Any], environ: Mapping[str, str]) -> Stack:
    """Write a configuration that was synthesized elsewhere to where this checkout's would be. Raises EngineError."""
    stack = Stack(_output(environ) / "stacks" / name)
    stack.folder.mkdir(parents=True, exist_ok=True)
    stack.file.write_text(json.dumps(configuration, indent=2), encoding="utf-8")
    return _alone(stack)


def _output(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("CDKTF_OUTDIR") or HERE.root / _DEFAULT_FOLDER).absolute()


def _alone(stack: Stack) -> Stack:
    """Give a stack beside whose configuration Terraform finds nothing else to read; raises EngineError."""
    stack.imports_of_one_plan.unlink(missing_ok=True)  # of a recovery that was killed while it planned
    if strangers := stack.strangers():
        raise EngineError(
            f"{stack.folder} holds {', '.join(strangers)} beside {stack.file.name}, which Terraform would apply "
            "unseen; remove it, and whatever writes it."
        )
    return stack
