"""`python -m tools.policy [environment …]`: check what a plan would make against checkov's rules, on an embedded AWS.

Each environment is planned from nothing on an embedded AWS, and checkov reads the plan as `terraform show -json` gives
it. A check that fails for a good reason is waived in policy/waivers.toml, with the reason; a waiver that waives nothing
any more is a failure too.
"""

import json
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from environments.faults import InvalidEnvironmentError
from environments.loader import load, load_all
from environments.schema import Environment
from tools.local_aws.errors import LocalAwsError
from tools.local_aws.process import LocalAws
from tools.processes import TerminatedError, ending_cleanly, run
from tools.setup.places import HERE
from tools.toolchain import ToolMissingError, command_environment, terraform_binary

WAIVERS = HERE.root / "policy" / "waivers.toml"
_EXIT_FAILED, _EXIT_BAD_INPUT, _EXIT_INTERRUPTED = 1, 2, 130
_LIFETIME_SECONDS = 900
_WIDTH = 140


class PolicyError(Exception):
    """The policy could not be checked; the message says which step failed, with its own words."""


@dataclass(frozen=True, order=True)
class Finding:
    """A check that failed for a resource: checkov's id, Terraform's address, and what the check demands."""

    check: str
    resource: str
    demand: str


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """A check that need not hold for the resources of a pattern, where `*` stands for anything, and the reason."""

    check: str
    resource: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding is waived."""
        return finding.check == self.check and fnmatchcase(finding.resource, self.resource)


@dataclass(frozen=True)
class Result:
    """What checkov said of a plan: how many checks it made with success, and those that failed."""

    passed: int
    failed: tuple[Finding, ...]


def main(arguments: Sequence[str]) -> int:
    """Check the named environments, or all: 0 when nothing fails without a waiver, 1 otherwise, 2 for bad input."""
    try:
        environments = load(arguments) if arguments else load_all()
        with ending_cleanly():
            results = {each.name: check(plan(each)) for each in environments}
    except InvalidEnvironmentError as error:
        print(error, file=sys.stderr)
        return _EXIT_BAD_INPUT
    except (PolicyError, LocalAwsError, ToolMissingError) as error:
        print(error, file=sys.stderr)
        return _EXIT_FAILED
    except (KeyboardInterrupt, TerminatedError):
        return _EXIT_INTERRUPTED
    return _report(results, waivers(), complete=not arguments)


def waivers(file: Path = WAIVERS) -> tuple[Waiver, ...]:
    """Read a file of waivers; each has a check, a resource and a reason, or the file is refused by a TypeError."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(Waiver(**each) for each in content.get("waiver", []))


def plan(environment: Environment) -> dict[str, Any]:
    """Plan an environment from nothing, on an embedded AWS; give the plan as JSON. Raises PolicyError."""
    with (
        LocalAws.start([environment], lifetime_seconds=_LIFETIME_SECONDS) as aws,
        tempfile.TemporaryDirectory(prefix="orcha-policy-") as folder,
    ):
        environ = aws.child_environment(command_environment()) | {"CDKTF_OUTDIR": folder}
        stack = Path(folder) / "stacks" / environment.name
        _succeed([sys.executable, "main.py"], environ, HERE.root)
        terraform = terraform_binary(environ)
        _succeed([terraform, "init", "-input=false", "-no-color"], environ, stack)
        _succeed([terraform, "plan", "-input=false", "-no-color", "-lock=false", "-out=plan"], environ, stack)
        shown: dict[str, Any] = json.loads(_succeed([terraform, "show", "-json", "plan"], environ, stack))
    return shown


def check(plan: dict[str, Any]) -> Result:
    """Let checkov read a plan. It asks nothing of the internet. Raises PolicyError."""
    python = HERE.policy_venv / "bin" / "python"
    if not os.access(python, os.X_OK):
        raise PolicyError("checkov is not set up; run `make policy`, which does that first.")
    with tempfile.TemporaryDirectory(prefix="orcha-policy-") as folder:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps(plan), encoding="utf-8")
        options = ["--framework", "terraform_plan", "--output", "json", "--quiet", "--compact", "--skip-download"]
        command = [python, "-m", "checkov.main", "--file", file, *options, "--soft-fail"]
        said = _succeed([str(each) for each in command], dict(os.environ), Path(folder))
    return _result(json.loads(said))


def _result(said: dict[str, Any]) -> Result:
    failed = {
        Finding(each["check_id"], each["resource"], each["check_name"])
        for each in said.get("results", {}).get("failed_checks", [])
    }
    passed = int(said.get("summary", said)["passed"])
    if passed + len(failed) == 0:
        raise PolicyError("checkov made no check of the plan; run it by hand to see why.")
    return Result(passed, tuple(sorted(failed)))


def _succeed(command: Sequence[str], environ: dict[str, str], folder: Path) -> str:
    done = run(command, environ=environ, folder=folder, capture=True)
    if done.returncode != 0:
        raise PolicyError(f"{done.stdout}{done.stderr}\nThe plan could not be checked; the reason stands above.")
    return done.stdout


def unwaived(findings: Iterable[Finding], given: Sequence[Waiver]) -> list[Finding]:
    """List the findings that no waiver covers."""
    return [each for each in findings if not any(waiver.covers(each) for waiver in given)]


def _report(results: dict[str, Result], given: Sequence[Waiver], *, complete: bool) -> int:
    findings = [finding for result in results.values() for finding in result.failed]
    idle = [each for each in given if not any(each.covers(finding) for finding in findings)] if complete else []
    table = Table(title="Fails without a waiver", title_justify="left")
    for column in ("environment", "check", "resource", "what it demands"):
        table.add_column(column, overflow="fold")
    for name, result in results.items():
        left = unwaived(result.failed, given)
        waived = len(result.failed) - len(left)
        print(f"{name}: {result.passed} checks passed, {waived} waived, {len(left)} failed")
        for finding in left:
            table.add_row(name, finding.check, finding.resource, finding.demand)
    for waiver in idle:
        print(f"policy/waivers.toml: {waiver.check} on {waiver.resource} waives nothing; remove it", file=sys.stderr)
    if table.rows:
        Console(width=None if sys.stdout.isatty() else _WIDTH).print(table)
        print("Mend the resource, or waive the check in policy/waivers.toml with the reason.", file=sys.stderr)
    return _EXIT_FAILED if table.rows or idle else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
