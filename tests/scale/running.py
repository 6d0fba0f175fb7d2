"""The product's own commands, one after the other, on an embedded AWS of their own, each with its cost."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from bench.measuring import Cost, measure
from edge.terraform.toolchain import command_environment
from embedded_aws.process import LocalAws
from environments.checked import Environment, Managed
from environments.loader import ENVIRONMENTS_DIR, load
from tests.scale.world import NAME, lay_out
from tests.support.base_repository import base_repository

_LIFETIME_SECONDS = 3600
_SAMPLE_SECONDS = 0.1  # the sampler reads every process of the machine, and stands beside what it measures
_SAID = 4000  # characters of a failed command's last words
PLAN, REVIEW, DEPLOY, VERIFY, ROLES, AGAIN = (
    "`edge plan`, of nothing",
    "`edge review`",
    "`edge deploy`",
    "`edge verify`",
    "`edge roles`",
    "`edge plan`, of what stands",
)


class ScaleError(Exception):
    """A command did not end as it has to; the message has its last words."""


@dataclass(frozen=True)
class Measured:
    """One step of one size."""

    step: str
    services: int
    cost: Cost


def steps(folder: Path, accepted: Callable[[], list[str]]) -> Iterator[tuple[str, list[str]]]:
    """List the commands in order; what a review has open is read when the deploy's turn has come."""
    plan = folder / "plan"
    yield PLAN, ["plan", NAME, "--write", str(plan)]
    yield REVIEW, ["review", "--plan", str(plan)]
    yield DEPLOY, ["deploy", "--plan", str(plan), "--auto-approve", "--accept", " ".join(accepted())]
    yield VERIFY, ["verify", NAME, "--wait", "0"]
    yield ROLES, ["roles", NAME, "--write", str(folder / "roles")]
    yield AGAIN, ["plan", NAME, "--write", str(folder / "again")]


def run(folder: Path, services: int, *, heard: Callable[[Measured], None]) -> list[Measured]:
    """Run every step at one size; raises ScaleError where one fails, or where the second plan changes something."""
    environments = lay_out(folder, services=services)
    os.environ[ENVIRONMENTS_DIR] = str(environments)
    found: list[Measured] = []
    (environment,) = load([NAME])
    with LocalAws.start([environment], lifetime_seconds=_LIFETIME_SECONDS, plane=True) as aws:
        _empty_the_scaling_group(environment, aws)
        environ = aws.child_environment(command_environment()) | {
            "CDKTF_OUTDIR": str(folder / "out"),
            # Else a module that is changed here would be a risk beside another origin/main.
            "GIT_DIR": str(base_repository(folder / "base.git")),
        }
        for step, arguments in steps(folder, lambda: open_risks(folder / "plan")):
            cost = _measured(step, arguments, environ)
            found.append(Measured(step, services, cost))
            heard(found[-1])
    changes = json.loads((folder / "again" / "plan.json").read_text(encoding="utf-8"))["resource_changes"]
    if left := [change["address"] for change in changes if change["change"]["actions"] not in (["no-op"], ["read"])]:
        raise ScaleError(f"The second plan of {services} services is not empty; it changes {', '.join(left)}")
    return found


def _empty_the_scaling_group(environment: Environment, aws: LocalAws) -> None:
    """Detach the target groups of CDK's own services, which would leave room for 48."""
    foundation = environment.foundation
    assert not isinstance(foundation, Managed)
    account = environment.accounts[environment.platform.account].id
    autoscaling = aws.client("autoscaling", account, environment.region)
    (group,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[foundation.autoscaling_group])[
        "AutoScalingGroups"
    ]
    autoscaling.detach_load_balancer_target_groups(
        AutoScalingGroupName=foundation.autoscaling_group, TargetGroupARNs=group["TargetGroupARNs"]
    )


def _measured(step: str, arguments: list[str], environ: Mapping[str, str]) -> Cost:
    with TemporaryFile() as said:
        command = [sys.executable, "-m", "edge", *arguments]
        cost = measure(command, environ, output=said, pause_seconds=_SAMPLE_SECONDS)
        said.seek(0)
        words = said.read().decode(errors="replace")
    # A review ends with 1 where it has an open risk, which the deploy then accepts by its id.
    if cost.code != 0 and not (step == REVIEW and cost.code == 1):
        raise ScaleError(f"{step} ended with {cost.code}:\n{words[-_SAID:]}")
    return cost


def open_risks(plan: Path) -> list[str]:
    """Read from the review beside a plan which risks nobody has accepted."""
    review = json.loads((plan / "review.json").read_text(encoding="utf-8"))
    return [risk["id"] for risk in review["risks"] if not risk["accepted"]]
