"""Policies that allow more than they did: a statement that is new, or a refusal that goes.

What is explained by the environment file is asked about too: a policy is what keeps everybody else out.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from edge.review.findings import Risk
from edge.review.risks.scene import Scene, is_unknown
from edge.tfplan.documents import document_in
from edge.tfplan.model import Change

# What this project's resources are made with.
POLICIES: Mapping[str, str] = {
    "aws_iam_role": "assume_role_policy",
    "aws_iam_role_policy": "policy",
    "aws_kms_key": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_vpc_endpoint": "policy",
}
_DENY = "Deny"
_ACCOUNT_ID = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")


def _widened(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        attribute = POLICIES.get(change.type)
        if attribute and change.before.get(attribute) and change.after:
            problem = _problem(change, attribute)
            if problem:
                statement = f"loses its protection ({attribute}): {problem}"
                yield replace(scene.risk("UNPROTECTED", change, statement), attribute=attribute)


def _problem(change: Change, attribute: str) -> str | None:
    if is_unknown(change, attribute):
        return "what it allows is known only after the deploy"
    before, after = (_statements(side.get(attribute)) for side in (change.before, change.after))
    if before == after:
        return None
    if before is None or after is None:
        return "it is no policy that can be read, before or after"
    new = [name for name, (key, statement) in after.items() if key not in _keys(before) and _allows_more(statement)]
    gone = [name for name, (key, statement) in before.items() if _denies(statement) and key not in _keys(after)]
    words = [f"{name} allows what nothing did" for name in new] + [f"{name} no longer refuses" for name in gone]
    return "; ".join(words) or None


def _statements(policy: Any) -> dict[str, tuple[str, Mapping[str, Any]]] | None:
    """Read a policy's statements by their names, each with its text; None for what is none."""
    document = document_in(policy) if isinstance(policy, str) else None
    found = document.get("Statement") if isinstance(document, Mapping) else None
    statements = found if isinstance(found, list) else [found]
    if not all(isinstance(statement, Mapping) for statement in statements):
        return None
    return {
        f"statement {statement.get('Sid', number)}#{number}": (json.dumps(statement, sort_keys=True), statement)
        for number, statement in enumerate(statements, 1)
    }


def _keys(statements: Mapping[str, tuple[str, Mapping[str, Any]]]) -> set[str]:
    return {key for key, _ in statements.values()}


def _denies(statement: Mapping[str, Any]) -> bool:
    return statement.get("Effect") == _DENY


def _allows_more(statement: Mapping[str, Any]) -> bool:
    """Say whether a statement lets somebody in: not where it refuses, or lets AWS's own services do so for an account.

    Those write logs and alarms, under a condition that names whose.
    """
    principal = statement.get("Principal")
    is_service = isinstance(principal, Mapping) and set(principal) == {"Service"}
    return not _denies(statement) and not (is_service and _names_an_account(statement.get("Condition")))


def _names_an_account(condition: Any) -> bool:
    """Say whether conditions name an account: without that, AWS's service acts for whoever asks it."""
    tests = condition.values() if isinstance(condition, Mapping) else []
    values = [json.dumps(value) for test in tests if isinstance(test, Mapping) for value in test.values()]
    return any(_ACCOUNT_ID.search(value) for value in values) and not any('"*"' in value for value in values)


RULES = (_widened,)
