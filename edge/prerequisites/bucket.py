"""The bucket of the state, made or made stricter: versioned, encrypted, by TLS alone, closed to the public.

https://developer.hashicorp.com/terraform/language/backend/s3 asks for versions; the rest is AWS's own advice:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from edge.aws.state_bucket import BLOCKS, Encryption, Place, StateBucket, read, stands
from edge.prerequisites.step import Kind, Step, step
from environments.partitions import partition_of

# While S3 carries a change to all its servers: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_NOT_YET, _TRIES, _PAUSE_SECONDS = {"OperationAborted", "NoSuchBucket"}, 6, 2.0
_OWNED = "BucketOwnerEnforced"
_BY_KEY = {"aws:kms", "aws:kms:dsse"}


def steps(place: Place) -> list[Step]:
    """List what the bucket needs, in order; raises BucketError for one that is not this account's or region's."""
    there = stands(place)
    found = read(place) if there else StateBucket()
    return [
        step(
            place.account,
            f"bucket {place.bucket}",
            stands=there,
            detail=f"in {place.backend.region}",
            otherwise=Kind.MAKE,
            act=lambda: _make(place),
        ),
        _owners(place, found),
        _public_access(place, found),
        _versions(place, found),
        _encryption(place, found),
        _transport(place, found),
    ]


def _make(place: Place) -> None:
    """Make it; S3's first region must not be named (API_CreateBucket, LocationConstraint)."""
    first = place.backend.region == "us-east-1"
    located = {} if first else {"CreateBucketConfiguration": {"LocationConstraint": place.backend.region}}
    place.s3.create_bucket(Bucket=place.bucket, ObjectOwnership=_OWNED, **located)


def _owners(place: Place, found: StateBucket) -> Step:
    controls = {"Rules": [{"ObjectOwnership": _OWNED}]}
    return step(
        place.account,
        "object ownership",
        stands=found.ownership == _OWNED,
        detail=_change(found.ownership, _OWNED),
        otherwise=Kind.SET,
        act=_setting(place, place.s3.put_bucket_ownership_controls, OwnershipControls=controls),
    )


def _public_access(place: Place, found: StateBucket) -> Step:
    return step(
        place.account,
        "public access",
        stands=found.blocks == set(BLOCKS),
        detail="blocked" if found.blocks == set(BLOCKS) else f"{len(found.blocks)} of {len(BLOCKS)} blocks -> all",
        otherwise=Kind.SET,
        act=_setting(
            place, place.s3.put_public_access_block, PublicAccessBlockConfiguration=dict.fromkeys(BLOCKS, True)
        ),
    )


def _versions(place: Place, found: StateBucket) -> Step:
    return step(
        place.account,
        "versions",
        stands=found.is_versioned,
        detail=_change(found.versioning, "Enabled"),
        otherwise=Kind.SET,
        act=_setting(place, place.s3.put_bucket_versioning, VersioningConfiguration={"Status": "Enabled"}),
    )


def _encryption(place: Place, found: StateBucket) -> Step:
    """Encrypt by the file's key, else by S3's own; a key that stands is replaced only where the file names another."""
    key = place.backend.kms_key_arn
    wanted = Encryption("aws:kms", key) if key else Encryption("AES256")
    by_a_key = found.encryption.algorithm in _BY_KEY
    right = (by_a_key and (not key or found.encryption.key == key)) or found.encryption == wanted
    default = {"SSEAlgorithm": wanted.algorithm} | ({"KMSMasterKeyID": key} if key else {})
    rule: dict[str, Any] = {"ApplyServerSideEncryptionByDefault": default} | ({"BucketKeyEnabled": True} if key else {})
    return step(
        place.account,
        "encryption",
        stands=right,
        detail=_shown(found.encryption) if right else _change(_shown(found.encryption), _shown(wanted)),
        otherwise=Kind.REPLACE if by_a_key else Kind.SET,
        act=_setting(place, place.s3.put_bucket_encryption, ServerSideEncryptionConfiguration={"Rules": [rule]}),
    )


def _shown(encryption: Encryption) -> str:
    return " ".join(filter(None, [encryption.algorithm, encryption.key]))


def _transport(place: Place, found: StateBucket) -> Step:
    """Refuse whatever does not come by TLS, in a statement beside those that stand."""
    arn = f"arn:{partition_of(place.backend.region)}:s3:::{place.bucket}"
    refusal = {
        "Sid": "RefuseWithoutTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    statements = _statements(found.policy)
    policy = {"Version": "2012-10-17", **found.policy, "Statement": [*statements, refusal]}
    right = refuses_plain_text(statements, arn)
    return step(
        place.account,
        "transport",
        stands=right,
        detail="TLS only" if right else f"any -> TLS only, beside {len(statements)} statements of its policy",
        otherwise=Kind.SET,
        act=_setting(place, place.s3.put_bucket_policy, Policy=json.dumps(policy)),
    )


def refuses_plain_text(statements: Iterable[Mapping[str, Any]], arn: str) -> bool:
    """Tell whether statements refuse everything of a bucket and of its objects to everybody without TLS."""
    covered = {
        resource for statement in statements if _is_refusal(statement) for resource in _listed(statement["Resource"])
    }
    return bool(covered & {arn, "*", f"{arn}*"}) and bool(covered & {f"{arn}/*", "*", f"{arn}*"})


def _is_refusal(statement: Mapping[str, Any]) -> bool:
    """Tell whether it refuses all of S3 to everybody without TLS; another condition beside would narrow it."""
    condition = {
        str(operator): {str(key).lower(): [str(value).lower() for value in _listed(keys[key])] for key in keys}
        for operator, keys in (statement.get("Condition") or {}).items()
    }
    return (
        statement.get("Effect") == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and not {"*", "s3:*"}.isdisjoint(_listed(statement.get("Action", ())))
        and "Resource" in statement
        and condition == {"Bool": {"aws:securetransport": ["false"]}}
    )


def _statements(policy: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = policy.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _change(before: str, after: str) -> str:
    return after if before == after else f"{before or 'not set'} -> {after}"


def _setting(place: Place, change: Callable[..., object], **settings: Any) -> Callable[[], None]:
    """Put one setting, again where S3 does not know the bucket everywhere yet."""

    def put() -> None:
        for left in reversed(range(_TRIES)):
            try:
                change(Bucket=place.bucket, ExpectedBucketOwner=place.account_id, **settings)
            except ClientError as error:
                if not left or error.response["Error"]["Code"] not in _NOT_YET:
                    raise
                time.sleep(_PAUSE_SECONDS)
            else:
                return

    return put
