"""A deploy of a plan that is interrupted, or killed: Terraform finishes what it does, and releases the lock."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
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


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=600) as aws:
        yield aws


@pytest.fixture
def keys(aws: LocalAws) -> Callable[[], set[str]]:
    s3 = aws.client("s3", PROD, REGION)
    return lambda: {found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def planned(desk: Desk) -> tuple[Path, str]:
    """Plan; give the plan's folder and digest."""
    desk.write(prod_toml())
    plan = desk.plan()
    return plan, json.loads((plan / "seal.json").read_text(encoding="utf-8"))["digest"]


def test_an_interrupted_deploy_releases_the_lock_and_leaves_a_true_state(
    tmp_path: Path, aws: LocalAws, keys: Callable[[], set[str]]
) -> None:
    desk = Desk(tmp_path / "desk", aws)
    plan, digest = planned(desk)
    with desk.applying(plan, digest) as process:
        wait_for(lambda: f"{KEY}.tflock" in keys() or process.poll() is not None, seconds=120)
        os.killpg(process.pid, signal.SIGINT)  # Ctrl-C in a terminal
        time.sleep(1)
        os.killpg(process.pid, signal.SIGTERM)  # what a cancelled run sends after it
        said, errors = process.communicate(timeout=180)
    assert process.returncode == 1, said + errors
    assert "Interrupt received." in said + errors
    assert "Two interrupts received" not in said + errors
    assert "What it did stands in the state: plan and review the rest with edge plan prod." in errors
    assert keys() == {KEY}
    refused_as_stale(desk, plan, digest)


def test_a_killed_deploy_releases_the_lock_and_leaves_a_true_state(
    tmp_path: Path, aws: LocalAws, keys: Callable[[], set[str]]
) -> None:
    desk = Desk(tmp_path / "desk", aws)
    plan, digest = planned(desk)
    with desk.applying(plan, digest) as process:
        wait_for(lambda: made_something(aws) or process.poll() is not None, seconds=240)
        left = [child.pid for child in psutil.Process(process.pid).children(recursive=True) if child.name() != "sh"]
        os.killpg(process.pid, signal.SIGKILL)
        said, errors = process.communicate(timeout=180)
    assert process.returncode == -signal.SIGKILL, said + errors
    assert left
    assert outlive(left, seconds=60) == []
    assert "Interrupt received." in said
    assert "Two interrupts received" not in said
    assert keys() == {KEY}
    refused_as_stale(desk, plan, digest)


def made_something(aws: LocalAws) -> bool:
    """Whether the apply has come to its first resource, so that there is something for the state to say."""
    groups = aws.client("elbv2", PROD, REGION).describe_target_groups()["TargetGroups"]
    return any(group["TargetGroupName"] == "v1-orcha-link-tg" for group in groups)


def refused_as_stale(desk: Desk, plan: Path, digest: str) -> None:
    late = desk.apply(plan, "--digest", digest)
    assert late.returncode == 2
    assert "is stale: the state has moved on since it was made, from no state to serial " in late.stderr
