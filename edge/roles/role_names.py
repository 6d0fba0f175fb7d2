"""What the roles are called: one for plans and one for deploys, in each account of each environment."""

import os
from typing import Literal

from edge.cli.exits import FailedError
from environments.checked import Environment
from environments.partitions import partition_of
from environments.schema import Account

Kind = Literal["plan", "deploy"]
PATTERN = "orcha-edge-{environment}-{kind}"
_VARIABLE = "ORCHA_ROLE_NAME"
_MAX_NAME = 64  # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html


class RoleNameError(FailedError):
    """The pattern in ORCHA_ROLE_NAME makes no name of a role."""


def role_name(environment: str, kind: Kind) -> str:
    """Name the role, by the pattern in ORCHA_ROLE_NAME where that is set; raises RoleNameError for no name of IAM's."""
    pattern = os.environ.get(_VARIABLE) or PATTERN
    name = pattern.replace("{environment}", environment).replace("{kind}", kind)
    if len(name) > _MAX_NAME or "{" in name:
        raise RoleNameError(
            f"{_VARIABLE} makes {name!r}, which is not a role's name; write at most {_MAX_NAME} characters, with "
            "{environment} and {kind} as the only parts in braces."
        )
    return name


def role_arn(environment: Environment, account: Account, kind: Kind) -> str:
    """Give the ARN of the role in one account."""
    partition = partition_of(environment.region)
    return f"arn:{partition}:iam::{account.id}:role/{role_name(environment.name, kind)}"
