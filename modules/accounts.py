"""State and accounts: where the state lives, and one guarded provider for each account.

There is no default provider: every resource and data source names its account, so that nothing lands in the wrong one.
"""

from collections.abc import Mapping

from environments import naming
from environments.checked import Environment
from environments.schema import Account
from imports.aws import AwsProvider, AwsProviderAssumeRole, AwsProviderDefaultTags
from imports.terraform import S3Backend, TerraformStack

# Native S3 locking is in Terraform and OpenTofu from 1.10 on:
# https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
REQUIRED_VERSION = ">= 1.10.0"
SESSION_NAME = "orcha-edge"


def configure_state(stack: TerraformStack, environment: Environment) -> None:
    """Keep the state in the environment's S3 bucket with Terraform's native lock file; without a backend, in a file."""
    stack.add_override("terraform.required_version", REQUIRED_VERSION)
    backend = environment.backend
    if backend is None:
        return
    account = environment.accounts[backend.account or environment.platform.account]
    S3Backend(
        stack,
        bucket=backend.bucket,
        key=backend.key,
        region=backend.region,
        encrypt=True,
        kms_key_id=backend.kms_key_arn,
        profile=account.profile,
        assume_role={"role_arn": account.role_arn, "session_name": SESSION_NAME} if account.role_arn else None,
        allowed_account_ids=[account.id],
    )
    stack.add_override("terraform.backend.s3.use_lockfile", True)  # cdktf 0.21 has no argument for it


def account_providers(stack: TerraformStack, environment: Environment) -> Mapping[str, AwsProvider]:
    """Make one provider for each account, by the account's name; each refuses to act in any other account."""
    return {
        name: _provider(stack, name, account=account, environment=environment)
        for name, account in environment.accounts.items()
    }


def _provider(stack: TerraformStack, name: str, *, account: Account, environment: Environment) -> AwsProvider:
    role = [AwsProviderAssumeRole(role_arn=account.role_arn, session_name=SESSION_NAME)] if account.role_arn else None
    return AwsProvider(
        stack,
        f"aws_{name}",
        alias=name,
        region=environment.region,
        profile=account.profile,
        assume_role=role,
        allowed_account_ids=[account.id],
        default_tags=[AwsProviderDefaultTags(tags=naming.default_tags(environment.name))],
    )
