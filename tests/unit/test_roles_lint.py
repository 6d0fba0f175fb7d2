"""Every statement of every shape of environment by AWS's reference, and that the linter finds what is wrong."""

import pytest

from edge.roles.documents import Conditions, Statement
from environments.checked import Environment
from tests.support.authorization import lint, reference
from tests.support.authorization.examples import EXAMPLES, roles_of

ZONE = "arn:aws:route53:::hostedzone/Z1"


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_nothing_is_wrong_with_any_statement(example: Environment) -> None:
    statements = [statement for role in roles_of(example).values() for statement in role.statements]
    assert statements
    assert [fault for statement in statements for fault in lint.faults(statement)] == []


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_the_roles_that_plan_have_no_action_that_writes(example: Environment) -> None:
    planned = [role for (_, task), role in roles_of(example).items() if task == "plan"]
    actions = {action for role in planned for statement in role.statements for action in statement.actions}
    assert actions
    assert [action for action in sorted(actions) if reference.is_write(action)] == []


@pytest.mark.parametrize(
    ("action", "resource", "conditions", "fault"),
    [
        ("route53:ChangeResourceRecordSets", "*", {}, "has resource-level permissions, and stands on *"),
        ("route53:ChangeResourceRecordSets", "arn:aws:s3:::b", {}, "is authorized on hostedzone"),
        ("route53:ListHostedZones", ZONE, {}, "is authorized on * alone"),
        ("route53:GetHostedZone", ZONE, {"StringEquals": {"acm:DomainNames": "x"}}, "has no key acm:DomainNames"),
        (
            "acm:RequestCertificate",
            "*",
            {"StringEquals": {"acm:DomainNames": "x"}},
            "acm:DomainNames has several values, and StringEquals compares one",
        ),
    ],
)
def test_a_wrong_statement_is_found(action: str, resource: str, conditions: Conditions, fault: str) -> None:
    wrong = Statement(sid="Wrong", actions=(action,), resources=(resource,), conditions=conditions)
    assert fault in "\n".join(lint.faults(wrong))


@pytest.mark.parametrize("action", ["route53:ChangeRecords", "elbv2:CreateRule"])
def test_an_action_that_does_not_exist_is_refused(action: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        lint.faults(Statement(sid="Wrong", actions=(action,), resources=("*",)))
