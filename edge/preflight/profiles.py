"""The sign-ins of an environment's file that this machine has not, or that have ended.

Terraform's provider and its S3 backend read the same two files and the same cache of tokens as boto3, and refuse such a
profile too ("failed to get shared config profile"), so nothing is left to Terraform:
https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
"""

import os
from pathlib import Path

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound, SSOError, TokenRetrievalError

from edge.aws.errors import plain
from edge.roles.records import zones_of
from edge.roles.state import account_of_state
from environments.checked import Environment
from environments.faults import Fault
from environments.loader import shown_file

NO_SIGN_IN = (ProfileNotFound, SSOError, TokenRetrievalError)
_OF_THE_SHELL = "AWS_PROFILE"


def reached(environment: Environment) -> list[str]:
    """Name the accounts that a plan asks something of; another one may have no sign-in at all."""
    holders = {environment.platform.account, account_of_state(environment)}
    return [name for name in environment.accounts if name in holders or zones_of(environment, name)]


def missing_sign_ins(environment: Environment, error: BotoCoreError | ClientError) -> list[str]:
    """Say of every profile that is not there how to write it, and of a session that has ended how to begin another."""
    profiles = {name: environment.accounts[name].profile for name in reached(environment)}
    if not isinstance(error, ProfileNotFound):
        again = " or ".join(
            f"`aws sso login --profile {profile}`" for profile in dict.fromkeys(profiles.values()) if profile
        )
        return [
            str(Fault(shown_file(environment.name), "accounts", f"AWS knows no session ({plain(error)}); run {again}"))
        ]
    session = botocore.session.get_session()
    files = [Path(session.get_config_variable(key)).expanduser() for key in ("config_file", "credentials_file")]
    nowhere = f"is neither in {files[0]} nor in {files[1]}"
    faults = [
        Fault(
            shown_file(environment.name),
            f"accounts.{name}.profile",
            f"{profile} {nowhere}; write it there, as `aws configure sso --profile {profile}` does, or name another",
        )
        for name, profile in profiles.items()
        if profile and profile not in session.available_profiles
    ]
    of_the_shell = Fault(_OF_THE_SHELL, "", f"{os.environ.get(_OF_THE_SHELL)} {nowhere}; name another, or unset it")
    return [str(fault) for fault in faults or [of_the_shell]]
