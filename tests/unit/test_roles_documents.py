"""The policy documents of every shape of environment: their limits, and what each shape leaves out."""

import re

import pytest

from edge.roles.documents import MANAGED_POLICY_MAX_CHARACTERS, Statement, characters, document, documents
from edge.roles.roles import roles
from environments.checked import Environment
from tests.support.authorization.evaluator import Request, Value, allows
from tests.support.authorization.examples import EXAMPLES, ids_of, roles_of
from tests.support.files import ROOT, environment, prod

IDS = ids_of(EXAMPLES["prod"])


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_every_document_is_within_awss_limit_and_no_sid_stands_twice(example: Environment) -> None:
    for role in roles_of(example).values():
        for item in role.documents:
            assert characters(item) <= MANAGED_POLICY_MAX_CHARACTERS
            sids = [statement["Sid"] for statement in item["Statement"]]
            assert len(set(sids)) == len(sids)


def test_a_long_statement_is_divided_and_says_the_same() -> None:
    names = tuple(f"{'x' * 50}{number}.getorcha.com" for number in range(200))
    key = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
    long = Statement(
        sid="Hosts",
        actions=("route53:ChangeResourceRecordSets",),
        resources=("arn:aws:route53:::hostedzone/Z1",),
        conditions={"ForAllValues:StringEquals": {key: names}, "Null": {key: "false"}},
    )
    parts = documents([long])
    assert len(parts) > 1
    assert max(map(characters, parts)) <= MANAGED_POLICY_MAX_CHARACTERS < characters(document([long]))
    statements = [item for part in parts for item in part["Statement"]]
    for name, allowed in ((names[0], True), (names[-1], True), ("www.getorcha.com", False)):
        asked = Request.of(long.actions[0], long.resources[0], {key: (name,)})
        assert allows(statements, asked) is allowed


def test_an_account_that_nothing_is_asked_of_has_no_role() -> None:
    content = prod()
    content["accounts"]["spare"] = {"id": "555555555555", "profile": "spare"}
    assert {role.account for role in roles(environment(content), IDS)} == {"prod", "management"}


def test_a_state_in_a_file_asks_nothing_of_s3() -> None:
    statements = [statement for role in roles_of(EXAMPLES["local state"]).values() for statement in role.statements]
    assert not [statement for statement in statements if any(action.startswith("s3:") for action in statement.actions)]


def test_a_state_in_another_account_is_reached_from_there_alone() -> None:
    derived = roles_of(EXAMPLES["state elsewhere, no service"])
    found = {
        account
        for (account, _), role in derived.items()
        if any(statement.sid == "ReadState" for statement in role.statements)
    }
    assert found == {"management"}


def test_logs_are_deleted_only_where_the_file_takes_their_protection_away() -> None:
    for name, deleted in (("staging", False), ("bare managed", True)):
        sids = {statement.sid for statement in roles_of(EXAMPLES[name])["staging", "deploy"].statements}
        assert ("DeleteLogs" in sids) is deleted


def test_only_the_roles_that_plan_may_verify() -> None:
    asked = {
        "prod": ("ec2:DescribeInstances", "elasticloadbalancing:DescribeTargetHealth"),
        "management": ("route53:ListHostedZonesByName",),
    }
    derived = roles_of(EXAMPLES["prod"])
    for account, actions in asked.items():
        for task, allowed in (("plan", True), ("deploy", False)):
            statements = [statement.as_json() for statement in derived[account, task].statements]
            assert {allows(statements, Request.of(action, "*")) for action in actions} == {allowed}


def test_without_services_there_is_nothing_to_verify_and_without_a_login_no_pools() -> None:
    added = {name: _added_to_plan(example) for name, example in EXAMPLES.items()}
    assert added["state elsewhere, no service"] == added["bare managed"] == set()
    pools = {name for name, actions in added.items() if "cognito-idp:ListUserPools" in actions}
    assert pools == {"staging"}  # who looks up another tool's pool by its name lists the pools in every role


def _added_to_plan(example: Environment) -> set[str]:
    """Find the actions that a role that plans has and the one of its account that deploys has not."""
    actions = {
        place: {action for statement in role.statements for action in statement.actions}
        for place, role in roles_of(example).items()
    }
    return {
        action
        for account, task in actions
        if task == "plan"
        for action in actions[account, "plan"] - actions[account, "deploy"]
    }


def test_the_page_names_every_statement_and_no_other() -> None:
    page = (ROOT / "docs" / "least-privilege.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[A-Z].*?) \| ", page, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row) if "=" not in row}
    statements = [
        statement
        for example in EXAMPLES.values()
        for role in roles_of(example, adopting=True).values()
        for statement in role.statements
    ]
    assert named == {re.sub(r"^(Zone|Certificates)\d+", r"\1", statement.sid) for statement in statements}


def test_every_certificate_of_a_hundred_services_may_be_requested_at_once() -> None:
    example = EXAMPLES["hundred services"]
    statements = [statement.as_json() for statement in roles_of(example)["prod", "deploy"].statements]
    tags = {"aws:RequestTag/Environment": "prod", "aws:RequestTag/ManagedBy": "orcha-edge"}
    assert sum("Request" in statement["Sid"] for statement in statements) > 1
    for service in example.services.values():
        context: dict[str, Value] = {**tags, "acm:DomainNames": service.hosts, "acm:ValidationMethod": "DNS"}
        assert allows(statements, Request.of("acm:RequestCertificate", "*", context))
