"""Checkov on a plan, as `terraform show -json` gives it. It asks nothing of the internet."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bootstrap.places import HERE
from edge.cli.exits import FailedError
from edge.terraform.child_processes import run

NOT_SET_UP = "checkov is not set up; run `edge setup --policy`, or `make scan`, which does that first"
# Checkov reads JSON by a YAML parser that counts lines, which nobody reads here; above this size in bytes it does not.
# https://github.com/bridgecrewio/checkov/pull/3757
_QUICKLY = {"CHECKOV_MAX_IAC_FILE_SIZE": "0"}
# Its process ends with its answer, so that its garbage need not be collected before.
_MAIN = "import gc, runpy; gc.disable(); runpy.run_module('checkov.main', run_name='__main__', alter_sys=True)"


class ScanError(FailedError):
    """A plan could not be checked; the message says which step failed, with its own words."""


@dataclass(frozen=True, order=True)
class Finding:
    """A check that failed for a resource: checkov's id, Terraform's address, and what the check demands."""

    check: str
    resource: str
    demand: str


@dataclass(frozen=True)
class Result:
    """What checkov said of a plan: how many checks it made with success, and those that failed."""

    passed: int
    failed: tuple[Finding, ...]


def is_set_up() -> bool:
    """Tell whether checkov is here."""
    return os.access(_python(), os.X_OK)


def check(plan: Mapping[str, Any]) -> Result:
    """Let checkov read a plan; one after which nothing stands has nothing to be checked. Raises ScanError."""
    if not is_set_up():
        raise ScanError(f"{NOT_SET_UP[0].upper()}{NOT_SET_UP[1:]}.")
    if not plan.get("planned_values", {}).get("root_module", {}).get("resources"):
        return Result(0, ())
    with tempfile.TemporaryDirectory(prefix="orcha-policy-") as folder:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps(plan), encoding="utf-8")
        options = ["--framework", "terraform_plan", "--output", "json", "--quiet", "--compact", "--skip-download"]
        command = [_python(), "-c", _MAIN, "--file", file, *options, "--soft-fail"]
        output = _succeed([str(word) for word in command], {**os.environ, **_QUICKLY}, Path(folder))
    return _result(json.loads(output))


def _python() -> Path:
    return HERE.policy_venv / "bin" / "python"


def _result(output: dict[str, Any]) -> Result:
    failed = {
        Finding(failure["check_id"], failure["resource"], failure["check_name"])
        for failure in output.get("results", {}).get("failed_checks", [])
    }
    passed = int(output.get("summary", output)["passed"])
    if passed + len(failed) == 0:
        raise ScanError("checkov made no check of the plan; run it by hand to see why.")
    return Result(passed, tuple(sorted(failed)))


def _succeed(command: Sequence[str], environ: dict[str, str], folder: Path) -> str:
    done = run(command, environ=environ, folder=folder, capture=True)
    if done.returncode != 0:
        raise ScanError(f"{done.stdout}{done.stderr}\nThe plan could not be checked; the reason stands above.")
    return done.stdout
