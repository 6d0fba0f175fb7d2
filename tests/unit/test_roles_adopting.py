"""`--adopting`: what a deploy may do more after an adoption, and what `edge bootstrap` may, and nothing besides."""

import json
import sys
from collections.abc import Iterator, Mapping
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws

from edge.__main__ import main
from edge.prerequisites import command
from edge.roles.roles import Role, roles
from tests.support.authorization.evaluator import Request, Value, allows, applies
from tests.support.authorization.examples import EXAMPLES, ids_of
from tests.support.authorization.translation import World
from tests.support.two_accounts import Accounts

PROD = EXAMPLES["prod"]
ELB, EC2 = (f"arn:aws:{name}:eu-central-1:111111111111" for name in ("elasticloadbalancing", "ec2"))
GROUP = f"{ELB}:targetgroup/v1-orcha-link-tg/1"
RULE = f"{ELB}:listener-rule/app/v1-orcha-alb/1/2/3"
PORT = f"{EC2}:security-group-rule/sgr-1"
MADE = {"aws:RequestTag/Environment": "prod", "aws:RequestTag/ManagedBy": "orcha-edge"}
OTHERS = {"aws:ResourceTag/Environment": "shop"}


def derived(*, adopting: bool) -> dict[tuple[str, str], Role]:
    return {(role.account, role.task): role for role in roles(PROD, ids_of(PROD), adopting=adopting)}


def may(action: str, resource: str, context: Mapping[str, Value], *, adopting: bool = True) -> bool:
    statements = [one.as_json() for one in derived(adopting=adopting)["prod", "deploy"].statements]
    return allows(statements, Request.of(action, resource, context))


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("elasticloadbalancing:AddTags", GROUP, MADE),
        ("elasticloadbalancing:AddTags", RULE, MADE),
        ("ec2:CreateTags", PORT, MADE),
    ],
)
def test_what_carries_no_environments_tags_may_be_tagged_only_after_an_adoption(
    action: str, resource: str, context: dict[str, Value]
) -> None:
    assert may(action, resource, context)
    assert not may(action, resource, context, adopting=False)
    assert not may(action, resource, {**context, **OTHERS})


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("elasticloadbalancing:AddTags", GROUP, {}),
        ("elasticloadbalancing:AddTags", GROUP, {**MADE, "aws:RequestTag/Environment": "shop"}),
        ("elasticloadbalancing:AddTags", f"{ELB}:targetgroup/other-tg/1", MADE),
        ("elasticloadbalancing:AddTags", f"{ELB}:listener-rule/app/other/1/2/3", MADE),
        ("elasticloadbalancing:DeleteTargetGroup", GROUP, {}),
        ("elasticloadbalancing:DeleteRule", RULE, {}),
        ("elasticloadbalancing:ModifyTargetGroup", GROUP, {}),
        ("elasticloadbalancing:RemoveTags", GROUP, {}),
        ("ec2:CreateTags", f"{EC2}:instance/i-1", MADE),
        ("ec2:RevokeSecurityGroupIngress", PORT, {}),
    ],
)
def test_nothing_else_may(action: str, resource: str, context: dict[str, Value]) -> None:
    assert not may(action, resource, context)


def test_without_the_option_the_roles_are_as_before() -> None:
    assert derived(adopting=False) == {(role.account, role.task): role for role in roles(PROD, ids_of(PROD))}
    assert {task for _, task in derived(adopting=False)} == {"deploy", "plan"}


def test_no_workflow_is_lent_what_makes_the_roles(capsys: pytest.CaptureFixture[str]) -> None:
    ids = [f"--id={name}={id}" for name, id in ids_of(PROD).items()]
    assert main(["roles", "prod", "--adopting", "--repository=getorcha/edge", *ids]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {account: list(tasks["bootstrap"]) for account, tasks in printed.items()} == {
        "prod": ["policy-1"],
        "management": ["policy-1"],
    }
    assert "trust" in printed["prod"]["deploy"]


# What `edge bootstrap` calls


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    monkeypatch.setattr(sys, "stdin", StringIO())
    with mock_aws():
        made = Accounts()
        monkeypatch.setattr(command, "client_of", lambda _: made)
        yield made


def change_by_hand(accounts: Accounts) -> None:
    """Leave something to replace of every kind, with as many versions of a policy as AWS keeps."""
    iam = accounts("iam", "111111111111", "us-east-1")
    wide = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})
    policy, role = "arn:aws:iam::111111111111:policy/orcha-edge-prod-plan-{}", "orcha-edge-prod-plan"
    for _ in range(4):
        iam.create_policy_version(PolicyArn=policy.format(1), PolicyDocument=wide, SetAsDefault=True)
    iam.create_policy(PolicyName="orcha-edge-prod-plan-9", PolicyDocument=wide)
    iam.attach_role_policy(RoleName=role, PolicyArn=policy.format(9))
    nobody = {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": nobody})
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust)


def serve_somebody_alone(accounts: Accounts) -> None:
    """Let GitHub's provider stand, but not for AWS; moto does not know the call that adds AWS."""
    iam = accounts("iam", "222222222222", "us-east-1")
    url = "https://token.actions.githubusercontent.com"
    iam.create_open_id_connect_provider(Url=url, ClientIDList=["somebody"], ThumbprintList=["0" * 40])
    name = "before-call.iam.AddClientIDToOpenIDConnectProvider"
    iam.meta.events.register(name, lambda **_: (SimpleNamespace(status_code=200), {}))


def test_the_role_that_bootstraps_may_call_all_that_bootstrap_calls_and_no_more(accounts: Accounts) -> None:
    ids = [f"--id={name}={id}" for name, id in ids_of(PROD).items()]
    options = ["bootstrap", "prod", "--roles", "--repository=getorcha/edge", *ids]
    serve_somebody_alone(accounts)
    recorded: list[Any] = []
    accounts.recorded.clear()
    assert main([*options, "--yes"]) == 0
    recorded += accounts.recorded
    change_by_hand(accounts)
    accounts.recorded.clear()
    assert main([*options, "--yes", "--replace"]) == 0
    recorded += accounts.recorded
    names = {account.id: name for name, account in PROD.accounts.items()}
    by_role = derived(adopting=True)
    used, refused = set(), []
    for call in recorded:
        role = by_role[names[call.account], "bootstrap"]
        for request in World().requests(call):
            sids = [one.sid for one in role.statements if applies(one.as_json(), request)]
            used |= {(sid, request.action) for sid in sids}
            refused += [] if sids else [f"{call}: {request}"]
    assert refused == []
    allowed = {
        (one.sid, action)
        for role in by_role.values()
        for one in role.statements
        for action in one.actions
        if role.task == "bootstrap"
    }
    looked_up = {("FindIds", action) for action in ("route53:ListHostedZones", "ec2:DescribeSecurityGroups")}
    assert allowed - used == looked_up  # here by --id; edge/roles/ids.py asks for them otherwise
