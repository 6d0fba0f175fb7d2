"""A deploy cannot make the instances' role stronger than its boundary, nor the boundary itself."""

import json
from pathlib import Path

import pytest

from edge.__main__ import main
from environments.checked import Environment
from tests.support.authorization import reference
from tests.support.authorization.evaluator import Request, allows
from tests.support.authorization.examples import roles_of
from tests.support.files import environment, managed

ACCOUNT = "arn:aws:iam::333333333333"
ROLE = f"{ACCOUNT}:role/v1-orcha-staging-ec2"
BOUNDARY = f"{ACCOUNT}:policy/v1-orcha-staging-instances-boundary"
BOUNDED = ["CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy"]


def staging(boundary: str | None = BOUNDARY.rpartition("/")[2]) -> Environment:
    content = managed()
    content["platform"]["instances"]["permissions_boundary"] = boundary
    return environment(content, "staging")


def may(environment: Environment, verb: str, resource: str = ROLE, boundary: str | None = None) -> bool:
    action = f"iam:{verb}"
    assert resource == "*" or reference.type_of(action, resource) is not None
    statements = [statement.as_json() for statement in roles_of(environment)["staging", "deploy"].statements]
    context = {"iam:PermissionsBoundary": boundary} if boundary else {}
    return allows(statements, Request.of(action, resource, context))


@pytest.mark.parametrize("verb", BOUNDED)
def test_the_role_is_made_and_given_permissions_under_the_boundary_alone(verb: str) -> None:
    assert may(staging(), verb, boundary=BOUNDARY)
    assert not may(staging(), verb)
    assert not may(staging(), verb, boundary="arn:aws:iam::aws:policy/AdministratorAccess")
    assert not may(staging(), verb, ROLE.replace("ec2", "other"), BOUNDARY)


@pytest.mark.parametrize(
    "verb", ["CreatePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicy"]
)
def test_nobody_who_deploys_may_change_the_boundary(verb: str) -> None:
    assert not may(staging(), verb, BOUNDARY)


@pytest.mark.parametrize("verb", ["AttachRolePolicy", "DeleteRolePermissionsBoundary", "UpdateAssumeRolePolicy"])
def test_what_would_lead_around_the_boundary_is_not_allowed(verb: str) -> None:
    assert not may(staging(), verb, boundary=BOUNDARY)
    assert not may(staging(), verb)


def test_edge_roles_writes_the_boundary_and_says_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["roles", "staging", "--id=getorcha.com=Z1", f"--write={tmp_path}"]) == 0
    written = json.loads((tmp_path / "staging-boundary-policy.json").read_text(encoding="utf-8"))
    assert {statement["Sid"] for statement in written["Statement"]} == {
        "MakeChannel",
        "PullImages",
        "Report",
        "SignInToRegistry",
        "UseChannels",
    }
    assert "may give the instances' role any permission" not in capsys.readouterr().err
    monkeypatch.setattr("edge.roles.command.load", lambda _: [staging(boundary=None)])
    assert main(["roles", "staging", "--id=getorcha.com=Z1"]) == 0
    printed = capsys.readouterr()
    assert "boundary" not in json.loads(printed.out)["staging"]
    assert "name the policy that bounds it in platform.instances.permissions_boundary" in printed.err


def test_the_boundary_is_the_policy_of_the_role(
    tmp_path: Path, managed_stack: dict[str, dict[str, dict[str, object]]]
) -> None:
    main(["roles", "staging", "--id=getorcha.com=Z1", f"--write={tmp_path}"])
    written = json.loads((tmp_path / "staging-boundary-policy.json").read_text(encoding="utf-8"))
    policy = managed_stack["resource"]["aws_iam_role_policy"]["instances"]
    assert isinstance(policy, dict)
    assert json.loads(policy["policy"]) == written
