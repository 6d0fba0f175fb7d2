"""JSON as it must be read where a review depends on it: whatever two readers could take differently is refused.

Of two equal keys Python keeps the last and Terraform merges both, so a block could hide behind its twin (RFC 8259,
section 4: names within an object should be unique). NaN and Infinity are no JSON at all.
"""

import json
from typing import Any


def loads(text: str | bytes) -> Any:
    """Read JSON; raises ValueError for what is none, for a key that stands twice, and for NaN or Infinity."""
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"the key {twice} stands twice in one object"
        raise ValueError(message)
    return found


def _refuse_constant(name: str) -> Any:
    message = f"{name} is not a value of JSON"
    raise ValueError(message)
