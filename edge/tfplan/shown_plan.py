"""The JSON that `terraform show -json` gives of a plan, as far as it is read, in its own shape.

https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from edge.tfplan.model import Action, PlanError

AGAIN = "make it with `edge plan prod`"
_ACTIONS = {
    ("no-op",): Action.NOTHING,
    ("create",): Action.CREATE,
    ("read",): Action.READ,
    ("update",): Action.UPDATE,
    ("create", "delete"): Action.REPLACE_AFTER,
    ("delete", "create"): Action.REPLACE_BEFORE,
    ("delete",): Action.DESTROY,
    ("forget",): Action.FORGET,
    ("create", "forget"): Action.REPLACE_FORGETTING,
}


class Output(BaseModel):
    """What happens to one output, with its value before and after."""

    actions: tuple[str, ...]
    before: Any = None
    after: Any = None
    after_unknown: Any = False
    before_sensitive: Any = False
    after_sensitive: Any = False


class Body(Output):
    """What happens to one resource, with its values before and after."""

    replace_paths: Sequence[Sequence[str | int]] = ()
    importing: Mapping[str, Any] | None = None


class ResourceChange(BaseModel):
    """One change, of a resource or of what is looked up."""

    address: str
    mode: str = "managed"
    type: str
    name: str
    deposed: str | None = None
    previous_address: str | None = None
    action_reason: str | None = None
    change: Body


class Document(BaseModel):
    """The whole plan."""

    format_version: str
    configuration: Mapping[str, Any]
    prior_state: Mapping[str, Any] = {}
    resource_changes: Sequence[ResourceChange] = ()
    resource_drift: Sequence[ResourceChange] = ()
    output_changes: Mapping[str, Output] = {}
    deferred_changes: Sequence[Any] = ()
    checks: Sequence[Mapping[str, Any]] = ()
    action_invocations: Sequence[Any] = ()
    complete: bool = True
    errored: bool = False


def action_of(address: str, actions: tuple[str, ...]) -> Action:
    """Read what is done. Raises PlanError for what is not known here."""
    if actions not in _ACTIONS:
        raise PlanError(f"does to {address} what is unknown here: {', '.join(actions) or 'nothing'}; read it by hand")
    return _ACTIONS[actions]
