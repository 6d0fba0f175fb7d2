"""What a plan's JSON may not say: an action that its own values contradict, or a name that no resource can have.

A change would hide behind such a word, and in such an address another thing could be read than stands there.
Terraform writes none of these; what would show one is no plan of Terraform's, whoever wrote it:
https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

import json
from collections.abc import Iterator
from typing import Any

from edge.tfplan.configuration import standing
from edge.tfplan.model import GONE, Action, hides
from edge.tfplan.shown_plan import Document, ResourceChange, action_of

_MANAGED = "managed"


def contradictions(document: Document) -> Iterator[str]:
    """Say of changes and outputs in what their action contradicts the values before and after them."""
    stand = {found["address"] for found in standing(document.prior_state) if not found.get("deposed_key")}
    for raw in (*document.resource_changes, *document.resource_drift):
        if not _is_name(raw.name):
            yield f"has a resource of the name {raw.name!r}"
    for raw in document.resource_changes:
        if problem := _contradiction(raw, raw.mode == _MANAGED, stands=raw.address in stand):
            yield f"{problem} ({raw.address})"
    for name, output in document.output_changes.items():
        is_kept = action_of(name, output.actions) is Action.NOTHING
        if is_kept and _differs(output.before, output.after, output.after_unknown):
            yield f"says that nothing changes, and has another value after it (output {name})"


def _contradiction(raw: ResourceChange, is_managed: bool, *, stands: bool) -> str | None:
    body = raw.change
    action, before, after = action_of(raw.address, body.actions), body.before, body.after
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


def _differs(before: Any, after: Any, unknown: Any) -> bool:
    return hides(unknown) or _written(before) != _written(after)


def _written(value: Any) -> str:
    """Write as JSON, in which true is not 1."""
    return json.dumps(value, sort_keys=True)
