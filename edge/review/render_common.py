"""What every rendering of a review says alike: its sentence, its counts, and its findings in groups."""

from collections import Counter
from collections.abc import Mapping

from edge.review.findings import WORDS, Line, Review
from edge.review.rows import open_rows, rows
from edge.tfplan.model import Action

PLATFORM = "(platform)"
UNKNOWN_ACCOUNT = "(unknown)"

# Terraform's own signs, which people know from its plans.
_SIGNS = {
    "create": "+",
    "update": "~",
    "replace": "+/-",
    "destroy": "-",
    "forget": ".",
    "import": "<=",
    "move": "->",
}
_DESTROYING_FIRST = "-/+"
_PAST = {
    "create": "created",
    "update": "changed",
    "replace": "replaced",
    "destroy": "destroyed",
    "forget": "left alone from now on",
    "import": "imported",
    "move": "moved to another address",
}


def sign(line: Line) -> str:
    """Give Terraform's sign for a change: `+/-` makes the new one first, `-/+` removes the old one first."""
    return _DESTROYING_FIRST if line.action is Action.REPLACE_BEFORE else _SIGNS[line.word]


def verdict(review: Review) -> str:
    """Say in one sentence whether the plan can be deployed."""
    name = review.environment
    against = [
        _counted(len(open_rows(review)), "risk is open", "risks are open"),
        _counted(len(review.failures), "quota is exceeded", "quotas are exceeded"),
    ]
    if any(against):
        return f"The plan of {name} cannot be deployed as it is: {' and '.join(filter(None, against))}."
    if review.changes_nothing:
        return f"The plan of {name} changes nothing."
    outcome = (
        f"its {_counted(len(rows(review)), 'risk is', 'risks are')} accepted" if review.risks else "no risk was found"
    )
    near = sum(usage.level == "warning" for usage in review.usages)
    full = f", and {_counted(near, 'quota is', 'quotas are')} nearly used up" if near else ""
    return f"The plan of {name} can be deployed: {outcome}{full}."


def counts(review: Review) -> str:
    """Count what happens, as in "17 created, 1 changed, 2 replaced"; what is imported or moved counts there too."""
    found = tally(review.lines)
    parts = [f"{found[word]} {_PAST[word]}" for word in WORDS if found[word]]
    parts += [_counted(len(review.outputs), "output changes", "outputs change")] if review.outputs else []
    drifted = f"; {_counted(len(review.drift), 'thing', 'things')} changed outside Terraform" if review.drift else ""
    return (", ".join(parts) or "nothing to do") + drifted


def tally(lines: tuple[Line, ...] | list[Line]) -> Mapping[str, int]:
    """Count lines by their words; an import or a move that comes with another change counts as both."""
    found = Counter(line.word for line in lines)
    found["import"] += sum(line.is_imported and line.word != "import" for line in lines)
    found["move"] += sum(line.is_moved and line.word != "move" for line in lines)
    return found


def by_service(lines: tuple[Line, ...]) -> Mapping[str, Mapping[str, list[Line]]]:
    """Group lines by service and then by account: the platform first, then services by name."""
    ordered = sorted(lines, key=lambda line: (line.service or "", line.account or "", line.address))
    groups: dict[str, dict[str, list[Line]]] = {}
    for line in ordered:
        accounts = groups.setdefault(line.service or PLATFORM, {})
        accounts.setdefault(line.account or UNKNOWN_ACCOUNT, []).append(line)
    return groups


def bar(share_percent: int, *, cells: int = 10) -> str:
    """Draw a share as a bar of cells, full where it is 100 % or more."""
    full = min(cells, -(-share_percent * cells // 100))
    return "█" * full + "░" * (cells - full)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""
