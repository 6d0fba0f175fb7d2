"""What IAM decides of a request by a role's policies: an explicit deny, else a statement that allows, else no.

After https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html, and for conditions
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html. It knows what the
policies here use, and refuses to decide anything else, so that no condition passes for want of knowing it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from typing import Any

Value = str | tuple[str, ...]
Statement = Mapping[str, Any]


class UnknownError(Exception):
    """A policy says something that this evaluator does not know."""


@dataclass(frozen=True)
class Request:
    """What IAM is asked: an action on one ARN (or `*`), with the context's keys; a key of several values is a tuple."""

    action: str
    resource: str
    context: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, action: str, resource: str, context: Mapping[str, Value] | None = None) -> "Request":
        return cls(action, resource, tuple(sorted((context or {}).items())))

    def __str__(self) -> str:
        return f"{self.action} on {self.resource} with {dict(self.context)}"


def allows(statements: Iterable[Statement], request: Request) -> bool:
    """Tell whether statements together allow a request."""
    matching = [statement for statement in statements if applies(statement, request)]
    return bool(matching) and all(item["Effect"] == "Allow" for item in matching)


def applies(statement: Statement, request: Request) -> bool:
    """Tell whether a statement is about a request: its action, its resource, and every condition."""
    unknown = statement.keys() - {"Sid", "Effect", "Action", "Resource", "Condition"}
    if unknown or statement["Effect"] not in {"Allow", "Deny"}:
        raise UnknownError(f"{statement.get('Sid')}: {unknown or statement['Effect']}")
    context = {key.lower(): value for key, value in request.context}
    return (
        any(_like(pattern.lower(), request.action.lower()) for pattern in _listed(statement["Action"]))
        and any(_like(pattern, request.resource) for pattern in _listed(statement["Resource"]))
        and all(
            _holds(operator, key, _listed(wanted), context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    if "${" in pattern:
        raise UnknownError(f"{pattern}: a policy variable")
    return re.compile(translate(pattern.replace("[", "[[]")))


def _like(pattern: str, value: str) -> bool:
    return _pattern(pattern).match(value) is not None


def _arn_like(pattern: str, arn: str) -> bool:
    """Compare six parts one by one: a wildcard reaches over no colon but those of the last part."""
    parts, wanted = arn.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(wanted) == 6 and all(map(_like, wanted, parts))


# Each tells whether one value of the context fits one of the policy's.
_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, value: wanted == value,
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": lambda wanted, value: wanted.lower() == value.lower(),
}
_FORM = re.compile(r"(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?")


def _holds(operator: str, key: str, wanted: list[str], context: Mapping[str, Value]) -> bool:
    value = context.get(key.lower())
    if operator == "Null":
        return wanted == [str(value is None).lower()]
    form = _FORM.fullmatch(operator)
    if form is None or form[2] not in _OPERATORS:
        raise UnknownError(f"the operator {operator}")
    fits = _OPERATORS[form[2]]
    if value is None:
        return bool(form[3]) or form[1] == "ForAllValues"
    if form[1] is None and not isinstance(value, str):
        raise UnknownError(f"{operator} of {key}, which has several values; say which with ForAllValues or ForAnyValue")
    values = [value] if isinstance(value, str) else list(value)
    quantifier = any if form[1] == "ForAnyValue" else all
    return quantifier(any(fits(item, one) for item in wanted) for one in values)
