"""`edge scan`: check what a plan would make against checkov's rules, on an embedded AWS.

Each environment is planned from nothing on an embedded AWS, and checkov reads the plan as `terraform show -json` gives
it. A check that fails for a good reason is waived in policy/waivers.toml, with the reason; a waiver that waives nothing
any more is a failure too.
"""

import json
import os
import sys
import tempfile
import tomllib
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bootstrap.places import HERE
from edge.cli import environment_argument
from edge.cli.exits import BadInputError, Exit, FailedError
from edge.cli.subcommand import Subcommand
from edge.terraform.child_processes import run
from edge.terraform.runner import Terraform
from edge.terraform.synthesis import synthesize
from edge.terraform.toolchain import terraform_environment
from embedded_aws.process import LocalAws
from environments.checked import Environment
from environments.loader import load, load_all

WAIVERS = HERE.root / "policy" / "waivers.toml"
_LIFETIME_SECONDS = 900
_WIDTH = 140


class ScanError(FailedError):
    """A plan could not be checked; the message says which step failed, with its own words."""


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


def _run(options: Namespace) -> int:
    """Check the named environments, or all of them; raises EngineError and ScanError where that cannot be done."""
    environments = load(options.environments) if options.environments else load_all()
    waived = waivers(WAIVERS)
    results = {environment.name: check(plan(environment)) for environment in environments}
    return _report(results, waived, complete=not options.environments, as_json=options.json)


def waivers(file: Path) -> tuple[Waiver, ...]:
    """Read a file of waivers; raises BadInputError unless each one has a check, a resource and a reason."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        return tuple(Waiver(**waiver) for waiver in content.get("waiver", []))
    except (OSError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BadInputError(
            f"policy/{file.name}: cannot be used: {error}; each waiver needs check, resource and reason"
        ) from None


def plan(environment: Environment) -> dict[str, Any]:
    """Plan an environment from nothing, on an embedded AWS; give the plan as JSON. Raises EngineError."""
    with (
        LocalAws.start([environment], lifetime_seconds=_LIFETIME_SECONDS) as aws,
        tempfile.TemporaryDirectory(prefix="orcha-policy-") as folder,
    ):
        environ = aws.child_environment(terraform_environment()) | {"CDKTF_OUTDIR": folder}
        terraform = Terraform(synthesize(environment.name, environ).folder, environ)
        file = Path(folder) / "plan.tfplan"
        terraform.init()
        terraform.plan_quietly(file)
        return terraform.show(file)


def check(plan: dict[str, Any]) -> Result:
    """Let checkov read a plan. It asks nothing of the internet. Raises ScanError."""
    python = HERE.policy_venv / "bin" / "python"
    if not os.access(python, os.X_OK):
        raise ScanError("checkov is not set up; run `edge setup --policy`, or `make scan`, which does that first.")
    with tempfile.TemporaryDirectory(prefix="orcha-policy-") as folder:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps(plan), encoding="utf-8")
        options = ["--framework", "terraform_plan", "--output", "json", "--quiet", "--compact", "--skip-download"]
        command = [python, "-m", "checkov.main", "--file", file, *options, "--soft-fail"]
        output = _succeed([str(word) for word in command], dict(os.environ), Path(folder))
    return _result(json.loads(output))


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


def unwaived(findings: Iterable[Finding], accepted: Sequence[Waiver]) -> list[Finding]:
    """List the findings that no waiver covers."""
    return [finding for finding in findings if not any(waiver.covers(finding) for waiver in accepted)]


def _report(results: dict[str, Result], waived: Sequence[Waiver], *, complete: bool, as_json: bool = False) -> int:
    findings = [finding for result in results.values() for finding in result.failed]
    idle = [unused for unused in waived if not any(unused.covers(finding) for finding in findings)] if complete else []
    left = {name: unwaived(result.failed, waived) for name, result in results.items()}
    if as_json:
        print(json.dumps(_document(results, left, idle), indent=2))
    else:
        _print(results, left)
    for waiver in idle:
        print(f"policy/waivers.toml: {waiver.check} on {waiver.resource} waives nothing; remove it", file=sys.stderr)
    if any(left.values()):
        print("Fix the resource, or waive the check in policy/waivers.toml with the reason.", file=sys.stderr)
    return Exit.FAILED if any(left.values()) or idle else Exit.DONE


def _print(results: Mapping[str, Result], left: Mapping[str, Sequence[Finding]]) -> None:
    table = Table(title="Fails without a waiver", title_justify="left")
    for column in ("environment", "check", "resource", "what it demands"):
        table.add_column(column, overflow="fold")
    for name, result in results.items():
        waived = len(result.failed) - len(left[name])
        print(f"{name}: {result.passed} checks passed, {waived} waived, {len(left[name])} failed")
        for finding in left[name]:
            table.add_row(name, finding.check, finding.resource, finding.demand)
    if table.rows:
        Console(width=None if sys.stdout.isatty() else _WIDTH).print(table)


def _document(
    results: Mapping[str, Result], left: Mapping[str, Sequence[Finding]], idle: Sequence[Waiver]
) -> dict[str, Any]:
    environments = {
        name: {
            "passed": result.passed,
            "waived": len(result.failed) - len(left[name]),
            "failed": [asdict(finding) for finding in left[name]],
        }
        for name, result in results.items()
    }
    return {"environments": environments, "idle_waivers": [asdict(waiver) for waiver in idle]}


def _add_arguments(parser: ArgumentParser) -> None:
    environment_argument.add_several(parser, "the environments' names (default: all)", demanded=False)
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


SCAN = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="It plans each environment from nothing on an embedded AWS. A check is waived in policy/waivers.toml, with "
    "the reason; a waiver that waives nothing is a finding too. `edge setup --policy` sets checkov up.",
    example="edge scan prod",
    done="nothing fails without a waiver",
    failed="a check fails, or a waiver is idle",
)
