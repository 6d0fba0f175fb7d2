"""A stack that is synthesized into a folder of its own, and Terraform run on it as a person would."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from edge.terraform.child_processes import code_of, end_tree, run
from edge.terraform.toolchain import ToolMissingError, command_environment, terraform_binary
from embedded_aws.process import LocalAws
from tests.support import synthesizing

# Where a lock has checksums, every command of Terraform's reads the provider's 700 MB first, for a quarter of its
# processor time. `edge` itself, with which most tests plan and apply, runs with the project's own lock and checks them.
CHECKSUMS = re.compile(r"^  hashes = \[$.*?^  \]$\n", re.MULTILINE | re.DOTALL)


def engine_environment() -> dict[str, str]:
    """The environment in which Terraform runs; without one, a failure in CI and a visible skip elsewhere."""
    try:
        return command_environment()
    except ToolMissingError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must run the engine tests: {error}", pytrace=False)
        pytest.skip(str(error))


@dataclass(frozen=True)
class Workspace:
    """Terraform on one synthesized stack; `folder` holds its cdk.tf.json."""

    folder: Path
    environ: Mapping[str, str]
    aws: LocalAws

    def at(self, url: str) -> "Workspace":
        """Give this workspace with another way to the embedded AWS."""
        return replace(self, environ={**self.environ, "AWS_ENDPOINT_URL": url})

    def terraform(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [terraform_binary(self.environ), *arguments, "-no-color"]
        return run(command, environ=self.environ, folder=self.folder, capture=True)

    def succeed(self, *arguments: str) -> str:
        done = self.terraform(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr + self.aws.last_words()
        return done.stdout

    def apply(self, *arguments: str) -> str:
        return self.succeed("apply", "-auto-approve", "-input=false", *arguments)

    def plan(self) -> subprocess.CompletedProcess[str]:
        """Plan; exit 0 is an empty plan, 2 a plan with changes, 1 an error."""
        return self.terraform("plan", "-detailed-exitcode", "-input=false", "-lock=false")

    def outputs(self) -> dict[str, str]:
        outputs = json.loads(self.succeed("output", "-json"))
        return {name: output["value"] for name, output in outputs.items()}

    def read(self) -> dict[str, Any]:
        """Read the synthesized JSON."""
        content: dict[str, Any] = json.loads((self.folder / "cdk.tf.json").read_text(encoding="utf-8"))
        return content

    def edit(self, path: str, value: Any) -> None:
        """Set one value of the synthesized JSON, for what no environment file would say."""
        content = self.read()
        *keys, last = path.split(".")
        table = content
        for key in keys:
            table = table[key]
        table[last] = value
        (self.folder / "cdk.tf.json").write_text(json.dumps(content), encoding="utf-8")

    @contextmanager
    def applying(self, *options: str) -> Iterator["subprocess.Popen[str]"]:
        """Apply in the background; what is still running at the end is ended, by its process ids."""
        command = [terraform_binary(self.environ), "apply", "-auto-approve", "-input=false", "-no-color", *options]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end_tree(process.pid)
            code_of(process)


def synthesize(toml: str, *, name: str, folder: Path, aws: LocalAws) -> Workspace:
    """Write an environment file, synthesize it, and initialize Terraform against the embedded AWS.

    A folder is initialized once: what changes here is never the backend or a provider, and Terraform would say so.
    """
    workspace = write_stack(toml, name=name, folder=folder, aws=aws)
    lock = workspace.folder / ".terraform.lock.hcl"
    if not lock.is_file():
        workspace.succeed("init", "-input=false")
        lock.write_text(CHECKSUMS.sub("", lock.read_text(encoding="utf-8")), encoding="utf-8")
    return workspace


def write_stack(toml: str, *, name: str, folder: Path, aws: LocalAws) -> Workspace:
    """Write an environment file and synthesize it; a folder that was initialized before stays so."""
    environments, output = folder / "environments", folder / "cdktf.out"
    environments.mkdir(parents=True, exist_ok=True)
    (environments / f"{name}.toml").write_text(toml, encoding="utf-8")
    environ = aws.child_environment(engine_environment())
    environ |= {"ENVIRONMENTS_DIR": str(environments), "CDKTF_OUTDIR": str(output)}
    synthesizing.write(environments, name, output)
    return Workspace(output / "stacks" / name, environ, aws)
