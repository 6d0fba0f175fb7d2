"""The lock of a state in S3: who holds it, whether that process lives, and how it is released and taken.

Terraform's native lock is an object beside the state (edge/aws/state_object.py) that is written only where none stands.
"""

import getpass
import json
import os
import re
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from botocore.exceptions import ClientError

from edge.aws.state_object import Holder, holder_of, lock_key
from edge.plan.errors import RefusedError
from edge.recover.report import Report

_ENGINES = {"terraform", "tofu"}
_OURS = re.compile(r"edge recover, process (\d+) started at (\d+)")
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_NAMELESS = {"", "localhost"}  # a machine's name that says nothing of which machine it is
_CLOCKS_SECONDS = 2.0  # what a process's start and the lock's time may differ by, being rounded
_PAUSE_SECONDS = 1.0
_IN_USE = {"PreconditionFailed", "ConditionalRequestConflict"}


def living(holder: Holder, *, key: str) -> str | None:
    """Say why a holder may still live; None where it is provably gone.

    Only a process of this machine can be seen. Terraform writes no process id, so any Terraform that was running when
    the lock was taken, and works on the same state or lets nobody see on which, may be the holder.
    """
    machine = socket.gethostname()
    if holder.machine in _NAMELESS or holder.machine != machine:
        return f"it was taken on {holder.machine or 'an unknown machine'}, whose processes {machine} cannot see"
    if ours := _OURS.search(holder.info):
        number, start = int(ours[1]), int(ours[2])
        alive = psutil.pid_exists(number) and abs(psutil.Process(number).create_time() - start) < _CLOCKS_SECONDS
        return f"process {number} of this machine, `edge recover`, still runs" if alive else None
    for process in psutil.process_iter(["name", "create_time", "pid"]):
        if process.info["name"] in _ENGINES and _may_hold(process, holder, key):
            return f"process {process.info['pid']} of this machine, {process.info['name']}, still runs"
    return None


def _may_hold(process: psutil.Process, holder: Holder, key: str) -> bool:
    if holder.started is not None and process.info["create_time"] > holder.started + _CLOCKS_SECONDS:
        return False
    try:
        environ, place = process.environ(), Path(process.cwd())
        if process.status() == psutil.STATUS_ZOMBIE or _asks_another_aws(environ):
            return False
        if not place.is_dir():  # removed below its feet, with what would say on which state it works
            return True
        folder = environ.get("TF_DATA_DIR") or ".terraform"
        backend = json.loads(Path(place, folder, "terraform.tfstate").read_text(encoding="utf-8"))
        return bool(backend["backend"]["config"].get("key") == key)
    except (psutil.NoSuchProcess, FileNotFoundError):  # where no backend is initialized, no lock of S3 is held
        return False
    except (psutil.AccessDenied, OSError, ValueError, LookupError):
        return True


def _asks_another_aws(environ: Mapping[str, str]) -> bool:
    """Tell whether a process works on an embedded AWS, as `edge demo` does, and so holds no lock but one there.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    theirs, ours = (_endpoint(variables) for variables in (environ, os.environ))
    return theirs != ours and urlsplit(theirs).hostname in _LOOPBACK


def _endpoint(environ: Mapping[str, str]) -> str:
    return environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL") or ""


class StateLock:
    """The lock object of one state in S3."""

    def __init__(self, s3: Any, *, bucket: str, key: str) -> None:
        self._s3, self._bucket, self._state, self._key = s3, bucket, key, lock_key(key)

    @property
    def shown(self) -> str:
        """The object as people name it."""
        return f"s3://{self._bucket}/{self._key}"

    def holder(self) -> Holder | None:
        """Read who holds it; None where nobody does."""
        return holder_of(self._s3, bucket=self._bucket, key=self._state)

    @contextmanager
    def held(self, report: Report, *, release: bool, patience_seconds: float = 0.0) -> Iterator[None]:
        """Hold the lock, so that no Terraform starts meanwhile; release it first where its holder is gone.

        Raises RefusedError where the holder lives, or may live and `release` is false; but a Terraform that was
        interrupted has `patience_seconds` to finish and to release it by itself.
        """
        end = time.monotonic() + patience_seconds
        while (holder := self.holder()) is not None and not release and living(holder, key=self._state):
            if time.monotonic() >= end:
                break
            time.sleep(_PAUSE_SECONDS)
        if holder is not None:
            self._release(holder, report, release=release)
        mine = self._take()
        try:
            yield
        finally:
            if (now := self.holder()) is not None and now.id == mine:
                self._s3.delete_object(Bucket=self._bucket, Key=self._key)

    def _release(self, holder: Holder, report: Report, *, release: bool) -> None:
        reason = living(holder, key=self._state)
        if reason and not release:
            raise RefusedError.because(
                f"The state is locked by {holder}",
                f"({reason})",
                "wait for it to end, or, where you know that it is gone, run again with --release-lock",
            )
        self._s3.delete_object(Bucket=self._bucket, Key=self._key)
        why = "as you asked" if reason else "whose process is gone"
        report.did(f"released the lock of {holder}, {why}", f"terraform force-unlock {holder.id}")

    def _take(self) -> str:
        me = psutil.Process()
        number = str(uuid.uuid4())
        content = {
            "ID": number,
            "Operation": "OperationTypeRecover",
            "Info": f"edge recover, process {me.pid} started at {me.create_time():.0f}",
            "Who": f"{_user()}@{socket.gethostname()}",
            "Version": "",
            "Created": datetime.now(UTC).isoformat(),
            "Path": f"{self._bucket}/{self._state}",
        }
        try:
            self._s3.put_object(Bucket=self._bucket, Key=self._key, Body=json.dumps(content).encode(), IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] in _IN_USE:
                taken = "The state was locked by somebody else just now"
                raise RefusedError(f"{taken}; wait for them to end, and run again") from None
            raise
        return number


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())
