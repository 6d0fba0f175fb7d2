"""A plan as values: what the findings are made from. `reading.py` makes them of what Terraform shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from edge.cli.exits import BadInputError


class PlanError(BadInputError):
    """What was given is not a plan that can be reviewed; the message is one sentence with the next step."""


class Action(Enum):
    """What happens to one resource. The values are the words of `review.json`."""

    NOTHING = "no-op"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    REPLACE_AFTER = "replace"  # the new one is made first: create_before_destroy
    REPLACE_BEFORE = "replace, destroying first"
    DESTROY = "destroy"
    FORGET = "forget"
    REPLACE_FORGETTING = "replace, forgetting the old one"


REPLACEMENTS = frozenset({Action.REPLACE_AFTER, Action.REPLACE_BEFORE, Action.REPLACE_FORGETTING})
REPLACED_FIRST = frozenset({Action.REPLACE_AFTER, Action.REPLACE_FORGETTING})
GONE = frozenset({Action.DESTROY, Action.FORGET})


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a plan does to one resource, or, as drift, what was done to it outside Terraform.

    `before` and `after` are its attributes, empty where it does not exist; `unknown` and the `…_sensitive` masks have
    their shapes. `account` is the name of the account, None where the plan does not say. `settings` are the
    attributes that the configuration gives, each with the addresses that it refers to. `deposed` is the key of what is
    left of an earlier object of the address, whose own change may stand beside it.
    """

    address: str
    type: str
    name: str
    action: Action
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    unknown: Any = False
    before_sensitive: Any = False
    after_sensitive: Any = False
    replaced_for: tuple[str, ...] = ()
    reason: str | None = None
    moved_from: str | None = None
    imported_id: str | None = None
    deposed: str | None = None
    account: str | None = None
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def changes_something(self) -> bool:
        """Whether there is something to report: an action, a new address, or an import."""
        return self.action not in (Action.NOTHING, Action.READ) or bool(self.moved_from or self.imported_id)

    @property
    def state(self) -> Mapping[str, Any]:
        """The attributes after the plan, or before it where nothing is left."""
        return self.after or self.before

    @property
    def shown(self) -> Mapping[str, Any]:
        """The state without what is secret: all that a name may be made of."""
        mask = self.after_sensitive if self.after else self.before_sensitive
        return {name: value for name, value in self.state.items() if not hides(part(mask, name))}


def part(mask: Any, key: str | int) -> Any:
    """Give the part of a mask that is of one attribute or member; a mask that is one word is of all."""
    if isinstance(mask, bool):
        return mask
    if isinstance(mask, dict):
        return mask.get(key, False)
    if isinstance(mask, list) and isinstance(key, int):
        return mask[key] if key < len(mask) else False
    return False


class Unknown:
    """A value that is known only after the deploy."""

    def __repr__(self) -> str:
        return "(known after the deploy)"


UNKNOWN = Unknown()


def with_unknown(value: Any, mask: Any) -> Any:
    """Give a planned value with UNKNOWN in the places that are known only after the deploy, as the mask says."""
    if mask is True:
        return UNKNOWN
    if isinstance(value, Mapping):
        more = {key: inner for key, inner in mask.items() if hides(inner)} if isinstance(mask, dict) else {}
        return {key: with_unknown(value.get(key), part(mask, key)) for key in {**value, **more}}
    if isinstance(value, list):
        return [with_unknown(inner, part(mask, index)) for index, inner in enumerate(value)]
    if hides(mask):
        return UNKNOWN
    return value


def hides(mask: Any) -> bool:
    """Say whether a mask hides anything."""
    if isinstance(mask, dict):
        return any(map(hides, mask.values()))
    if isinstance(mask, list):
        return any(map(hides, mask))
    return mask is True


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One plan: the changes of all managed resources (also those that stay), the drift, and the outputs' changes.

    `environments` are the names in the providers' default tags, one in a right plan. `accounts` are the accounts'
    names with their ids. `output_values` are the outputs after the plan, `data` what was looked up, by its address;
    what is known only after the deploy is UNKNOWN in both. `masks` say what is secret in them, by `output.NAME` and by
    the address. `gaps` say, as sentences without a full stop, why the plan is not all that there is to do; `warnings`
    are sentences on what Terraform itself could not finish. `left` are the addresses that stand and that it does
    not destroy, also where it does not name them, as in a plan of `-target`.
    """

    environments: frozenset[str]
    accounts: Mapping[str, str]
    changes: tuple[Change, ...]
    drift: tuple[Change, ...]
    outputs: Mapping[str, Action]
    output_values: Mapping[str, Any]
    data: Mapping[str, Mapping[str, Any]]
    warnings: tuple[str, ...]
    masks: Mapping[str, Any] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    left: frozenset[str] = frozenset()

    @property
    def destroys_everything(self) -> bool:
        """Whether all that stands is destroyed, as by `edge destroy`, and nothing else is done."""
        are_destroyed = all(change.action is Action.DESTROY for change in self.changes)
        return bool(self.changes) and are_destroyed and not self.left and not self.gaps

    @property
    def changes_nothing(self) -> bool:
        """Whether a deploy of it would change nothing: no resource, no address, no import and no output."""
        resources = any(change.changes_something for change in self.changes)
        return not resources and all(action is Action.NOTHING for action in self.outputs.values())

    @property
    def does_more_than_remove(self) -> bool:
        """Whether a deploy of it would make or change something; what it removes asks by itself."""
        done = [change.action for change in self.changes if change.changes_something]
        outputs = [action for action in self.outputs.values() if action is not Action.NOTHING]
        return any(action not in GONE for action in done) or any(action is not Action.DESTROY for action in outputs)

    @property
    def changes_what_stands(self) -> bool:
        """Whether it is done to what is in use, and not to nothing as a first deploy is."""
        return self.does_more_than_remove and any(change.before for change in self.changes)
