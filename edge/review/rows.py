"""The risks of a review as a person decides on them: one row for each, or for all that one acceptance settles."""

from collections.abc import Iterable
from dataclasses import dataclass

from edge.review import alike
from edge.review.findings import Review, Risk


@dataclass(frozen=True)
class Row:
    """One decision: what it is about, and every risk of it; `id` and `label` accept all of them."""

    text: str
    id: str
    label: str
    risks: tuple[Risk, ...]
    is_group: bool

    @property
    def status(self) -> str:
        """Where it stands: `open`, `accepted`, or `to be fixed` where nobody can accept it."""
        return max((status(risk) for risk in self.risks), key=_STATES.index)

    @property
    def account(self) -> str:
        """The account, where all of it lies in one."""
        accounts = {risk.account for risk in self.risks}
        return (accounts.pop() or "") if len(accounts) == 1 else ""

    @property
    def title(self) -> str:
        """What all of its risks are called together: the id, or their kind where they only are alike."""
        first = self.risks[0]
        return self.id if first.group_id or not self.is_group else f"{first.kind}, {first.subject} and alike"

    @property
    def is_open(self) -> bool:
        """Whether it stands against the plan."""
        return self.status != _STATES[0]


_STATES = ("accepted", "open", "to be fixed")


def status(risk: Risk) -> str:
    """Say where a risk stands: `open`, `accepted`, or `to be fixed` where nobody can accept it."""
    if not risk.can_be_accepted:
        return _STATES[2]
    return _STATES[0] if risk.accepted else _STATES[1]


def rows(review: Review) -> tuple[Row, ...]:
    """Give the rows in the order of their first risks, those that are open first; every risk is in exactly one."""
    members: dict[tuple[str, int], list[Risk]] = {}
    for number, risk in enumerate(review.risks):  # two may have one id, and each is shown
        shared = risk.group_id or risk.group_hash
        key = (shared, -1) if shared else (risk.id, number)
        members.setdefault(key, []).append(risk)
    found = [_row(risks, review) for risks in members.values()]
    return tuple(sorted(found, key=lambda row: not row.is_open))


def open_rows(review: Review) -> tuple[Row, ...]:
    """Give the rows that stand against the plan."""
    return tuple(row for row in rows(review) if row.is_open)


def groups(found: Iterable[Row]) -> tuple[Row, ...]:
    """Give those of some rows that hold a group's risks."""
    return tuple(row for row in found if row.is_group)


def _row(risks: list[Risk], review: Review) -> Row:
    first = risks[0]
    if not first.group_id and first.group_hash:
        return Row(alike.sentence(risks), first.group_hash, first.group_label or "", tuple(risks), is_group=True)
    if first.group_id is None:
        return Row(first.sentence, first.typed_id, first.label, (first,), is_group=False)
    text = review.groups.get(first.group_id, first.sentence)
    return Row(text, first.group_id, first.group_label or "", tuple(risks), is_group=True)
