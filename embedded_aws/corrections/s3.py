"""S3: a bucket is its account's alone, and encrypts from the start."""

import os
from collections.abc import Callable

from moto.s3.models import FakeBucket, S3Backend

from embedded_aws.corrections.patching import replace

_DEFAULT = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}}


def apply() -> None:
    """Refuse a bucket of another account, and encrypt a new one.

    AWS: 403, unless the bucket's policy lets that account in
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
    moto: every account reaches every bucket, unless this variable says otherwise. Here: refused.
    """
    os.environ["MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS"] = "false"
    replace(S3Backend, "create_bucket", _encrypted)


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
