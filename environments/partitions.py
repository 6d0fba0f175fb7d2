"""The partition that a region lies in, with which every ARN of it begins."""

# Every partition but `aws` has names of regions that begin like no other's. A table, since botocore, which has the same
# (a test compares them), takes as long to load as all checks of a file: botocore/data/partitions.json, and
# https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
_PARTITIONS = {
    "cn": "aws-cn",
    "eusc-de": "aws-eusc",
    "us-gov": "aws-us-gov",
    "us-iso": "aws-iso",
    "us-isob": "aws-iso-b",
    "eu-isoe": "aws-iso-e",
    "us-isof": "aws-iso-f",
}


def partition_of(region: str) -> str:
    """Give the partition of a region: `eu-central-1` -> `aws`, `us-iso-east-1` -> `aws-iso`, `cn-north-1` -> `aws-cn`.

    In an ARN of the wrong partition AWS finds nothing, and a policy with it allows nothing.
    """
    area = region.rsplit("-", 2)[0]
    return _PARTITIONS.get(area, "aws")
