"""Attacks on the roles: tokens as GitHub signs them for a job, and the trust policies that must not take them.

The policies are evaluated here as IAM does it for StringEquals: every key of every operator must be equal to one of its
values, letter by letter, and a key that a token lacks equals nothing.
"""

from typing import Any

import pytest

from edge.roles.roles import Role, Task
from edge.roles.trust import DEPLOYING, DRIFT, REVIEWING, trust_policy
from environments.loader import load
from tests.support.workflow_files import jobs

(PROD,) = load(["prod"])
REPOSITORY = "getorcha/edge"
PROVIDER = "token.actions.githubusercontent.com"
MAIN = "refs/heads/main"
MERGE = "refs/pull/7/merge"

Token = dict[str, str]


def token(sub: str, file: str, *, at: str = MAIN, ref: str = MAIN, of: str = REPOSITORY, by: str = REPOSITORY) -> Token:
    """What a job of `by` gets: `sub` begins with its repository; its steps come from `file` of `of`, `at` a ref."""
    workflow = f"{of}/.github/workflows/{file}@{at}"
    return {"aud": "sts.amazonaws.com", "sub": f"repo:{by}:{sub}", "job_workflow_ref": workflow, "ref": ref}


def may_assume(task: Task, given: Token) -> bool:
    policy: dict[str, Any] = trust_policy(PROD, Role("prod", task, ()), REPOSITORY)
    return any(_allows(statement, given) for statement in policy["Statement"])


def _allows(statement: dict[str, Any], given: Token) -> bool:
    assert statement["Effect"] == "Allow"
    assert list(statement["Condition"]) == ["StringEquals"]
    for key, wanted in statement["Condition"]["StringEquals"].items():
        values = [wanted] if isinstance(wanted, str) else wanted
        if given.get(key.removeprefix(f"{PROVIDER}:")) not in values:
            return False
    return True


REVIEW = token("pull_request", REVIEWING, ref=MERGE)
PLAN = token(f"ref:{MAIN}", DEPLOYING)
DEPLOY = token("environment:prod", DEPLOYING)


def test_the_jobs_of_mains_workflows_are_lent_their_roles() -> None:
    """Else a policy that trusts nobody would block every attack below."""
    assert may_assume("plan", REVIEW)
    assert may_assume("plan", PLAN)
    assert may_assume("plan", token(f"ref:{MAIN}", DRIFT))
    assert may_assume("deploy", DEPLOY)


def without(given: Token, key: str) -> Token:
    return {name: value for name, value in given.items() if name != key}


ATTACKS: dict[str, tuple[Task, Token]] = {
    "the pull request's own workflow": ("plan", token("pull_request", "pull-request.yml", at=MERGE, ref=MERGE)),
    "its own copy of main's workflow": ("plan", token("pull_request", REVIEWING, at=MERGE, ref=MERGE)),
    "a copy on another branch": ("plan", token("pull_request", REVIEWING, at="refs/heads/evil", ref=MERGE)),
    "a copy under a tag named main": ("plan", token("pull_request", REVIEWING, at="refs/tags/main", ref=MERGE)),
    "a copy on a branch that begins with main": ("plan", token("pull_request", REVIEWING, at=f"{MAIN}2", ref=MERGE)),
    "a copy on a branch below main": ("plan", token("pull_request", REVIEWING, at=f"{MAIN}/x", ref=MERGE)),
    "a copy by its commit": ("plan", token("pull_request", REVIEWING, at="0" * 40, ref=MERGE)),
    "a file with such a name in a folder": ("plan", token("pull_request", f"x/{REVIEWING}", ref=MERGE)),
    "another workflow of main's": ("plan", token("pull_request", "check.yml", ref=MERGE)),
    "the review as a whole": ("plan", token("pull_request", "review.yml", ref=MERGE)),
    "another repository": ("plan", token("pull_request", REVIEWING, ref=MERGE, of="mallory/edge", by="mallory/edge")),
    "another repository that calls main's": ("plan", token("pull_request", REVIEWING, ref=MERGE, by="mallory/edge")),
    "main's, calling another repository": ("plan", token("pull_request", REVIEWING, ref=MERGE, of="mallory/edge")),
    "a repository with a longer name": ("plan", token("pull_request", REVIEWING, ref=MERGE, by="getorcha/edge-2")),
    "the same name in capitals": ("plan", token("pull_request", REVIEWING, ref=MERGE, by="GetOrcha/Edge")),
    "a pull request that calls the deploy's workflow": ("plan", token("pull_request", DEPLOYING, ref=MERGE)),
    "a branch that calls the deploy's workflow": (
        "plan",
        token("ref:refs/heads/evil", DEPLOYING, ref="refs/heads/evil"),
    ),
    "a tag that calls the deploy's workflow": ("plan", token("ref:refs/tags/main", DEPLOYING, ref="refs/tags/main")),
    "the checks on main": ("plan", token(f"ref:{MAIN}", "check.yml")),
    "the list of environments on main": ("plan", token(f"ref:{MAIN}", "deploy.yml")),
    "a review on main": ("plan", token(f"ref:{MAIN}", REVIEWING)),
    "an environment's job, to plan": ("plan", DEPLOY),
    "another audience": ("plan", REVIEW | {"aud": "https://github.com/getorcha"}),
    "no workflow in the token": ("plan", without(REVIEW, "job_workflow_ref")),
    "no subject in the token": ("plan", without(REVIEW, "sub")),
    "a pattern in the subject": ("plan", REVIEW | {"sub": f"repo:{REPOSITORY}:*"}),
    "a review, to deploy": ("deploy", REVIEW),
    "a plan, to deploy": ("deploy", PLAN),
    "drift, to deploy": ("deploy", token(f"ref:{MAIN}", DRIFT)),
    "another environment": ("deploy", token("environment:staging", DEPLOYING)),
    "an environment whose name is longer": ("deploy", token("environment:prod-eu", DEPLOYING)),
    "a workflow of the change's in the environment": (
        "deploy",
        token("environment:prod", DEPLOYING, at=MERGE, ref=MERGE),
    ),
    "another workflow of main's in the environment": ("deploy", token("environment:prod", "check.yml")),
    "a pull request that calls main's deploy": ("deploy", token("environment:prod", DEPLOYING, ref=MERGE)),
    "a branch that calls main's deploy": ("deploy", token("environment:prod", DEPLOYING, ref="refs/heads/evil")),
    "no branch in the token": ("deploy", without(DEPLOY, "ref")),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_token_of_another_job_is_lent_nothing(name: str) -> None:
    task, given = ATTACKS[name]
    assert not may_assume(task, given)


def test_the_trusted_workflows_are_those_whose_jobs_sign_in() -> None:
    signing_in = {
        file
        for file, _, job in jobs()
        if any("edge pipeline sign-in" in step.get("run", "") for step in job.get("steps", []))
    }
    assert signing_in == {REVIEWING, DEPLOYING, DRIFT}
