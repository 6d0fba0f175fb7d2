"""IAM: AWS's own policies exist."""

import os


def apply() -> None:
    """Have moto load the policies that AWS manages.

    AWS: they exist in every account. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
    moto: knows them, and loads them only on demand. Here: always.
    """
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
