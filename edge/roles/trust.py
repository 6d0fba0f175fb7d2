"""Who may be a role: GitHub's workflows of one repository, kept apart by what they run for.

https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
"""

import re
from typing import Any

from edge.roles.home import Home
from edge.roles.roles import Role
from environments.checked import Environment

_PROVIDER = "token.actions.githubusercontent.com"
# GitHub's own limits: https://docs.github.com/en/rest/repos/repos. The subject of a newer repository has both ids too:
# https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,50})(?:@[0-9]+)?/[A-Za-z0-9._-]{1,100}(?:@[0-9]+)?")
BRANCH = "main"


def is_repository(name: str) -> bool:
    """Tell whether a text has the form of a repository in a token's subject: `owner/name`, with ids or without."""
    return _REPOSITORY.fullmatch(name) is not None


def trust_policy(environment: Environment, role: Role, repository: str) -> dict[str, Any]:
    """Write a role's trust policy.

    A deploy runs in the GitHub environment of the same name, which reviewers guard; a plan runs on a pull request, or
    on the main branch. Pull requests from forks get no token at all.
    """
    home = Home(environment, role.account)
    subjects = {
        "deploy": [f"repo:{repository}:environment:{environment.name}"],
        "plan": [f"repo:{repository}:pull_request", f"repo:{repository}:ref:refs/heads/{BRANCH}"],
    }[role.task]
    statement = {
        "Sid": "GitHubWorkflows",
        "Effect": "Allow",
        "Principal": {"Federated": home.global_arn("iam", f"oidc-provider/{_PROVIDER}", owned=True)},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{_PROVIDER}:aud": "sts.amazonaws.com", f"{_PROVIDER}:sub": subjects},
        },
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
