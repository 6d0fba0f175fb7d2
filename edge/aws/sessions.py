"""Clients of the AWS that a deploy would reach: the environment's own profiles and roles, as Terraform uses them."""

import os
from functools import cache
from typing import Any, Protocol

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader, create_loader

from edge.aws.embedded_endpoint import demand_that_it_runs
from environments.checked import Environment

# An answer that does not come in this time does not come; the caller says what it could not ask.
# Threads share a client, and each of them has a connection.
_CONFIG = Config(
    connect_timeout=5, read_timeout=20, max_pool_connections=16, retries={"max_attempts": 3, "mode": "standard"}
)


class ClientOf(Protocol):
    """Makes boto3 clients of a service, such as `elbv2`, in an account by its id, and in a region.

    The clients raise botocore's errors, where credentials are missing or AWS does not answer.
    """

    def __call__(self, service: str, account_id: str, region: str, /) -> Any:
        """Make a client, or give the one that was made before."""


def client_of(environment: Environment) -> ClientOf:
    """Give the clients of an environment's accounts, as its profiles and roles reach them.

    Raises BadInputError where this shell was set up for an embedded AWS that has ended: else the error is a profile's.
    """
    demand_that_it_runs(os.environ)
    accounts = {account.id: account for account in environment.accounts.values()}

    @cache
    def session(account_id: str) -> boto3.Session:
        account = accounts[account_id]
        if account.role_arn is None:
            return _session(profile_name=account.profile)
        sts = _session().client("sts", region_name=environment.region, config=_CONFIG)
        keys = sts.assume_role(RoleArn=account.role_arn, RoleSessionName="orcha-edge")["Credentials"]
        return _session(
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    @cache  # to make a client takes longer than most of what is asked of it
    def client(service: str, account_id: str, region: str) -> Any:
        return session(account_id).client(service, region_name=region, config=_CONFIG)

    return client


def _session(**settings: str | None) -> boto3.Session:
    """Make a session that reads AWS's descriptions of its services only where no other has: half of a client's time."""
    own = botocore.session.Session()
    own.register_component("data_loader", _loader(own.get_config_variable("data_path")))
    return boto3.Session(botocore_session=own, **settings)


@cache
def _loader(data_path: str | None) -> Loader:
    return create_loader(data_path)
