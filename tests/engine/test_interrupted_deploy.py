"""A deploy of a plan that is interrupted: Terraform finishes what it does, writes the state and releases the lock."""

import json
import os
import signal
import time
from pathlib import Path

from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.aws_calls import PROD, REGION
from tests.support.planning import Desk, prod_toml

BUCKET, KEY = "v1-orcha-terraform-state", "edge/prod.tfstate"
(ENVIRONMENT,) = load(["prod"])


def test_an_interrupted_deploy_releases_the_lock_and_leaves_a_true_state(tmp_path: Path) -> None:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=600) as aws:
        desk = Desk(tmp_path / "desk", aws)
        desk.write(prod_toml())
        plan = desk.plan()
        digest = json.loads((plan / "seal.json").read_text(encoding="utf-8"))["digest"]
        s3 = aws.client("s3", PROD, REGION)

        def keys() -> set[str]:
            return {each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}

        with desk.applying(plan, digest) as process:
            deadline = time.monotonic() + 120
            while f"{KEY}.tflock" not in keys():
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline
                time.sleep(0.1)
            os.killpg(process.pid, signal.SIGINT)  # Ctrl-C in a terminal
            time.sleep(1)
            os.killpg(process.pid, signal.SIGTERM)  # what a cancelled run sends after it
            said, errors = process.communicate(timeout=180)
        assert process.returncode == 1, said + errors
        assert "Interrupt received." in said + errors
        assert "Two interrupts received" not in said + errors
        assert "What it did stands in the state: plan and review the rest with edge plan prod." in errors
        assert keys() == {KEY}

        late = desk.apply(plan, "--digest", digest)
        assert late.returncode == 2
        assert "is stale: the state has moved on since it was made, from no state to serial " in late.stderr
