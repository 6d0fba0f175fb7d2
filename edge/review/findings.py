"""What a review finds, as values: changes, risks, usages of quotas, drift. Renderers read these and nothing else."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from edge.cli.exits import Exit
from edge.review.code_changes import CodeChange
from edge.review.labels import LABEL_MAX_CHARACTERS, LABEL_START, PLAIN_ID, acceptance_label, without_label
from edge.review.usage import Usage
from edge.tfplan.model import Action

_HASH_CHARACTERS = 12


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something about one resource, in one sentence without a full stop; `service` None is the platform."""

    address: str
    service: str | None
    account: str | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Drift(Finding):
    """What was done to one resource outside Terraform; `outcome` says what the plan does about that."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class Line(Finding):
    """What the plan does to one resource; `noun` is what it is, as in `target group`."""

    noun: str
    action: Action
    is_imported: bool = False
    is_moved: bool = False

    @property
    def word(self) -> str:
        """The column that it counts in: create, update, replace, destroy, forget, import or move."""
        if self.action in _WORDS:
            return _WORDS[self.action]
        return "import" if self.is_imported else "move"


_WORDS = {
    Action.CREATE: "create",
    Action.UPDATE: "update",
    Action.REPLACE_AFTER: "replace",
    Action.REPLACE_BEFORE: "replace",
    Action.REPLACE_FORGETTING: "replace",
    Action.DESTROY: "destroy",
    Action.FORGET: "forget",
}
WORDS = ("create", "update", "replace", "destroy", "forget", "import", "move")


@dataclass(frozen=True, kw_only=True)
class Risk(Finding):
    """What may take something down or open it. Some can be acknowledged by their id, others only fixed.

    `kind` and `address` make the id, `REPLACE:aws_lb.edge`; what is left of an earlier object has its own, with
    Terraform's key of it: `DESTROY:aws_lb.edge.deposed.80308274`. One of a single `attribute` names that as well:
    `UNPROTECTED:aws_lb.edge#force_destroy`. What one change of the environment file brings can be acknowledged in one
    where `group` names it (groups.py): `DESTROY:services.link` for a service that is no longer declared. `hash`, of the
    group `group_hash`, is of what a reader sees of it in this environment: a label accepts that (acceptance.py).
    `content` counts there beside the change of its address. `statement` is the sentence without the resource's name:
    risks that say the same may share a row and a `group_hash`, without a group (alike.py).
    """

    kind: str
    attribute: str | None = None
    deposed: str | None = None
    group: str | None = None
    can_be_accepted: bool = True
    accepted: bool = False
    environment: str = ""
    hash: str = ""
    group_hash: str = ""
    content: tuple[str, ...] = ()
    statement: str = ""

    @property
    def subject(self) -> str:
        """The resource's name, with which the sentence begins."""
        return self.sentence.removesuffix(self.statement).strip()

    @property
    def id(self) -> str:
        """The name by which the risk is acknowledged."""
        part = f".deposed.{self.deposed}" if self.deposed else f"#{self.attribute}" if self.attribute else ""
        return f"{self.kind}:{self.address}{part}"

    @property
    def short_id(self) -> str:
        """The id where a GitHub label holds it, else its kind with a part of its SHA-256: `DESTROY:#0f6c1d2e3a4b`."""
        if len(LABEL_START + self.id) <= LABEL_MAX_CHARACTERS and self._is_plain:
            return self.id
        return f"{self.kind}:#{hashlib.sha256(self.id.encode()).hexdigest()[:_HASH_CHARACTERS]}"

    @property
    def typed_id(self) -> str:
        """The id to type: the short one where an index brings characters that a shell would act on."""
        return self.id if self._is_plain else self.short_id

    @property
    def _is_plain(self) -> bool:
        return PLAIN_ID.fullmatch(self.id) is not None

    @property
    def group_id(self) -> str | None:
        """The id that acknowledges it with all else of its group; None where it stands alone."""
        return f"{self.kind}:{self.group}" if self.group else None

    @property
    def ids(self) -> frozenset[str]:
        """Every id that acknowledges it, and the hashes of what was seen."""
        return frozenset(filter(None, (self.id, self.short_id, self.group_id, self.hash, self.group_hash)))

    @property
    def label(self) -> str:
        """The label that acknowledges it on a pull request, in at most 50 characters."""
        return acceptance_label(self.environment, self.hash)

    @property
    def group_label(self) -> str | None:
        """The label that acknowledges it with all else of its row; None where it stands alone."""
        return acceptance_label(self.environment, self.group_hash) if self.group_hash else None


@dataclass(frozen=True, kw_only=True)
class Review:
    """All findings of one plan.

    `outputs` are sentences, `notices` what the reader must know of the review itself, `code` the blocks that do not
    come from the environment file but from changed code; where it `is_compared` there are no others. `changes_nothing`
    is the plan's: a deploy would do nothing at all. With `drift` AWS still differs. `asked` says what differs in the
    environment file, `meaning` what clients notice, and `groups` what each group of risks is, by its id.
    The plan destroys all where `all_goes`.
    """

    environment: str
    digest: str
    changes_nothing: bool
    risks: tuple[Risk, ...]
    usages: tuple[Usage, ...]
    drift: tuple[Drift, ...]
    lines: tuple[Line, ...]
    outputs: tuple[str, ...]
    notices: tuple[str, ...]
    code: tuple[CodeChange, ...] = ()
    is_compared: bool = False
    asked: tuple[str, ...] = ()
    meaning: tuple[str, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    all_goes: bool = False

    @property
    def open_risks(self) -> tuple[Risk, ...]:
        """The risks that nobody has acknowledged."""
        return tuple(risk for risk in self.risks if not risk.accepted)

    @property
    def failures(self) -> tuple[Usage, ...]:
        """The quotas that do not hold what the plan needs."""
        return tuple(usage for usage in self.usages if usage.level == "failure")

    @property
    def exit_code(self) -> Exit:
        """0 where nothing stands against the plan, 1 for an open risk or an exceeded quota."""
        return Exit.FAILED if self.open_risks or self.failures else Exit.DONE

    def accepting(self, ids: Collection[str]) -> "Review":
        """Give this review with risks acknowledged by their ids, short ids or labels; others change nothing."""
        accepted_ids = {without_label(name.strip()) for name in ids}
        risks = tuple(
            replace(risk, accepted=risk.can_be_accepted and bool(risk.ids & accepted_ids)) for risk in self.risks
        )
        known = {name for risk in risks for name in risk.ids}
        idle = tuple(
            f"There is no risk {item} in this plan: accepting it changes nothing."
            for item in sorted(accepted_ids - known)
        )
        refused = tuple(
            f"{risk.id} cannot be accepted: it must be fixed."
            for risk in risks
            if not risk.can_be_accepted and risk.ids & accepted_ids
        )
        return replace(self, risks=risks, notices=(*self.notices, *idle, *refused))
