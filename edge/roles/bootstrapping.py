"""What `edge bootstrap` calls: as far as AWS lets that be bound, this state's bucket and this environment's roles.

Whoever may write a role's policies has every permission that they may give: lend this to people, and to no pipeline.
"""

from collections.abc import Sequence

from edge.roles.documents import Statement
from edge.roles.github_provider import PROVIDER
from edge.roles.home import Home, everything
from edge.roles.role_names import role_name
from edge.roles.state import account_of_state
from environments.platforms import ExistingPlatform

_SETTINGS = ("BucketOwnershipControls", "BucketPolicy", "BucketPublicAccessBlock", "BucketVersioning")


def statements(home: Home, zones: Sequence[str]) -> list[Statement]:
    """Let somebody make the bucket, where this account holds it, and the roles; and find the ids that roles name."""
    return [*_bucket(home), *_ids(home, zones), *_roles(home)]


def _bucket(home: Home) -> list[Statement]:
    backend = home.environment.backend
    if backend is None or account_of_state(home.environment) != home.account:
        return []
    settings = tuple(f"s3:{verb}{setting}" for setting in _SETTINGS for verb in ("Get", "Put"))
    encryption = ("s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration")
    return [
        Statement(
            sid="MakeBucket",
            actions=("s3:CreateBucket", "s3:ListBucket", *settings, *encryption),
            resources=(home.global_arn("s3", backend.bucket),),
        )
    ]


def _ids(home: Home, zones: Sequence[str]) -> list[Statement]:
    platform = home.environment.platform
    searches = ["route53:ListHostedZones"] if any(not home.environment.zones[zone].create for zone in zones) else []
    if isinstance(platform, ExistingPlatform) and platform.account == home.account:
        searches.append("ec2:DescribeSecurityGroups")
        if platform.user_pool:
            searches.append("cognito-idp:ListUserPools")
    return [everything("FindIds", *searches)] if searches else []


def _roles(home: Home) -> list[Statement]:
    names = [role_name(home.environment.name, "deploy"), role_name(home.environment.name, "plan")]
    policies = [home.global_arn("iam", f"policy/{name}-*", owned=True) for name in names]
    managed = home.environment.managed
    bounds = managed.settings.instances.permissions_boundary if managed else None
    boundary = [home.global_arn("iam", f"policy/{bounds}", owned=True)] if bounds else []
    here = boundary if managed and managed.settings.account == home.account else []
    roles = tuple(home.global_arn("iam", f"role/{name}", owned=True) for name in names)
    return [
        Statement(
            sid="MakeProvider",
            actions=(
                "iam:AddClientIDToOpenIDConnectProvider",
                "iam:CreateOpenIDConnectProvider",
                "iam:GetOpenIDConnectProvider",
            ),
            resources=(home.global_arn("iam", f"oidc-provider/{PROVIDER}", owned=True),),
        ),
        Statement(
            sid="MakePolicies",
            actions=(
                "iam:CreatePolicy",
                "iam:CreatePolicyVersion",
                "iam:DeletePolicyVersion",
                "iam:GetPolicy",
                "iam:GetPolicyVersion",
                "iam:ListPolicyVersions",
            ),
            resources=(*policies, *here),
        ),
        Statement(
            sid="MakeRoles",
            actions=("iam:CreateRole", "iam:GetRole", "iam:ListAttachedRolePolicies", "iam:UpdateAssumeRolePolicy"),
            resources=roles,
        ),
        Statement(
            sid="AttachPolicies",
            actions=("iam:AttachRolePolicy", "iam:DetachRolePolicy"),
            resources=roles,
            conditions={"ArnLike": {"iam:PolicyARN": tuple(policies)}},
        ),
    ]
