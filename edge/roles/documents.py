"""Policy documents: statements, and how many of them AWS takes at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

# Without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MANAGED_POLICY_MAX_CHARACTERS = 6144
INLINE_POLICIES_MAX_CHARACTERS = 10_240
# The default quota, which AWS raises to 20: https://repost.aws/knowledge-center/iam-increase-policy-size
POLICIES_PER_ROLE = 10

Conditions = Mapping[str, Mapping[str, str | tuple[str, ...]]]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement that allows: what, on which ARNs, and under which conditions. `sid` says what it is for."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Write it as IAM reads it."""
        written: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": sorted(self.actions),
            "Resource": sorted(self.resources),
        }
        return written | ({"Condition": _plain(self.conditions)} if self.conditions else {})


def _plain(conditions: Conditions) -> dict[str, dict[str, Any]]:
    return {
        operator: {key: value if isinstance(value, str) else sorted(value) for key, value in keys.items()}
        for operator, keys in conditions.items()
    }


def document(statements: Iterable[Statement]) -> dict[str, Any]:
    """Write statements as one policy document."""
    return {"Version": "2012-10-17", "Statement": [statement.as_json() for statement in statements]}


def characters(written: Mapping[str, Any]) -> int:
    """Count a document as IAM does, without white space; ours has none inside its values."""
    return len(json.dumps(written, separators=(",", ":")))


def documents(statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """Write statements as few documents, in their order, each of which IAM takes as one managed policy.

    A statement that is too long alone is divided by its longest list, its ARNs or the values of a condition.
    """
    groups: list[list[Statement]] = []
    for statement in (part for whole in statements for part in _divided(whole)):
        if groups and characters(document([*groups[-1], statement])) <= MANAGED_POLICY_MAX_CHARACTERS:
            groups[-1].append(statement)
        else:
            groups.append([statement])
    return [document(group) for group in groups]


def _divided(statement: Statement) -> list[Statement]:
    if characters(document([statement])) <= MANAGED_POLICY_MAX_CHARACTERS:
        return [statement]
    halves = _halves(statement)
    return [part for number, half in enumerate(halves, 1) for part in _divided(_numbered(half, number))]


def _numbered(statement: Statement, number: int) -> Statement:
    return replace(statement, sid=f"{statement.sid}{number}")


def _halves(statement: Statement) -> list[Statement]:
    """Divide a statement in two that together allow the same one by one; two names in one request may come apart.

    Terraform changes one DNS record in a request, and one alarm. Certificates' names, of which a request holds several,
    come in statements that are short enough.
    """
    lists = {(operator, key): value for operator, keys in statement.conditions.items() for key, value in keys.items()}
    longest = max(lists, key=lambda place: len(lists[place]) if isinstance(lists[place], tuple) else 0, default=None)
    if longest is None or len(lists[longest]) <= len(statement.resources) or isinstance(lists[longest], str):
        return [replace(statement, resources=half) for half in _split(statement.resources)]
    operator, key = longest
    return [
        replace(
            statement,
            conditions={**statement.conditions, operator: {**statement.conditions[operator], key: half}},
        )
        for half in _split(tuple(lists[longest]))
    ]


def _split(values: tuple[str, ...]) -> list[tuple[str, ...]]:
    middle = len(values) // 2
    return [values[:middle], values[middle:]]
