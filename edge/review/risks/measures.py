"""How much of a protection there is: an attribute before a plan beside the same after it, and whether that is less.

`guards.py` asks whether a protection is there at all. What is known only after the deploy counts as less.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from edge.tfplan.model import UNKNOWN

Values = Sequence[Any]
Lowered = Callable[[Values, Values], bool]


def values_at(attributes: Any, path: str) -> list[Any]:
    """Give what stands at a dotted path, of every block on the way."""
    found = [attributes]
    for key in path.split("."):
        blocks = [block for value in found for block in (value if isinstance(value, list) else [value])]
        found = [block.get(key) for block in blocks if isinstance(block, dict)]
    return found


def smaller(before: Values, after: Values) -> bool:
    """Say whether a number goes down, or is left to AWS."""
    old, new = _numbers(before), _numbers(after)
    return bool(old and after) and (len(new) < len(after) or min(new) < min(old))


def larger(before: Values, after: Values) -> bool:
    """Say whether a number goes up, or is left to AWS; 0 is what providers write where none is set."""
    old, new = [number for number in _numbers(before) if number], _numbers(after)
    return bool(old and after) and (len(new) < len(after) or max(new) > max(old))


def weaker(*words: str) -> Lowered:
    """Say whether a word gives way to a weaker one; `words` stand from the weakest on, and what is none is weaker."""

    def lowered(before: Values, after: Values) -> bool:
        old, new = ([_place(words, value) for value in values] for values in (before, after))
        return bool(old and new) and min(new) < min(old)

    return lowered


def more(before: Values, after: Values) -> bool:
    """Say whether a list holds what it did not."""
    return bool(_members(before) and _members(after) - _members(before))


def new(before: Values, after: Values) -> bool:
    """Say whether a list holds what it did not, also where there was none."""
    return bool(_members(after) - _members(before))


def more_than(*harmless: str) -> Lowered:
    """Say whether a list holds what it did not, and what is none of some harmless members."""
    known = _members([list(harmless)])

    def lowered(before: Values, after: Values) -> bool:
        return more(before, after) and bool(_members(after) - _members(before) - known)

    return lowered


def fewer(before: Values, after: Values) -> bool:
    """Say whether a list no longer holds all that it did."""
    return bool(_members(before) - _members(after))


def swapped(before: Values, after: Values) -> bool:
    """Say whether as many stand there, and others; that one goes is seen where it stood."""
    return len(before) == len(after) and fewer(before, after)


def another(before: Values, after: Values) -> bool:
    """Say whether what was set is anything else."""
    return bool(_members(before)) and _members(before) != _members(after)


def _place(words: Sequence[str], value: Any) -> int:
    return words.index(value) if value in words else -1


def _numbers(values: Values) -> list[float]:
    """Give the numbers among some values, which a provider may write as text."""
    found = [_number(value) for value in values]
    return [number for number in found if number is not None]


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _members(values: Values) -> set[str]:
    """Give what some lists hold, each member as text, so that blocks can be compared as well."""
    every = [member for value in values for member in (value if isinstance(value, list) else [value])]
    return {
        "unknown" if member is UNKNOWN else json.dumps(member, sort_keys=True, default=repr)
        for member in every
        if member not in (None, "")  # what is not set
    }
