"""The user pool, whose id AWS chooses: bound by its tags."""

from edge.roles.documents import Statement
from edge.roles.home import Home, everything


def pools(home: Home) -> tuple[str]:
    """Write the ARN of every user pool; conditions say which is meant."""
    return (home.arn("cognito-idp", "userpool/*"),)


def reads(home: Home) -> list[Statement]:
    """Let a plan read it; a domain of sign-in pages has no ARN."""
    actions = ("cognito-idp:DescribeUserPool", "cognito-idp:GetUserPoolMfaConfig")
    return [
        everything("FindSignInPages", "cognito-idp:DescribeUserPoolDomain"),
        Statement(sid="ReadUserPool", actions=actions, resources=pools(home)),
    ]


def writes(home: Home) -> list[Statement]:
    """Let a deploy make, change and remove it, with its domain; `*`, since a pool has no ARN before it is made."""
    return [
        Statement(
            sid="MakeUserPool",
            actions=("cognito-idp:CreateUserPool",),
            resources=("*",),
            conditions=home.made_ours,
        ),
        Statement(
            sid="TagNewUserPool",
            actions=("cognito-idp:TagResource",),
            resources=pools(home),
            conditions=home.made_ours,
        ),
        Statement(
            sid="ChangeUserPool",
            actions=(
                "cognito-idp:CreateUserPoolDomain",
                "cognito-idp:DeleteUserPool",
                "cognito-idp:DeleteUserPoolDomain",
                "cognito-idp:SetUserPoolMfaConfig",
                "cognito-idp:UpdateUserPool",
            ),
            resources=pools(home),
            conditions=home.ours,
        ),
    ]
