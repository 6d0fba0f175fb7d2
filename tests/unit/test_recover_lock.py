"""The state's lock: who holds it, whether that process lives, and that nobody's lock is taken from them."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from edge.aws.state_object import Holder
from edge.plan.errors import RefusedError
from edge.recover.lock import StateLock, living
from edge.recover.report import Report

BUCKET, KEY = "states", f"edge/prod-{os.getpid()}.tfstate"  # no Terraform of another test works on it
HERE = socket.gethostname()


def lock(who: str = f"ada@{HERE}", *, info: str = "", ago_seconds: float = 0.0) -> str:
    created = datetime.now(UTC) - timedelta(seconds=ago_seconds)
    fields = {"ID": "1-2-3", "Operation": "OperationTypeApply", "Info": info, "Who": who}
    return json.dumps({**fields, "Created": created.isoformat().replace("+00:00", "123Z")})


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        client.create_bucket(Bucket=BUCKET)
        yield client


def put(s3: Any, text: str) -> None:
    s3.put_object(Bucket=BUCKET, Key=f"{KEY}.tflock", Body=text.encode())


def locked(s3: Any) -> bool:
    try:
        s3.head_object(Bucket=BUCKET, Key=f"{KEY}.tflock")
    except ClientError:
        return False
    return True


def state_lock(s3: Any) -> StateLock:
    return StateLock(s3, bucket=BUCKET, key=KEY)


@contextmanager
def running_engine(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process of this machine whose name is terraform, in a stack of this very state."""
    program = folder / "terraform"
    (folder / ".terraform").mkdir(parents=True)
    program.write_bytes(Path("/bin/sleep").read_bytes())
    program.chmod(0o700)
    backend = {"backend": {"config": {"key": KEY}}}
    (folder / ".terraform" / "terraform.tfstate").write_text(json.dumps(backend), encoding="utf-8")
    process = subprocess.Popen([program, "60"], cwd=folder)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with running_engine(tmp_path) as process:
        yield process


def test_while_it_is_held_nobody_else_takes_it_and_afterwards_it_is_gone(s3: Any) -> None:
    with state_lock(s3).held(Report(), release=False):
        assert locked(s3)
        with (
            pytest.raises(RefusedError, match=f"process {os.getpid()} of this machine, `edge recover`, still runs"),
            state_lock(s3).held(Report(), release=False),
        ):
            pytest.fail("a second recovery held the lock of the first")
        assert locked(s3)
    assert not locked(s3)


def test_it_is_released_however_the_recovery_ends(s3: Any) -> None:
    with pytest.raises(KeyboardInterrupt), state_lock(s3).held(Report(), release=False):
        raise KeyboardInterrupt
    assert not locked(s3)


def test_a_lock_whose_process_is_gone_is_released_and_reported(s3: Any, capsys: pytest.CaptureFixture[str]) -> None:
    put(s3, lock(ago_seconds=10 * 365 * 86400))  # older than any process here
    with state_lock(s3).held(Report(), release=False):
        pass
    printed = capsys.readouterr().err
    assert f"released the lock of ada@{HERE}, OperationTypeApply, since " in printed
    assert "by hand: terraform force-unlock 1-2-3" in printed


def test_a_lock_of_a_living_terraform_is_refused(s3: Any, engine: "subprocess.Popen[bytes]") -> None:
    put(s3, lock(ago_seconds=-5))
    with (
        pytest.raises(RefusedError, match=rf"process {engine.pid} of this machine, terraform, still runs\); wait"),
        state_lock(s3).held(Report(), release=False),
    ):
        pytest.fail("the lock of a living process was taken")
    assert locked(s3)


def test_a_terraform_that_is_finishing_has_a_while_to_release_its_lock_by_itself(
    s3: Any, engine: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    put(s3, lock(ago_seconds=-5))
    pauses: list[float] = []

    def finish(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            s3.delete_object(Bucket=BUCKET, Key=f"{KEY}.tflock")

    monkeypatch.setattr(time, "sleep", finish)
    report = Report()
    with state_lock(s3).held(report, release=False, patience_seconds=60):
        assert locked(s3)
    assert (len(pauses), report.done) == (3, [])
    put(s3, lock(ago_seconds=-5))
    with (
        pytest.raises(RefusedError, match=f"process {engine.pid} of this machine, terraform, still runs"),
        state_lock(s3).held(Report(), release=False),
    ):
        pytest.fail("the lock of a living process was taken")
    assert len(pauses) == 3


def test_a_terraform_of_another_state_is_not_the_holder(engine: "subprocess.Popen[bytes]") -> None:
    holder = Holder.of(lock(ago_seconds=-5))
    assert str(engine.pid) in str(living(holder, key=KEY))
    assert str(engine.pid) not in str(living(holder, key="edge/other.tfstate"))


@pytest.mark.parametrize(
    ("endpoint", "is_holder"),
    [("http://127.0.0.1:5001", False), ("http://localhost:5001", False), ("https://s3.example.com", True), ("", True)],
)
def test_a_terraform_on_an_embedded_aws_holds_no_lock_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: str, *, is_holder: bool
) -> None:
    """`edge demo prod` has the same key in its state."""
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        with running_engine(tmp_path) as engine:
            patch.delenv("AWS_ENDPOINT_URL")
            assert (str(engine.pid) in str(living(Holder.of(lock(ago_seconds=-5)), key=KEY))) == is_holder
            patch.setenv("AWS_ENDPOINT_URL", endpoint)
            assert str(engine.pid) in str(living(Holder.of(lock(ago_seconds=-5)), key=KEY))


def test_a_terraform_whose_folder_is_gone_may_be_the_holder(tmp_path: Path) -> None:
    with running_engine(tmp_path / "stack") as engine:
        shutil.rmtree(tmp_path / "stack")
        assert str(engine.pid) in str(living(Holder.of(lock(ago_seconds=-5)), key="edge/other.tfstate"))


def test_a_terraform_that_started_later_is_not_the_holder(engine: "subprocess.Popen[bytes]") -> None:
    ago_seconds = datetime.now(UTC).timestamp() - psutil.Process(engine.pid).create_time() + 10
    assert str(engine.pid) not in str(living(Holder.of(lock(ago_seconds=ago_seconds)), key=KEY))


def test_a_lock_of_another_machine_is_released_only_where_somebody_says_so(s3: Any) -> None:
    put(s3, lock("runner@ci-7"))
    reason = r"taken on ci-7, whose processes .* cannot see\); .* run again with --release-lock"
    with pytest.raises(RefusedError, match=reason), state_lock(s3).held(Report(), release=False):
        pytest.fail("the lock of another machine was taken")
    report = Report()
    with state_lock(s3).held(report, release=True):
        pass
    assert report.done[0].endswith("as you asked")


@pytest.mark.parametrize("text", ["", "null", "no JSON", '{"Who": "root@localhost"}'])
def test_a_lock_that_tells_no_machine_is_not_provably_gone(text: str) -> None:
    assert "cannot see" in str(living(Holder.of(text), key=KEY))


def test_a_killed_recovery_of_this_machine_is_provably_gone() -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    assert living(Holder.of(lock(info=f"edge recover, process {done.pid} started at 1")), key=KEY) is None
    me = psutil.Process()
    started = f"{me.create_time():.0f}"
    info = f"edge recover, process {me.pid} started at {started}"
    assert living(Holder.of(lock(info=info)), key=KEY) is not None
    reused = f"edge recover, process {me.pid} started at {int(started) - 100}"
    assert living(Holder.of(lock(info=reused)), key=KEY) is None
