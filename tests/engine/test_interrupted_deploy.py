"""A deploy of a plan that is interrupted: let finish at the first Ctrl-C, stopped at the second, and then recovered."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.aws_calls import PROD, REGION
from tests.support.planning import Desk, prod_toml
from tests.support.processes import outlive, wait_for

BUCKET, KEY = "v1-orcha-terraform-state", "edge/prod.tfstate"
(ENVIRONMENT,) = load(["prod"])
FINISHING = "Finishing what is under way, so that the state stays true; press Ctrl-C again to stop at once."

pytestmark = pytest.mark.takes(minutes=4)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with a plan of a first deploy, of which each test has a copy, with the AWS that it was made for."""
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        desk = Desk(tmp_path_factory.mktemp("planned") / "desk", aws)
        desk.write(prod_toml())
        desk.plan()
        yield desk


@pytest.fixture
def desk(tmp_path: Path, planned: Desk) -> Iterator[Desk]:
    shutil.copytree(planned.folder, tmp_path / "desk", symlinks=True)
    with planned.aws.copied() as aws:
        yield Desk(tmp_path / "desk", aws)


def keys(desk: Desk) -> set[str]:
    s3 = desk.aws.client("s3", PROD, REGION)
    return {entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def plan_of(desk: Desk) -> tuple[Path, str]:
    """Give the plan's folder and digest."""
    plan = desk.folder / "plans" / "prod"
    return plan, json.loads((plan / "seal.json").read_text(encoding="utf-8"))["digest"]


def interrupted(desk: Desk, *numbers: signal.Signals) -> tuple[int, str]:
    """Apply, and interrupt once the first security-group rules stand, with a second between signals."""
    plan, digest = plan_of(desk)
    ec2 = desk.aws.client("ec2", PROD, REGION)
    before = len(ec2.describe_security_group_rules()["SecurityGroupRules"])
    with desk.applying(plan, digest) as process:
        deadline = time.monotonic() + 240
        while len(ec2.describe_security_group_rules()["SecurityGroupRules"]) == before:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert f"{KEY}.tflock" in keys(desk)
        for number in numbers:
            os.killpg(process.pid, number)
            time.sleep(1)
        output, errors = process.communicate(timeout=400)
    return process.returncode, output + errors


def test_the_first_interrupt_lets_terraform_finish(desk: Desk) -> None:
    code, output = interrupted(desk, signal.SIGINT)
    assert code == 0, output
    assert FINISHING in output
    assert "Interrupt received." not in output
    assert "Apply complete! Resources: 17 added, 0 changed, 0 destroyed." in output
    assert keys(desk) == {KEY}


def test_the_second_stops_it_and_recovery_heals_what_that_leaves(desk: Desk) -> None:
    code, output = interrupted(desk, signal.SIGINT, signal.SIGTERM)  # as a cancelled run sends them
    assert code == 1, output
    assert FINISHING in output
    assert "Interrupt received." in output
    assert "Two interrupts received" not in output
    assert "`edge recover prod` looks at what stands, and plans the rest." in output
    recovered = desk.python("edge", "recover", "prod", "--yes")
    assert recovered.returncode == 0, recovered.stdout + recovered.stderr + desk.aws.last_words()
    assert "Recovered prod; a new plan is empty." in recovered.stderr
    assert keys(desk) == {KEY}
    again = desk.python("edge", "recover", "prod", "--yes")
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr == "Nothing to recover: prod stands as its file and its state say.\n"


@pytest.mark.whole
def test_a_killed_deploy_releases_the_lock_and_leaves_a_true_state(desk: Desk) -> None:
    aws = desk.aws
    plan, digest = plan_of(desk)
    with desk.applying(plan, digest) as process:
        wait_for(lambda: made_something(aws) or process.poll() is not None, seconds=240)
        left = [child.pid for child in psutil.Process(process.pid).children(recursive=True) if child.name() != "sh"]
        os.killpg(process.pid, signal.SIGKILL)
        output, errors = process.communicate(timeout=180)
    assert process.returncode == -signal.SIGKILL, output + errors
    assert left
    assert outlive(left, seconds=60) == []
    log = (desk.folder / "out" / "stacks" / "prod" / "apply.log").read_text(encoding="utf-8")
    assert "Interrupt received." in log  # nobody is left who would pass it on
    assert "Two interrupts received" not in log
    assert keys(desk) == {KEY}
    refused_as_stale(desk, plan, digest)


def made_something(aws: LocalAws) -> bool:
    """Whether the apply has come to its first resource, so that there is something for the state to say."""
    groups = aws.client("elbv2", PROD, REGION).describe_target_groups()["TargetGroups"]
    return any(group["TargetGroupName"] == "v1-orcha-link-tg" for group in groups)


def refused_as_stale(desk: Desk, plan: Path, digest: str) -> None:
    late = desk.apply(plan, "--digest", digest)
    assert late.returncode == 2
    assert "is stale: the state has moved on since it was made, from no state to serial " in late.stderr
