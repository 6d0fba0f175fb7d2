"""The `[backend]` table: where the Terraform state is, and what encrypts it."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints, WithJsonSchema

from environments.fields import Key, Region, StateKey, checked
from environments.table import Table

_PATTERN = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_NO_BUCKET = r"\.\.|^[0-9]+(\.[0-9]+){3}$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$"


def _bucket(name: str) -> str:
    if re.search(_NO_BUCKET, name):
        raise ValueError("is a name that S3 gives to no bucket; name the one that holds the state")
    return name


Bucket = Annotated[
    str,
    StringConstraints(pattern=_PATTERN),
    checked(_bucket),
    WithJsonSchema({"type": "string", "pattern": _PATTERN, "not": {"pattern": _NO_BUCKET}}),
]


class Backend(Table):
    """The S3 bucket that holds the Terraform state and its native lock file."""

    bucket: Bucket = Field(
        description="the name of an S3 bucket that exists, 3 to 63 characters of a-z, 0-9, dots and hyphens"
    )
    key: StateKey = Field(description="the state's key in the bucket, such as edge/prod.tfstate")
    region: Region = Field(description="the bucket's AWS region, such as eu-central-1")
    account: Key | None = Field(
        None, description="the name of the account that holds the bucket (default: the platform's account)"
    )
    kms_key_arn: (
        Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,64}$")]
        | None
    ) = Field(
        None,
        description="the ARN of the KMS key that encrypts the state (default: the bucket's), such as "
        "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    )
