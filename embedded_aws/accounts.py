"""The accounts that environments name: one set of credentials each, and how a child process finds them.

moto tells accounts apart by access key: AssumeRole on `arn:aws:iam::<id>:role/…` gives keys that belong to that
account, and what one account makes no other sees.
"""

import configparser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import create_loader

from embedded_aws.errors import LocalAwsError
from environments.checked import Environment

_ROLE = "local-aws"
_BASE_PROFILE = "default"


class ClientFor(Protocol):
    """Makes boto3 clients of a service, such as `elbv2`, in an account by its id, and in a region."""

    def __call__(self, service: str, account_id: str, region: str, /) -> Any:
        """Make a client, or give the one that was made before."""


@dataclass(frozen=True)
class Credentials:
    """Keys that the embedded AWS takes for one account's; worthless anywhere else."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None


# Reads the descriptions of AWS's services once for all sessions, not once for each client.
_DESCRIPTIONS = create_loader()

# Any key works for what belongs to no account: moto checks no signature.
_NOBODY = Credentials("AKIALOCALAWSNOBODY00", "local")


def session(credentials: Credentials) -> boto3.Session:
    """Make a boto3 session that takes nothing from this shell or this user's AWS files."""
    nothing = (None, None, None, None)
    private = botocore.session.Session(
        session_vars=dict.fromkeys(("profile", "config_file", "credentials_file", "ca_bundle"), nothing)
    )
    private.register_component("data_loader", _DESCRIPTIONS)
    return boto3.Session(
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        aws_session_token=credentials.session_token,
        botocore_session=private,
    )


def loopback_client(session: boto3.Session, *, service: str, region: str, url: str) -> Any:
    """Make a boto3 client of the embedded AWS: no proxy, no retries, path-style S3."""
    config = Config(proxies={}, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    return session.client(service, region_name=region, endpoint_url=url, config=config)


def assume(url: str, *, region: str, account_ids: Iterable[str]) -> dict[str, Credentials]:
    """Get credentials for each account, by account id."""
    sts = loopback_client(session(_NOBODY), service="sts", region=region, url=url)
    return {account_id: _assume_role(sts, account_id) for account_id in sorted(set(account_ids))}


def _assume_role(sts: Any, account_id: str) -> Credentials:
    answer = sts.assume_role(RoleArn=f"arn:aws:iam::{account_id}:role/{_ROLE}", RoleSessionName=_ROLE)
    keys = answer["Credentials"]
    return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def profiles(environments: Sequence[Environment]) -> dict[str, str]:
    """Map each profile that the environments name to its account id.

    Raises LocalAwsError where two environments give one profile different accounts.
    """
    return _merged(
        "profile",
        (
            (account.profile, account.id)
            for environment in environments
            for account in environment.accounts.values()
            if account.profile
        ),
    )


def zones(environments: Sequence[Environment]) -> dict[str, str]:
    """Map each hosted zone that the environments declare to the id of the account that holds it.

    Raises LocalAwsError where two environments put one zone into different accounts: DNS delegates to one of them.
    """
    return _merged(
        "zone",
        (
            (zone, environment.accounts[declared.account].id)
            for environment in environments
            for zone, declared in environment.zones.items()
        ),
    )


def standing_zones(environments: Sequence[Environment]) -> dict[str, str]:
    """Map each hosted zone that stands before the first deploy to its account's id: those that none of them creates.

    Raises LocalAwsError as `zones` does.
    """
    created = {zone for environment in environments for zone, declared in environment.zones.items() if declared.create}
    return {zone: account_id for zone, account_id in zones(environments).items() if zone not in created}


def zone_ids(environments: Sequence[Environment]) -> dict[str, str]:
    """Map each hosted zone whose id the environments declare to that; raises LocalAwsError where they differ."""
    declared = (pair for environment in environments for pair in environment.zones.items())
    return _merged("zone", ((zone, settings.id) for zone, settings in declared if settings.id))


def _merged(kind: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for name, account_id in pairs:
        if merged.setdefault(name, account_id) != account_id:
            raise LocalAwsError(
                f"The {kind} {name} stands for account {merged[name]} in one environment and for {account_id} in "
                "another; start the embedded AWS for one of them at a time."
            )
    return merged


def write_credentials(folder: Path, *, profiles: Mapping[str, str], credentials: Mapping[str, Credentials]) -> Path:
    """Write a shared-credentials file that only this user can read, with every profile, and return its path.

    Accounts with a `role_arn` assume it from the profile `default`, as they would from a person's own keys.
    """
    by_profile = {_BASE_PROFILE: _NOBODY} | {name: credentials[account] for name, account in profiles.items()}
    file = configparser.RawConfigParser(default_section="")
    for name, keys in by_profile.items():
        file[name] = {"aws_access_key_id": keys.access_key_id, "aws_secret_access_key": keys.secret_access_key}
        if keys.session_token:
            file[name]["aws_session_token"] = keys.session_token
    path = folder / "credentials"
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8") as stream:
        file.write(stream)
    return path
