"""Risks that say the same of several things: where there are many, they share a row, and one label that accepts it.

Another network replaces everything in the old one: 4 subnets, 3 route tables, 4 associations, each for the same reason
and with the same effect; changed code leaves out a bucket with the seven settings that it has. Where there are few
rows, each risk has its own. The label of a row is a hash over all that stands in it; there is no id that would accept
it unseen.
"""

import re
from collections.abc import Sequence

from edge.review.findings import Risk
from edge.review.plain_words import in_words
from edge.review.resource_names import noun, plural
from environments.text import listed

_ROOM = 10  # rows that a person still reads one by one; more are a wall, of which the first is not seen
_NAMED = 8
_CODE = "CODE"
# Else a backend or an output that changed code touches would be one of many in a row.
_PLAIN_RESOURCE = re.compile(r"aws_\w+\.[\w-]+")
Key = tuple[str, str, str]


def shared(risks: Sequence[Risk]) -> dict[Key, list[Risk]]:
    """Give the rows that several risks share, by what they have in common; none where there is room for all."""
    alone = [risk for risk in risks if not risk.group]
    if len(alone) + len({risk.group_id for risk in risks if risk.group}) <= _ROOM:
        return {}
    found: dict[Key, list[Risk]] = {}
    for risk in alone:
        if risk.statement and not risk.deposed and _PLAIN_RESOURCE.fullmatch(risk.address):
            found.setdefault((risk.kind, risk.account or "", _said(risk)), []).append(risk)
    return {key: members for key, members in found.items() if len(members) > 1}


def _said(risk: Risk) -> str:
    """Give what a risk says; of changed code without the base, which a deploy calls otherwise than a pull request."""
    return risk.statement.partition(":")[0] if risk.kind == _CODE else risk.statement


def sentence(members: Sequence[Risk]) -> str:
    """Say what is alike of some risks, and what each of them is about."""
    types = {risk.address.partition(".")[0] for risk in members}
    said = f"each {members[0].statement}"
    if len(types) > 1:
        of, names = _of_one_thing(_of_each_type(members))
        return f"{len(members)} resources{of} ({listed(names)}): {said}"
    return f"{_of_one_type(noun(types.pop()), members)}: {said}"


def _of_one_type(word: str, members: Sequence[Risk]) -> str:
    """Count resources of one type, and name each."""
    names = [in_words(risk.subject).removeprefix(word).strip() for risk in members]
    if all(name.startswith("(") for name in names):
        names = [name[1:-1] for name in names]
    shown = "; ".join(names[:_NAMED]) + (f" … ({len(names)} in all)" if len(names) > _NAMED else "")
    return f"{len(members)} {plural(word)} ({shown})"


def _of_one_thing(names: list[str]) -> tuple[str, list[str]]:
    """Take out what all of some names end with: `policy of the bucket (logs)`, `versions of the bucket (logs)`."""
    found = {name.partition(" (")[2] for name in names}
    if len(found) > 1 or found == {""}:
        return "", names
    return f" of {found.pop().removesuffix(')')}", [name.partition(" (")[0] for name in names]


def _of_each_type(members: Sequence[Risk]) -> list[str]:
    """Name the resources of each type, and count those of one that has several."""
    found: dict[str, list[Risk]] = {}
    for risk in members:
        found.setdefault(noun(risk.address.partition(".")[0]), []).append(risk)
    return [
        _of_one_type(word, risks) if len(risks) > 1 else in_words(risks[0].subject) for word, risks in found.items()
    ]
