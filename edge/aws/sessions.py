"""Clients of the AWS that a deploy would reach: the environment's own profiles and roles, as Terraform uses them."""

from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from environments.checked import Environment

# An answer that does not come in this time does not come; the caller says what it could not ask.
_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"})


def client_of(environment: Environment) -> Callable[[str, str, str], Any]:
    """Give the function that makes boto3 clients: it takes a service, an account id and a region.

    The clients raise botocore's errors, where credentials are missing or AWS does not answer.
    """
    accounts = {account.id: account for account in environment.accounts.values()}

    @cache
    def session(account_id: str) -> boto3.Session:
        account = accounts[account_id]
        if account.role_arn is None:
            return boto3.Session(profile_name=account.profile)
        sts = boto3.Session().client("sts", region_name=environment.region, config=_CONFIG)
        keys = sts.assume_role(RoleArn=account.role_arn, RoleSessionName="orcha-edge")["Credentials"]
        return boto3.Session(
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    return lambda service, account_id, region: session(account_id).client(service, region_name=region, config=_CONFIG)
