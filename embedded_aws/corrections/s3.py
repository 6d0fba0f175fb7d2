"""S3: a bucket is its account's alone, encrypts from the start, and is reached as if by TLS."""

import json
import os
from collections.abc import Callable
from typing import Any

from moto.iam.access_control import IAMPolicy
from moto.s3.models import FakeBucket, S3Backend

from embedded_aws.corrections.patching import replace

_DEFAULT = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}}
_WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def apply() -> None:
    """Refuse a bucket of another account, and encrypt a new one.

    AWS: 403, unless the bucket's policy lets that account in
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
    moto: every account reaches every bucket, unless this variable says otherwise. Here: refused.
    """
    os.environ["MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS"] = "false"
    replace(S3Backend, "create_bucket", _encrypted)
    replace(FakeBucket, "get_permission", _by_tls)


def _by_tls(original: Callable[..., Any]) -> Callable[..., Any]:
    """Leave out what a bucket's policy says of requests without TLS.

    AWS: such a statement concerns no request of a client that uses S3's own endpoints, which are HTTPS
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html, aws:SecureTransport).
    moto: knows no condition of a request, and denies all. Here: loopback stands for TLS.
    """

    def get_permission(self: FakeBucket, action: str, resource: str) -> Any:
        if self.policy is None:
            return original(self, action, resource)
        policy = json.loads(self.policy)
        statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        concerning = [statement for statement in statements if statement.get("Condition") != _WITHOUT_TLS]
        return IAMPolicy(json.dumps({**policy, "Statement": concerning})).is_action_permitted(action, resource)

    return get_permission


def _encrypted(original: Callable[..., FakeBucket]) -> Callable[..., FakeBucket]:
    """Encrypt what a new bucket holds by S3's own keys.

    AWS: does so for every bucket since January 2023
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html).
    moto: has no encryption until one is set. Here: as AWS.
    """

    def create_bucket(
        self: S3Backend, bucket_name: str, region_name: str, bucket_namespace: str | None = None
    ) -> FakeBucket:
        made = original(self, bucket_name, region_name, bucket_namespace)
        made.encryption = dict(_DEFAULT)
        return made

    return create_bucket
