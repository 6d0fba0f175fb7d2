"""A runner on this machine: takes a job out of a workflow's YAML and runs its steps with bash, as GitHub's would.

Expressions are looked up in a context by their text, so that one that a test does not know is an error. Checkout and
set-up are done; artifacts are copied without what GitHub drops: hidden files and permissions.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edge.terraform.child_processes import run
from tests.support.checkout import check_out
from tests.support.workflow_files import workflows

_NOT_LINKS = (":!.venv", ":!.tools", ":!node_modules")
_EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")


@dataclass
class Machine:
    """A machine with a checkout of its own, and what is set up; `environ` is what every job on it finds."""

    folder: Path
    environ: Mapping[str, str]
    artifacts: Path
    log: list[str] = field(default_factory=list)

    @property
    def checkout(self) -> Path:
        return self.folder / "edge"

    def prepare(self) -> None:
        """Check out the project with a commit to compare with, and link what is set up."""
        check_out(self.checkout)
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
        for command in (
            ["init", "--quiet"],
            ["add", "--all", "--", ".", *_NOT_LINKS],
            [*identity, "commit", "--quiet", "--message=base"],
        ):
            subprocess.run(["git", *command], cwd=self.checkout, check=True)

    def job(self, file: str, name: str, context: Mapping[str, str]) -> dict[str, str]:
        """Run a job; give its steps' outputs as `steps.<id>.outputs.<name>`. A step that fails is an AssertionError."""
        job = workflows()[file]["jobs"][name]
        temp = self.folder / f"{file}-{name}"
        temp.mkdir()
        known = {**context, "github.token": self.environ["GITHUB_TOKEN"], "vars.ORCHA_ROLE_NAME": ""}
        environ = {**self.environ, "RUNNER_TEMP": str(temp), **_expanded(job.get("env", {}), known)}
        environ |= {text: str(temp / text) for text in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        outputs: dict[str, str] = {}
        for step in job["steps"]:
            outputs |= self._step(step, environ, {**known, **outputs})
            environ |= _pairs(Path(environ["GITHUB_ENV"]))
            written = _pairs(Path(environ["GITHUB_OUTPUT"]))
            outputs |= {f"steps.{step['id']}.outputs.{key}": item for key, item in written.items() if "id" in step}
        return outputs

    def _step(self, step: Mapping[str, Any], environ: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
        """Run a step; give the outputs of an action."""
        action, options = step.get("uses", "").partition("@")[0], _expanded(step.get("with", {}), known)
        if action == "actions/checkout" and "path" in options:
            check_out(self.checkout / options["path"])
        if action.endswith("-artifact"):
            return {f"steps.{step.get('id')}.outputs.artifact-id": self._artifact(action, options)}
        if "run" not in step:
            return {}
        Path(environ["GITHUB_OUTPUT"]).write_text("", encoding="utf-8")
        wanted = {**environ, **_expanded(step.get("env", {}), known)}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = run(command, environ=wanted, folder=self.checkout, capture=True)
        self.log.append(f"{step['name']}: {done.stdout}{done.stderr}")
        assert done.returncode == 0, self.log[-1]
        return {}

    def _artifact(self, action: str, given: Mapping[str, str]) -> str:
        """Keep or fetch an artifact; give its id, which here is its name."""
        name = given.get("artifact-ids") or given["name"]
        stored, path = self.artifacts / name, self.checkout / given["path"]
        if action.startswith("actions/download"):
            shutil.copytree(stored, path, copy_function=shutil.copyfile, dirs_exist_ok=True)
            return name
        if str(given.get("overwrite")).lower() == "true" and stored.exists():
            shutil.rmtree(stored)
        stored.mkdir(parents=True)
        root, pattern = (path, "**/*") if path.is_dir() else (path.parent, path.name)
        for file in filter(Path.is_file, root.glob(pattern)):
            place = file.relative_to(root)
            if not any(part.startswith(".") for part in place.parts):
                (stored / place).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, stored / place)
        return name


def base_environment(variables: Mapping[str, str], github: Mapping[str, str]) -> dict[str, str]:
    """Give what a fresh job finds: no credential at all, the way to the embedded AWS, and what GitHub tells it."""
    files = {"AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"}
    aws = {name: value for name, value in variables.items() if name not in files}
    shell = {name: os.environ[name] for name in ("HOME", "LANG", "PATH", "TF_CLI_CONFIG_FILE") if name in os.environ}
    return {**shell, "CI": "true", "NO_PROXY": "127.0.0.1,localhost", **aws, **github}


def _expanded(values: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    return {name: _EXPRESSION.sub(lambda found: known[found[1]], str(value)) for name, value in values.items()}


def _pairs(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {name: value for name, _, value in (line.partition("=") for line in lines)}
