"""The bucket of a state as it stands: whose it is, and how it keeps what it holds. Nothing is changed.

Which question is about what: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from edge.aws.sessions import ClientOf
from edge.cli.exits import BadInputError
from environments.backend import Backend
from environments.checked import Environment

# What S3 answers where nothing was ever set: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_UNSET = {
    "NoSuchBucketPolicy",
    "NoSuchPublicAccessBlockConfiguration",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
}
_ABSENT, _ELSEWHERE = {"404", "NoSuchBucket", "NotFound"}, {"301", "PermanentRedirect", "400"}
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


class BucketError(BadInputError):
    """The bucket cannot be the state's: another account's, in another region, or not to be looked at."""


@dataclass(frozen=True)
class Place:
    """Where a state is kept: its account by the file's name and by id, and the client that reaches it there."""

    account: str
    account_id: str
    backend: Backend
    s3: Any

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return str(self.backend.bucket)


@dataclass(frozen=True)
class Encryption:
    """How new objects are encrypted that ask for nothing themselves; `key` is empty for S3's own keys."""

    algorithm: str = ""
    key: str = ""


@dataclass(frozen=True)
class StateBucket:
    """The settings of a bucket that stands; `blocks` are those of public access that are on."""

    versioning: str = ""
    encryption: Encryption = field(default_factory=Encryption)
    policy: dict[str, Any] = field(default_factory=dict)
    blocks: frozenset[str] = frozenset()
    ownership: str = ""

    @property
    def is_versioned(self) -> bool:
        """Whether an earlier version of the state can be brought back."""
        return self.versioning == "Enabled"


def place_of(environment: Environment, client_of: ClientOf) -> Place | None:
    """Say where an environment's state is kept; None where it is a file on this machine."""
    backend = environment.backend
    if backend is None:
        return None
    name = backend.account or environment.platform.account
    account_id = environment.accounts[name].id
    return Place(name, account_id, backend, client_of("s3", account_id, backend.region))


def stands(place: Place) -> bool:
    """Tell whether the bucket stands in this account and region; raises BucketError where it is somewhere else.

    A head of a bucket has no body, so its status is all that is known:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html. boto3 itself follows to another region.
    """
    try:
        answer = place.s3.head_bucket(Bucket=place.bucket, ExpectedBucketOwner=place.account_id)
    except ClientError as error:
        code = str(error.response["Error"]["Code"])
        if code in _ABSENT:
            return False
        region = _region_in(error.response)
        if code in _ELSEWHERE and region != place.backend.region:
            raise _elsewhere(place, region) from None
        if code in {"403", "AccessDenied"}:
            raise _forbidden(place) from None
        raise
    region = answer.get("BucketRegion") or _region_in(answer)
    if region and region != place.backend.region:
        raise _elsewhere(place, region)
    return True


def _region_in(answer: dict[str, Any]) -> str:
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return str(headers.get("x-amz-bucket-region", ""))


def _forbidden(place: Place) -> BucketError:
    return BucketError(
        f"s3://{place.bucket} is refused to account {place.account} ({place.account_id}): it is another account's, or "
        "the profile lacks s3:ListBucket; choose another name in backend.bucket, name its account in backend.account, "
        "or sign in with that permission"
    )


def _elsewhere(place: Place, region: str) -> BucketError:
    return BucketError(
        f"s3://{place.bucket} stands in {region or 'another region'}, and backend.region is {place.backend.region}; "
        "correct one of backend.region and backend.bucket"
    )


def versioning(place: Place) -> str:
    """Ask whether it keeps earlier versions: Enabled, Suspended, or nothing where it never did."""
    return str(place.s3.get_bucket_versioning(Bucket=place.bucket).get("Status") or "")


def encryption(place: Place) -> Encryption:
    """Ask how it encrypts; S3 has encrypted every new object by its own keys since January 2023."""
    answer = _asked(place.s3.get_bucket_encryption, place)
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules") or [{}]
    default = rules[0].get("ApplyServerSideEncryptionByDefault", {})
    return Encryption(str(default.get("SSEAlgorithm", "")), str(default.get("KMSMasterKeyID", "")))


def read(place: Place) -> StateBucket:
    """Read every setting; raises botocore's errors where one may not be read."""
    access = _asked(place.s3.get_public_access_block, place).get("PublicAccessBlockConfiguration", {})
    rules = _asked(place.s3.get_bucket_ownership_controls, place).get("OwnershipControls", {}).get("Rules") or [{}]
    return StateBucket(
        versioning=versioning(place),
        encryption=encryption(place),
        policy=json.loads(_asked(place.s3.get_bucket_policy, place).get("Policy") or "{}"),
        blocks=frozenset(name for name in BLOCKS if access.get(name)),
        ownership=str(rules[0].get("ObjectOwnership", "")),
    )


def _asked(question: Callable[..., dict[str, Any]], place: Place) -> dict[str, Any]:
    """Ask for one setting; nothing where it was never set."""
    try:
        return question(Bucket=place.bucket, ExpectedBucketOwner=place.account_id)
    except ClientError as error:
        if error.response["Error"]["Code"] in _UNSET:
            return {}
        raise
