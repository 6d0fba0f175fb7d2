"""What a plan's JSON may not say: an action that its own values contradict, or a name that no resource can have.

A change would hide behind such a word, and in such an address another thing could be read than stands there: rules look
at a change by its type and name, and pass over what is deposed or of another mode.
Terraform writes none of these; what would show one is no plan of Terraform's, whoever wrote it:
https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from edge.tfplan.configuration import standing, without_indices
from edge.tfplan.model import GONE, Action, hides
from edge.tfplan.shown_plan import Document, ResourceChange, action_of

_MANAGED = "managed"
# What stands before the type: https://developer.hashicorp.com/terraform/cli/state/resource-addressing
_PREFIXES = {_MANAGED: "", "data": "data."}
_MODULES = re.compile(r"(module\.[^.]+\.)*")
# What is left of an earlier object is only ever removed or let go.
_OF_WHAT_IS_DEPOSED = GONE | {Action.NOTHING}


def contradictions(document: Document) -> Iterator[str]:
    """Say of changes and outputs in what their action contradicts the values before and after them."""
    yield from _misnamed(document)
    stand = {found["address"] for found in standing(document.prior_state) if not found.get("deposed_key")}
    for raw in document.resource_changes:
        if problem := _contradiction(raw, raw.mode == _MANAGED, stands=raw.address in stand):
            yield f"{problem} ({raw.address})"
    for name, output in document.output_changes.items():
        is_kept = action_of(name, output.actions) is Action.NOTHING
        if is_kept and _differs(output.before, output.after, output.after_unknown):
            yield f"says that nothing changes, and has another value after it (output {name})"


def _misnamed(document: Document) -> Iterator[str]:
    """Find changes by whose names and addresses nobody can tell what they change."""
    for raw in (*document.resource_changes, *document.resource_drift):
        if not _is_name(raw.name):
            yield f"has a resource of the name {raw.name!r}"
        if not _is_addressed(raw):
            yield f"has {raw.address} as {raw.type} {raw.name} of the mode {raw.mode}"
    for (address, _), times in Counter((raw.address, raw.deposed) for raw in document.resource_changes).items():
        if times > 1:
            yield f"has {address} {times} times"


def _contradiction(raw: ResourceChange, is_managed: bool, *, stands: bool) -> str | None:
    body = raw.change
    action, before, after = action_of(raw.address, body.actions), body.before, body.after
    if raw.deposed is not None and action not in _OF_WHAT_IS_DEPOSED:
        return "changes what is left of an earlier object"
    if action is Action.READ:
        return "reads what is not a data source" if is_managed else None
    if action is Action.NOTHING:
        is_other = _differs(before, after, body.after_unknown)
        return "says that nothing changes, and has other values after it" if is_other else None
    if action is Action.CREATE:
        return "creates what stands already" if before is not None or (stands and is_managed) else None
    if action in GONE:
        return "removes what has values after it" if after is not None else None
    return "changes what has no values before it or after it" if before is None or after is None else None


def _is_name(name: str) -> bool:
    """Whether a resource can have this name: letters, digits, _ and -, of which the first is a letter or _.

    https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers
    """
    return name.replace("-", "_").isidentifier() and not name.startswith("-")


def _is_addressed(raw: ResourceChange) -> bool:
    """Whether an address is that of its mode, type and name, in whichever module and under whichever index."""
    if raw.mode not in _PREFIXES:
        return False
    address = without_indices(raw.address)
    return _MODULES.sub("", address, count=1) == f"{_PREFIXES[raw.mode]}{raw.type}.{raw.name}"


def _differs(before: Any, after: Any, unknown: Any) -> bool:
    return hides(unknown) or _written(before) != _written(after)


def _written(value: Any) -> str:
    """Write as JSON, in which true is not 1."""
    return json.dumps(value, sort_keys=True)
