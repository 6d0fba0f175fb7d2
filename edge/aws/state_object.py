"""The objects of a state in S3: the state itself, and its lock beside it.

Terraform's native lock is `<key>.tflock`: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking.
Its fields are LockInfo's of https://github.com/hashicorp/terraform/blob/v1.11.4/internal/states/statemgr/locker.go.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

# The format of state files from Terraform 0.12 on; a state of a later one is not read here:
# https://github.com/hashicorp/terraform/blob/v1.11.4/internal/states/statefile/read.go
FORMAT = 4
_MISSING = {"NoSuchKey", "404"}
_NANOSECONDS = re.compile(r"(\.\d{6})\d*")


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: Terraform's own words, and the time as it was written."""

    id: str
    who: str
    operation: str
    created: str
    info: str

    @classmethod
    def of(cls, text: str) -> "Holder":
        """Read a lock file; one that is not JSON was written by nobody that we know."""
        try:
            content = json.loads(text)
        except ValueError:
            content = {}
        fields = content if isinstance(content, dict) else {}
        return cls(*(str(fields.get(name) or "") for name in ("ID", "Who", "Operation", "Created", "Info")))

    @property
    def machine(self) -> str:
        """The name of the machine."""
        return self.who.rpartition("@")[2]

    @property
    def started(self) -> float | None:
        """When it was taken, in seconds since 1970; None where the text does not say."""
        try:
            return datetime.fromisoformat(_NANOSECONDS.sub(r"\1", self.created.replace(" UTC", ""))).timestamp()
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.who or 'somebody'}, {self.operation or 'an unknown operation'}, since {self.created or 'ever'}"


def lock_key(key: str) -> str:
    """Name the lock of a state by the state's key."""
    return f"{key}.tflock"


def holder_of(s3: Any, *, bucket: str, key: str) -> Holder | None:
    """Read who holds the lock of a state; None where nobody does."""
    text = text_of(s3, bucket=bucket, key=lock_key(key))
    return None if text is None else Holder.of(text)


def fault_of_format(s3: Any, *, bucket: str, key: str) -> str | None:
    """Say why Terraform could not read a state; None where it can, or where there is none yet."""
    text = text_of(s3, bucket=bucket, key=key)
    if text is None:
        return None
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        return f"s3://{bucket}/{key} is not a state of Terraform; restore an earlier version of the object"
    if content.get("version") != FORMAT:
        writer = content.get("terraform_version") or "an unknown version"
        return (
            f"s3://{bucket}/{key} has the state format {content.get('version')}, written by Terraform {writer}, and "
            f"{FORMAT} is the one that is read here; use the Terraform that wrote it"
        )
    return None


def text_of(s3: Any, *, bucket: str, key: str) -> str | None:
    """Read an object as it stands; None where there is none."""
    try:
        body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return None
        raise
    return body.decode(errors="replace")
