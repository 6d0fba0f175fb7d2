"""A desk with an embedded AWS: environment files to edit, plans to make, and plans to apply, by the real commands."""

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edge.terraform.child_processes import end_tree, run
from embedded_aws.process import LocalAws
from tests.support.base_repository import base_repository
from tests.support.files import PROD_TOML, ROOT
from tests.support.workspace import engine_environment


@dataclass(frozen=True)
class Desk:
    """A folder of environment files, one for synthesized stacks, and one for plans."""

    folder: Path
    aws: LocalAws

    @property
    def environ(self) -> dict[str, str]:
        places = {
            "ENVIRONMENTS_DIR": str(self.folder / "environments"),
            "CDKTF_OUTDIR": str(self.folder / "out"),
            # Else a module that is changed here would be a risk beside another origin/main.
            "GIT_DIR": str(base_repository(self.folder / "base.git")),
        }
        return self.aws.child_environment(engine_environment()) | places

    def write(self, toml: str, name: str = "prod") -> None:
        file = self.folder / "environments" / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(toml, encoding="utf-8")

    def python(self, *arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", *arguments]
        done = run(command, environ={**self.environ, **(environ or {})}, folder=ROOT, capture=True)
        return subprocess.CompletedProcess(command, done.returncode, done.stdout, without_waiting(done.stderr))

    def plan(self, name: str = "prod") -> Path:
        plan = self.folder / "plans" / name
        done = self.python("edge", "plan", "prod", "--write", str(plan))
        assert done.returncode == 0, done.stdout + done.stderr + self.aws.last_words()
        return plan

    def apply(self, plan: Path, *options: str) -> subprocess.CompletedProcess[str]:
        return self.python("edge", "deploy", "--plan", str(plan), *options)

    def apply_on_a_terminal(self, plan: Path, answer: str) -> subprocess.CompletedProcess[str]:
        """Apply with somebody before it who is asked, and answers."""
        ours, its = pty.openpty()
        command = [sys.executable, "-m", "edge", "deploy", "--plan", str(plan)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stdin=its, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        os.close(its)
        os.write(ours, f"{answer}\n".encode())
        stdout, stderr = process.communicate(timeout=120)
        os.close(ours)
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)

    @contextmanager
    def applying(self, plan: Path, digest: str) -> Iterator["subprocess.Popen[str]"]:
        """Apply in the background; what is still running at the end is ended, by its process ids."""
        process = subprocess.Popen(
            [sys.executable, "-m", "edge", "deploy", "--plan", str(plan), "--digest", digest],
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end_tree(process.pid)

    def elsewhere(self) -> "Desk":
        """Give another machine: the same files and plans, without anything that Terraform keeps."""
        other = Desk(self.folder.with_name(f"{self.folder.name}-elsewhere"), self.aws)
        shutil.copytree(self.folder, other.folder, ignore=shutil.ignore_patterns("out"), dirs_exist_ok=True)
        return other


def without_waiting(errors: str) -> str:
    """Give what a command said but for what it waited for, which is more on a slow machine."""
    return "".join(line for line in errors.splitlines(keepends=True) if not line.startswith("  waiting: "))


def prod_toml(**changes: str) -> str:
    """Give the environment file with texts of it replaced: `path="9999 -> 9998"`."""
    text = PROD_TOML.read_text(encoding="utf-8")
    for change in changes.values():
        old, _, new = change.partition(" -> ")
        assert old in text
        text = text.replace(old, new)
    return text


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)
