"""`edge scan`: check what a plan would make against checkov's rules, on an embedded AWS.

Each environment is planned from nothing on an embedded AWS, and checkov reads the plan as `terraform show -json` gives
it. A check that fails for a good reason is waived in policy/waivers.toml, with the reason and with what is expected of
the resource; a waiver that waives nothing any more is a failure too. Plans of real deploys are checked by their review.
"""

import json
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from edge.cli import environment_argument
from edge.cli.exits import Exit
from edge.cli.lines import say
from edge.cli.subcommand import Subcommand
from edge.policy.checkov import Finding, Result, check
from edge.policy.planned import Planned
from edge.policy.waivers import WAIVERS, Waiver, unwaived, waivers
from edge.terraform import provider_lock
from edge.terraform.runner import Terraform
from edge.terraform.synthesis import synthesize
from edge.terraform.toolchain import terraform_environment
from embedded_aws.process import LocalAws
from environments.checked import Environment
from environments.loader import load, load_all

_LIFETIME_SECONDS = 900


@dataclass(frozen=True)
class Scanned:
    """What checkov said of an environment's plan, and the plan itself, for what waivers expect of it."""

    result: Result
    planned: Planned

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> "Scanned":
        """Let checkov read a plan."""
        return cls(check(plan), Planned.of(plan))

    def left(self, accepted: Sequence[Waiver]) -> list[Finding]:
        """List what fails without a waiver."""
        return unwaived(self.result.failed, accepted, self.planned)

    def needs(self, waiver: Waiver) -> bool:
        """Tell whether something here fails that a waiver waives."""
        return any(waiver.covers(finding, self.planned) for finding in self.result.failed)


def _run(options: Namespace) -> int:
    """Check the named environments, or all of them; raises EngineError and ScanError where that cannot be done."""
    environments = load(options.environments) if options.environments else load_all()
    waived = waivers(WAIVERS)
    results = {environment.name: Scanned.of(plan(environment)) for environment in environments}
    return _report(results, waived, complete=not options.environments, as_json=options.json)


def plan(environment: Environment) -> dict[str, Any]:
    """Plan an environment from nothing, on an embedded AWS; give the plan as JSON. Raises EngineError."""
    with (
        LocalAws.start([environment], lifetime_seconds=_LIFETIME_SECONDS) as aws,
        tempfile.TemporaryDirectory(prefix="orcha-policy-") as folder,
    ):
        environ = aws.child_environment(terraform_environment()) | {"CDKTF_OUTDIR": folder}
        terraform = Terraform(synthesize(environment.name, environ).folder, environ)
        file = Path(folder) / "plan.tfplan"
        provider_lock.init(terraform)
        terraform.plan(file)
        return terraform.show(file)


def _report(results: dict[str, Scanned], waived: Sequence[Waiver], *, complete: bool, as_json: bool = False) -> int:
    idle = [waiver for waiver in waived if not any(scanned.needs(waiver) for scanned in results.values())]
    idle = idle if complete else []
    left = {name: scanned.left(waived) for name, scanned in results.items()}
    if as_json:
        print(json.dumps(_document(results, left, idle), indent=2))
    else:
        _print(results, left)
    for waiver in idle:
        print(f"policy/waivers.toml: {waiver.check} on {waiver.resource} waives nothing; remove it", file=sys.stderr)
    if any(left.values()):
        print("Fix the resource, or waive the check in policy/waivers.toml with the reason.", file=sys.stderr)
    return Exit.FAILED if any(left.values()) or idle else Exit.DONE


def _print(results: Mapping[str, Scanned], left: Mapping[str, Sequence[Finding]]) -> None:
    for name, scanned in results.items():
        waived = len(scanned.result.failed) - len(left[name])
        print(f"{name}: {scanned.result.passed} checks passed, {waived} waived, {len(left[name])} failed")
        for finding in left[name]:
            say(f"  {finding.check} on {finding.resource}: {finding.demand}", sys.stdout)


def _document(
    results: Mapping[str, Scanned], left: Mapping[str, Sequence[Finding]], idle: Sequence[Waiver]
) -> dict[str, Any]:
    environments = {
        name: {
            "passed": scanned.result.passed,
            "waived": len(scanned.result.failed) - len(left[name]),
            "failed": [asdict(finding) for finding in left[name]],
        }
        for name, scanned in results.items()
    }
    return {"environments": environments, "idle_waivers": [waiver.model_dump(exclude_defaults=True) for waiver in idle]}


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
