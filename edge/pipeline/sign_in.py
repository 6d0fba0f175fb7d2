"""Signing in to AWS from a workflow, without a key: GitHub says who the job is, and AWS lends it a role.

Every profile that an environment names gets a `credential_process`, which boto3, Terraform's provider and its S3
backend all run: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html. So keys never lie on
disk, and when they run out in a long apply, the SDK asks for new ones; GitHub's own token lives for minutes only.
"""

import datetime
import json
import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bootstrap.places import HERE
from edge.pipeline.errors import GitHubError
from edge.pipeline.job import put, runner_variable
from edge.roles.github_provider import AUDIENCE
from edge.roles.role_names import Kind, role_arn
from environments.checked import Environment

_PERMISSION = "give the job the permission id-token: write"
# What a session's name may hold, and how much: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
_NOT_IN_A_SESSION_NAME = re.compile(r"[^\w+=,.@-]", re.ASCII)
_MAX_SESSION_NAME = 64
_TIMEOUT_SECONDS = 20.0
_OWNER_ONLY = 0o600
_CONFIG = Config(
    signature_version=UNSIGNED,
    connect_timeout=5,
    read_timeout=20,
    retries={"max_attempts": 5, "mode": "standard"},
)


def sign_in(environment: Environment, kind: Kind) -> Path:
    """Write the AWS configuration for a job, try every role in it, and name it to the steps that follow.

    Raises GitHubError for a role that AWS does not lend.
    """
    roles, session = profiles(environment, kind), session_name()
    for arn in dict.fromkeys(roles.values()):
        credentials(arn, environment.region, session)
    file = Path(runner_variable("RUNNER_TEMP")) / f"orcha-edge-{environment.name}-{kind}.aws"
    file.write_text(configuration(roles, environment.region, session), encoding="utf-8")
    file.chmod(_OWNER_ONLY)
    put("GITHUB_ENV", f"AWS_CONFIG_FILE={file}\nAWS_SHARED_CREDENTIALS_FILE=/dev/null\n")
    return file


def session_name() -> str:
    """Name the sessions of this job, so that CloudTrail leads from a call to the run that made it."""
    run, attempt = runner_variable("GITHUB_RUN_ID"), os.environ.get("GITHUB_RUN_ATTEMPT") or "1"
    return _NOT_IN_A_SESSION_NAME.sub("-", f"orcha-edge-{run}-{attempt}")[:_MAX_SESSION_NAME]


def profiles(environment: Environment, kind: Kind) -> dict[str, str]:
    """Give each profile of the file the role that stands for it.

    Accounts with a `role_arn` of their own are entered from `default`, which is the platform account's role.
    """
    accounts = environment.accounts
    named = {account.profile: role_arn(environment, account, kind) for account in accounts.values() if account.profile}
    if any(account.role_arn for account in accounts.values()):
        named.setdefault("default", role_arn(environment, accounts[environment.platform.account], kind))
    return named


def configuration(roles: dict[str, str], region: str, session: str) -> str:
    """Write the text of an AWS configuration file, with `edge pipeline credentials` behind every profile."""
    sections = {("default" if profile == "default" else f"profile {profile}"): arn for profile, arn in roles.items()}
    return "\n".join(
        f"[{section}]\ncredential_process = {_command(arn, region, session)}\n" for section, arn in sections.items()
    )


def credentials(arn: str, region: str, session: str) -> dict[str, Any]:
    """Borrow a role with this job's token; give what a `credential_process` answers. Raises GitHubError."""
    sts = boto3.Session().client("sts", region_name=region, config=_CONFIG)
    try:
        lent = sts.assume_role_with_web_identity(RoleArn=arn, RoleSessionName=session, WebIdentityToken=_token())
    except (BotoCoreError, ClientError) as error:
        reason = " ".join(str(error).split())
        raise GitHubError(
            f"AWS does not lend {arn} to this job: {reason}; see docs/pipeline.md for the role and whom it trusts."
        ) from None
    keys = lent["Credentials"]
    expiration: datetime.datetime = keys["Expiration"]
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    return {"Version": 1, **{name: keys[name] for name in names}, "Expiration": expiration.isoformat()}


def _token() -> str:
    """Ask GitHub who this job is (https://docs.github.com/en/actions/reference/security/oidc)."""
    url = httpx.URL(runner_variable("ACTIONS_ID_TOKEN_REQUEST_URL", _PERMISSION)).copy_merge_params(
        {"audience": AUDIENCE}
    )
    headers = {"Authorization": f"Bearer {runner_variable('ACTIONS_ID_TOKEN_REQUEST_TOKEN', _PERMISSION)}"}
    try:
        answer = httpx.get(url, headers=headers, timeout=_TIMEOUT_SECONDS).raise_for_status()
        return str(answer.json()["value"])
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise GitHubError(f"GitHub does not say who this job is ({error}); run the job again.") from None


def _command(arn: str, region: str, session: str) -> str:
    """Write the command of a profile; it reads no profile itself, since that would start it again."""
    nothing = ["-u", "AWS_PROFILE", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null"]
    words = [
        "env",
        *nothing,
        f"PYTHONPATH={HERE.root}",
        sys.executable,
        "-m",
        "edge",
        "pipeline",
        "credentials",
        arn,
        region,
        session,
    ]
    return shlex.join(words)


def credentials_as_json(arn: str, region: str, session: str) -> str:
    """Give the text that a `credential_process` prints."""
    return json.dumps(credentials(arn, region, session))
