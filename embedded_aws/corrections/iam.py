"""IAM: AWS's own policies exist."""

import os
from collections.abc import Callable

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam import models

from embedded_aws.corrections.patching import replace


def apply() -> None:
    """Have moto load the policies that AWS manages, once for each account.

    AWS: they exist in every account. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
    moto: knows them, and loads them only on demand. Here: always.
    """
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    replace(models, "get_account_id_from", _look_where_keys_are)


def _look_where_keys_are(_original: Callable[[str], str]) -> Callable[[str], str]:
    """Find the account of an access key without making what is not there.

    AWS: a key belongs to one account of one partition (https://docs.aws.amazon.com/whitepapers/latest/
    aws-fault-isolation-boundaries/partitions.html).
    moto: looks in all six partitions of every account, and so loads all the policies six times for each, for 2 s of
    processor time. Here: looks only in those that something has asked for.
    """

    def look(access_key: str) -> str:
        for account_id, partitions in list(models.iam_backends.items()):
            if any(access_key in backend.access_keys for backend in list(partitions.values())):
                return account_id
        return DEFAULT_ACCOUNT_ID

    return look
