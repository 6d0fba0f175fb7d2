"""The parts of an ARN, `arn:partition:service:region:account:resource`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

_REGION, _ACCOUNT = 3, 4


def region_of(arn: object) -> str:
    """Give the region that an ARN names; empty where it names none, or is none."""
    return _part(arn, _REGION)


def account_of(arn: object) -> str:
    """Give the id of the account that an ARN names; empty where it names none, or is none."""
    return _part(arn, _ACCOUNT)


def _part(arn: object, number: int) -> str:
    parts = str(arn or "").split(":")
    return parts[number] if len(parts) > number else ""
