"""Who may be a role: GitHub's workflows of one repository, kept apart by what they run for and whose code they run.

The subject says what a job runs for, `job_workflow_ref` which file its steps come from, at which branch. So a pull
request, which brings workflows of its own, signs in by main's alone.
https://docs.github.com/en/actions/reference/security/oidc
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

import re
from collections.abc import Mapping
from typing import Any

from edge.roles.github_provider import AUDIENCE, PROVIDER
from edge.roles.home import Home
from edge.roles.roles import Role, Task
from environments.checked import Environment

# GitHub's own limits: https://docs.github.com/en/rest/repos/repos. The subject of a newer repository has both ids too:
# https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,50})(?:@[0-9]+)?/[A-Za-z0-9._-]{1,100}(?:@[0-9]+)?")
BRANCH = "main"
# The workflows whose jobs sign in, each called or started at main; tests/unit/workflows compares them with the files.
REVIEWING, DEPLOYING, DRIFT = "review-environment.yml", "environment.yml", "drift.yml"
_Claims = Mapping[str, str | list[str]]
_IDS = re.compile(r"@[0-9]+")


def is_repository(name: str) -> bool:
    """Tell whether a text has the form of a repository in a token's subject: `owner/name`, with ids or without."""
    return _REPOSITORY.fullmatch(name) is not None


def plain_name(repository: str) -> str:
    """Give a repository's name without the ids that a token's subject may have: `owner@1/name@2`."""
    return _IDS.sub("", repository)


def trust_policy(environment: Environment, role: Role, repository: str) -> dict[str, Any]:
    """Write a role's trust policy.

    A deploy runs in the GitHub environment of the same name, which reviewers guard, on the main branch; a plan runs
    for a pull request, or on that branch. All of them run main's workflows, which a pull request may call with its own
    inputs: so the deploy's subject, which names the environment alone, is not enough. Pull requests from forks get no
    token at all. No workflow is lent what makes the roles.
    """
    home = Home(environment, role.account)
    main = f"refs/heads/{BRANCH}"
    workflow = {
        file: f"{plain_name(repository)}/.github/workflows/{file}@{main}" for file in (REVIEWING, DEPLOYING, DRIFT)
    }
    on_main: _Claims = {
        "sub": f"repo:{repository}:ref:{main}",
        "job_workflow_ref": [workflow[DEPLOYING], workflow[DRIFT]],
    }
    in_review: _Claims = {"sub": f"repo:{repository}:pull_request", "job_workflow_ref": workflow[REVIEWING]}
    in_environment: _Claims = {
        "sub": f"repo:{repository}:environment:{environment.name}",
        "ref": main,
        "job_workflow_ref": workflow[DEPLOYING],
    }
    claims: dict[Task, list[_Claims]] = {"deploy": [in_environment], "plan": [in_review, on_main]}
    return {"Version": "2012-10-17", "Statement": [_statement(home, one) for one in claims[role.task]]}


def _statement(home: Home, claims: _Claims) -> dict[str, Any]:
    equal = {"aud": AUDIENCE, **claims}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": home.global_arn("iam", f"oidc-provider/{PROVIDER}", owned=True)},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{PROVIDER}:{claim}": value for claim, value in equal.items()}},
    }
