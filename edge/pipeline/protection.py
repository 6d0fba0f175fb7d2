"""Whether GitHub guards an environment: with reviewers, of whom none is who deploys, and main as its only branch.

AWS lends the role that deploys to what runs in the environment, and GitHub makes an environment that a job names and
that is not there, without any rule. So a job asks before it plans.
https://docs.github.com/en/rest/deployments/environments#get-an-environment
"""

from collections.abc import Iterator
from typing import Any

from edge.pipeline.api import Repository
from edge.pipeline.errors import GitHubError
from edge.roles.github_environment import commands
from edge.roles.trust import BRANCH


def demand(repository: Repository, environment: str) -> None:
    """Raise GitHubError with everything that is missing, and the commands that set it."""
    if missing := list(_missing(repository, environment)):
        lines = [f"GitHub does not guard the environment {environment}: {', '.join(missing)}. Set it with"]
        raise GitHubError("\n".join([*lines, *commands(repository.name, environment)]))


def _missing(repository: Repository, environment: str) -> Iterator[str]:
    found = repository.find(f"environments/{environment}")
    if found is None:
        yield "there is none of that name"
        return
    reviews: list[dict[str, Any]] = [
        rule for rule in found.get("protection_rules") or [] if rule.get("type") == "required_reviewers"
    ]
    if not any(rule.get("reviewers") for rule in reviews):
        yield "nobody has to review a deployment"
    elif not all(rule.get("prevent_self_review") is True for rule in reviews):
        yield "who starts a deployment may review it"
    if _branches(repository, environment, found) != [("branch", BRANCH)]:
        yield f"other branches than {BRANCH} may deploy"


def _branches(repository: Repository, environment: str, found: dict[str, Any]) -> list[tuple[str, str]]:
    """List what may deploy, as kind and name; nothing where no list of names decides it."""
    if not (found.get("deployment_branch_policy") or {}).get("custom_branch_policies"):
        return []
    answer = repository.get(f"environments/{environment}/deployment-branch-policies")
    return [(str(policy.get("type", "branch")), str(policy["name"])) for policy in answer["branch_policies"]]
