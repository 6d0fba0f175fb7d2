"""Who may be a role: GitHub's workflows of one repository, told apart by what they run for and whose code they run.

The subject says what a job runs for, `job_workflow_ref` which file its steps come from, at which branch. So a pull
request, which brings workflows of its own, signs in by main's alone.
https://docs.github.com/en/actions/reference/security/oidc
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
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
# The workflows whose jobs sign in, each called or started at main; tests/unit/workflows compares them with the files.
REVIEWING, DEPLOYING, DRIFT = "review-environment.yml", "environment.yml", "drift.yml"
_IDS = re.compile(r"@[0-9]+")


def is_repository(name: str) -> bool:
    """Tell whether a text has the form of a repository in a token's subject: `owner/name`, with ids or without."""
    return _REPOSITORY.fullmatch(name) is not None


def plain_name(repository: str) -> str:
    """Give a repository's name without the ids that a token's subject may have: `owner@1/name@2`."""
    return _IDS.sub("", repository)


def trust_policy(environment: Environment, role: Role, repository: str) -> dict[str, Any]:
    """Write a role's trust policy.

    A deploy runs in the GitHub environment of the same name, which reviewers guard; a plan runs for a pull request, or
    on the main branch. All of them run main's workflows. Pull requests from forks get no token at all.
    """
    home = Home(environment, role.account)
    on_main = [(f"repo:{repository}:ref:refs/heads/{BRANCH}", [DEPLOYING, DRIFT])]
    lent = {
        "deploy": [(f"repo:{repository}:environment:{environment.name}", [DEPLOYING])],
        "plan": [(f"repo:{repository}:pull_request", [REVIEWING]), *on_main],
    }[role.task]
    statements = [_statement(home, subject, files, plain_name(repository)) for subject, files in lent]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(home: Home, subject: str, files: list[str], repository: str) -> dict[str, Any]:
    workflows = [f"{repository}/.github/workflows/{file}@refs/heads/{BRANCH}" for file in files]
    return {
        "Effect": "Allow",
        "Principal": {"Federated": home.global_arn("iam", f"oidc-provider/{_PROVIDER}", owned=True)},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{_PROVIDER}:aud": "sts.amazonaws.com",
                f"{_PROVIDER}:sub": subject,
                f"{_PROVIDER}:job_workflow_ref": workflows,
            },
        },
    }
