"""What is wrong with a statement by AWS's service authorization reference: what never matches, and what is too wide.

Policies that IAM accepts may still say nothing: an action that does not exist, an ARN of another kind than the
action's, a condition on a key that the action does not have.
"""

from collections.abc import Iterator

from edge.roles.documents import Statement
from tests.support.authorization import reference

_GAPS = ("x", "x/y", "x/y/z")


def faults(statement: Statement) -> list[str]:
    """List what is wrong with a statement, each with its sid."""
    found = [*_of_resources(statement), *_of_conditions(statement), *_of_form(statement)]
    return [f"{statement.sid}: {finding}" for finding in found]


def _types(action: str, pattern: str) -> set[str]:
    """Find the types of an action's resources that an ARN with wildcards can be of."""
    kinds = (reference.type_of(action, pattern.replace("*", gap)) for gap in _GAPS)
    return {kind for kind in kinds if kind}


def _of_resources(statement: Statement) -> Iterator[str]:
    for action in statement.actions:
        wanted = reference.resource_types(action)
        if statement.resources == ("*",):
            if any(wanted.values()):
                yield f"{action} has resource-level permissions, and stands on *"
        elif not any(_types(action, pattern) for pattern in statement.resources):
            yield f"{action} is authorized on {', '.join(wanted) or '* alone'}"
    for pattern in statement.resources:
        if pattern != "*" and not any(_types(action, pattern) for action in statement.actions):
            yield f"no action is authorized on {pattern}"


def _of_conditions(statement: Statement) -> Iterator[str]:
    for operator, key in ((operator, key) for operator, keys in statement.conditions.items() for key in keys):
        for action in statement.actions:
            kinds = [kind for pattern in statement.resources for kind in _types(action, pattern)]
            if not any(reference.is_key(action, kind, key) for kind in kinds or [""]):
                yield f"{action} has no key {key}"
        of_many = operator.startswith(("ForAllValues:", "ForAnyValue:")) or operator == "Null"
        if reference.holds_many(key) and not of_many:
            yield f"{key} has several values, and {operator} compares one"


def _of_form(statement: Statement) -> Iterator[str]:
    if not statement.sid.isalnum():
        yield "a sid is of letters and digits"
    if not statement.actions or not statement.resources:
        yield "allows nothing"
    if any("*" in action for action in statement.actions):
        yield "an action is written in full"
    if any(len(set(action)) < len(action) for action in (statement.actions, statement.resources)):
        yield "names something twice"
