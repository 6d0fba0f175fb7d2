"""What the roles may do for sign-ins: read exactly the named parameters, and nothing of Cognito that nobody uses."""

import copy
from typing import Any

import pytest

from environments.checked import Environment
from tests.support.authorization.evaluator import Request, Value, allows
from tests.support.authorization.examples import EXAMPLES, roles_of
from tests.support.files import environment, managed
from tests.unit.properties.right_sign_ins import OIDC

EVERYTHING = EXAMPLES["everything"]
HOME = "111111111111"
NAME = "/orcha/prod/board/oidc-client-secret"
TASKS = ("deploy", "plan")


def arn(name: str = NAME, account: str = HOME, region: str = "eu-central-1") -> str:
    return f"arn:aws:ssm:{region}:{account}:parameter{name}"


def may(action: str, resource: str, task: str, context: dict[str, Value], example: Environment = EVERYTHING) -> bool:
    role = roles_of(example)[example.platform.account, task]
    return allows([statement.as_json() for statement in role.statements], Request.of(action, resource, context))


@pytest.mark.parametrize("task", TASKS)
def test_both_roles_read_the_named_parameter_and_no_other(task: str) -> None:
    assert may("ssm:GetParameter", arn(), task, {})
    others = [arn(f"{NAME}-2"), arn("/orcha/prod/board"), arn(account="999999999999"), arn(region="us-east-1")]
    assert [other for other in others if may("ssm:GetParameter", other, task, {})] == []
    assert not may("ssm:GetParametersByPath", arn("/orcha"), task, {})
    assert not may("ssm:PutParameter", arn(), task, {})


@pytest.mark.parametrize("task", TASKS)
def test_a_key_decrypts_that_parameter_alone(task: str) -> None:
    key, context = f"arn:aws:kms:eu-central-1:{HOME}:key/1", "kms:EncryptionContext:PARAMETER_ARN"
    assert may("kms:Decrypt", key, task, {context: arn()})
    assert not may("kms:Decrypt", key, task, {context: arn("/other")})
    assert not may("kms:Decrypt", key, task, {})
    assert not may("kms:Decrypt", key.replace(HOME, "999999999999"), task, {context: arn()})


def test_without_an_oidc_service_no_role_reads_a_parameter_or_decrypts() -> None:
    for name in ("prod", "staging"):
        actions = {
            action
            for role in roles_of(EXAMPLES[name]).values()
            for statement in role.statements
            for action in statement.actions
        }
        assert not {"ssm:GetParameter", "kms:Decrypt"} & actions


def test_a_managed_platform_that_signs_in_by_oidc_alone_lists_no_clients() -> None:
    content: dict[str, Any] = copy.deepcopy(managed())
    del content["services"]["admin"]["login"]
    content["services"]["admin"]["sign_in"] = OIDC
    example = environment(content, "staging")
    sids = {statement.sid for statement in roles_of(example)["staging", "plan"].statements}
    assert "VerifyLogin" not in sids
    assert "ReadClientSecrets" in sids
