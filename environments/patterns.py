"""What patterns of listener rules take: `*` stands for any characters, also none, and `?` for exactly one.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html

A pattern is read as an automaton whose states are the places in it at which a text may stand. So the answers are exact,
not samples: the search goes through the states that texts can reach, and those are few, since a rule takes few
wildcards.
"""

import re
import string
from collections import deque
from collections.abc import Iterable, Sequence

WILDCARDS = "*?"

_Places = frozenset[int]
# The first of these that no pattern names stands for all that none names; "!" is none of a pattern's characters.
_NAMED_NOWHERE = string.ascii_lowercase + string.digits + string.ascii_uppercase + "!"


def wildcards(patterns: Iterable[str]) -> int:
    """Count the wildcards in some patterns."""
    return sum(pattern.count(wildcard) for pattern in patterns for wildcard in WILDCARDS)


def takes(patterns: Iterable[str], text: str) -> bool:
    """Tell whether any of some patterns takes a text."""
    return any(_takes(pattern, text) for pattern in patterns)


def covers(pattern: str, other: str) -> bool:
    """Tell whether a pattern takes every text that another one takes."""
    if not wildcards([pattern]):
        return pattern == other
    if not wildcards([other]):
        return _takes(pattern, other)
    # A letter that no pattern names may stand for a wildcard, so what is fixed at an end must be fixed in both.
    (head, tail), (other_head, other_tail) = _fixed_ends(pattern), _fixed_ends(other)
    if not (other_head.startswith(head) and other_tail.endswith(tail)):
        return False
    return first_taken(other, besides=[pattern]) is None


def overlap(pattern: str, other: str) -> bool:
    """Tell whether both of two patterns take some text."""
    (head, tail), (other_head, other_tail) = _fixed_ends(pattern), _fixed_ends(other)
    heads_differ = not (head.startswith(other_head) or other_head.startswith(head))
    if heads_differ or not (tail.endswith(other_tail) or other_tail.endswith(tail)):
        return False
    waiting, seen = [(0, 0)], {(0, 0)}
    while waiting:
        here, there = waiting.pop()
        if (here, there) == (len(pattern), len(other)):
            return True
        mine, theirs = pattern[here : here + 1], other[there : there + 1]
        following = [(here + 1, there)] if mine == "*" else []
        following += [(here, there + 1)] if theirs == "*" else []
        if mine and theirs and (mine == theirs or not {mine, theirs}.isdisjoint(WILDCARDS)):
            following.append((here + (mine != "*"), there + (theirs != "*")))
        waiting += [place for place in following if place not in seen]
        seen.update(following)
    return False


def fixed_start(pattern: str) -> str:
    """Give what stands before the first wildcard: how every text begins that the pattern takes."""
    return _fixed_ends(pattern)[0]


def first_taken(pattern: str, *, besides: Sequence[str] = ()) -> str | None:
    """Find the shortest text that a pattern takes and none of some others does; None where they take all of its own."""
    patterns = (pattern, *besides)
    named = set().union(*patterns)
    unnamed = next(letter for letter in _NAMED_NOWHERE if letter not in named)
    alphabet = [unnamed, *sorted(named - set(WILDCARDS))]
    start = tuple(_closed(glob, {0}) for glob in patterns)
    waiting, seen = deque([(start, "")]), {start}
    while waiting:
        places, text = waiting.popleft()
        if _ends(pattern, places[0]) and not any(map(_ends, besides, places[1:])):
            return text
        for letter in alphabet:
            following = tuple(_step(glob, here, letter) for glob, here in zip(patterns, places, strict=True))
            if following[0] and following not in seen and not any(map(_takes_all, besides, following[1:])):
                seen.add(following)
                waiting.append((following, text + letter))
    return None


def _fixed_ends(pattern: str) -> tuple[str, str]:
    """Give what stands before the first wildcard, and what stands behind the last."""
    parts = re.split(r"[*?]", pattern)
    return parts[0], parts[-1]


def _takes(pattern: str, text: str) -> bool:
    places = _closed(pattern, {0})
    for letter in text:
        places = _step(pattern, places, letter)
    return _ends(pattern, places)


def _step(pattern: str, places: _Places, letter: str) -> _Places:
    """Give the places after one more letter; none where the pattern takes no such text."""
    stay = {place for place in places if pattern[place : place + 1] == "*"}
    advance = {place + 1 for place in places if pattern[place : place + 1] in ("?", letter)}
    return _closed(pattern, stay | advance)


def _closed(pattern: str, places: set[int]) -> _Places:
    """Add the places behind each `*`, which may stand for nothing."""
    found = set(places)
    for place in places:
        following = place
        while pattern[following : following + 1] == "*":
            following += 1
            found.add(following)
    return frozenset(found)


def _ends(pattern: str, places: _Places) -> bool:
    return len(pattern) in places


def _takes_all(pattern: str, places: _Places) -> bool:
    """Tell whether a pattern takes whatever follows: a text stands at its last character, and that is a `*`."""
    return pattern.endswith("*") and len(pattern) in places
