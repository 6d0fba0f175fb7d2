"""Risks that say the same of several things: where there are many, they share a row, and one label that accepts it.

Another network replaces everything in the old one: 4 subnets, 3 route tables, 4 associations, each for the same reason
and with the same effect. Where a screen has room for a row each, each has its own. The label of a row is a hash over
all that stands in it; there is no id that would accept it unseen.
"""

from collections.abc import Sequence

from edge.review.findings import Risk
from edge.review.resource_names import noun, plural

_ROOM = 24  # rows, which leave more than half of 60 lines to the rest
_NAMED = 8
Key = tuple[str, str, str, str]


def shared(risks: Sequence[Risk]) -> dict[Key, list[Risk]]:
    """Give the rows that several risks share, by what they have in common; none where there is room for all."""
    alone = [risk for risk in risks if not risk.group]
    if len(alone) + len({risk.group_id for risk in risks if risk.group}) <= _ROOM:
        return {}
    found: dict[Key, list[Risk]] = {}
    for risk in alone:
        if risk.statement and not risk.deposed and risk.address.count(".") == 1 and "[" not in risk.address:
            key = (risk.kind, risk.address.partition(".")[0], risk.account or "", risk.statement)
            found.setdefault(key, []).append(risk)
    return {key: members for key, members in found.items() if len(members) > 1}


def sentence(members: Sequence[Risk]) -> str:
    """Say what is alike of some risks, and what each of them is about."""
    word = noun(members[0].address.partition(".")[0])
    names = [risk.subject.removeprefix(word).strip() for risk in members]
    if all(name.startswith("(") for name in names):
        names = [name[1:-1] for name in names]
    shown = "; ".join(names[:_NAMED]) + (f" … ({len(names)} in all)" if len(names) > _NAMED else "")
    return f"{len(members)} {plural(word)} ({shown}): each {members[0].statement}"
