"""S3: a bucket is its account's alone."""

import os


def apply() -> None:
    """Refuse a bucket of another account.

    AWS: 403, unless the bucket's policy lets that account in
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
    moto: every account reaches every bucket, unless this variable says otherwise. Here: refused.
    """
    os.environ["MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS"] = "false"
