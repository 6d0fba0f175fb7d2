"""The evaluator of policies: each operator as AWS documents it, with a key that is there, is not, or has several."""

from typing import Any

import pytest

from tests.support.authorization.evaluator import Request, UnknownError, Value, allows

ARN = "arn:aws:route53:::hostedzone/Z1"


def statement(**changed: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": ["route53:Get*"], "Resource": [ARN], **changed}


def request(action: str = "route53:GetHostedZone", resource: str = ARN) -> Request:
    return Request.of(action, resource)


def within(**context: Value) -> Request:
    """Ask in a context whose keys are written with an underscore for the colon."""
    return Request.of("route53:GetHostedZone", ARN, {key.replace("_", ":"): value for key, value in context.items()})


def test_nothing_is_allowed_without_a_statement() -> None:
    assert not allows([], request())


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (request(), True),
        (request("ROUTE53:gethostedzone"), True),
        (request("route53:ListHostedZones"), False),
        (request(resource="arn:aws:route53:::hostedzone/Z2"), False),
        (request(resource=ARN.lower()), False),
    ],
    ids=["same", "an action's case", "another action", "another resource", "a resource's case"],
)
def test_action_and_resource_are_compared(asked: Request, allowed: bool) -> None:
    assert allows([statement()], asked) is allowed


def test_a_deny_wins() -> None:
    deny = statement(Effect="Deny", Condition={"StringEquals": {"k:a": "x"}})
    assert not allows([statement(), deny], within(k_a="x"))
    assert allows([statement(), deny], within(k_a="y"))


@pytest.mark.parametrize(
    ("condition", "context", "holds"),
    [
        ({"StringEquals": {"k:a": "x"}}, {"k_a": "x"}, True),
        ({"StringEquals": {"K:A": ["w", "x"]}}, {"k_a": "x"}, True),
        ({"StringEquals": {"k:a": "x"}}, {"k_a": "X"}, False),
        ({"StringEquals": {"k:a": "*"}}, {"k_a": "x"}, False),
        ({"StringEquals": {"k:a": "x"}}, {}, False),
        ({"StringEqualsIfExists": {"k:a": "x"}}, {}, True),
        ({"StringEqualsIfExists": {"k:a": "x"}}, {"k_a": "y"}, False),
        ({"StringLike": {"k:a": "_*.a.b"}}, {"k_a": "_1.a.b"}, True),
        ({"StringLike": {"k:a": "_*.a.b"}}, {"k_a": "x.a.b"}, False),
        ({"StringLike": {"k:a": "a?c"}}, {"k_a": "abc"}, True),
        ({"StringLike": {"k:a": "[a]*"}}, {"k_a": "ab"}, False),
        ({"StringLike": {"k:a": "\\052.a"}}, {"k_a": "\\052.a"}, True),
        ({"Bool": {"k:a": "true"}}, {"k_a": "True"}, True),
        ({"Bool": {"k:a": "true"}}, {"k_a": "false"}, False),
        ({"ArnLike": {"k:a": "arn:aws:sns:*:1:*"}}, {"k_a": "arn:aws:sns:r:1:t:s"}, True),
        ({"ArnLike": {"k:a": "arn:aws:sns:*:t"}}, {"k_a": "arn:aws:sns:r:1:t"}, False),
        ({"ArnEquals": {"k:a": "arn:aws:iam::aws:policy/P"}}, {"k_a": "arn:aws:iam::aws:policy/P"}, True),
        ({"Null": {"k:a": "false"}}, {"k_a": "x"}, True),
        ({"Null": {"k:a": "false"}}, {}, False),
        ({"Null": {"k:a": "true"}}, {}, True),
        ({"ForAllValues:StringEquals": {"k:a": ["x", "y"]}}, {"k_a": ("x", "y")}, True),
        ({"ForAllValues:StringEquals": {"k:a": ["x"]}}, {"k_a": ("x", "y")}, False),
        ({"ForAllValues:StringEquals": {"k:a": ["x"]}}, {"k_a": ()}, True),
        ({"ForAllValues:StringEquals": {"k:a": ["x"]}}, {}, True),
        ({"ForAnyValue:StringEquals": {"k:a": ["x"]}}, {"k_a": ("x", "y")}, True),
        ({"ForAnyValue:StringEquals": {"k:a": ["x"]}}, {"k_a": ("y",)}, False),
        ({"ForAnyValue:StringEquals": {"k:a": ["x"]}}, {}, False),
        ({"StringEquals": {"k:a": "x", "k:b": "y"}}, {"k_a": "x"}, False),
        ({"StringEquals": {"k:a": "x"}, "Null": {"k:b": "true"}}, {"k_a": "x"}, True),
    ],
)
def test_a_condition_holds(condition: dict[str, Any], context: dict[str, Value], holds: bool) -> None:
    assert allows([statement(Condition=condition)], within(**context)) is holds


@pytest.mark.parametrize(
    ("output", "context"),
    [
        (statement(Condition={"DateLessThan": {"k:a": "2030-01-01"}}), {"k_a": "2026-01-01"}),
        (statement(Condition={"ForSomeValues:StringEquals": {"k:a": "x"}}), {"k_a": "x"}),
        (statement(Condition={"StringLike": {"k:a": "${aws:username}"}}), {"k_a": "x"}),
        (statement(Condition={"StringEquals": {"k:a": "x"}}), {"k_a": ("x", "y")}),
        (statement(NotAction=["s3:*"]), {}),
        (statement(Effect="allow"), {}),
    ],
    ids=["operator", "quantifier", "variable", "many values compared as one", "element", "effect"],
)
def test_what_is_not_known_is_not_decided(output: dict[str, Any], context: dict[str, Value]) -> None:
    with pytest.raises(UnknownError):
        allows([output], within(**context))
