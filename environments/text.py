"""Text for people: values on one line, without what a terminal would act on, and no longer than a line holds."""

import json
import re
from collections.abc import Iterable
from typing import Any

_MAX_VALUE_CHARACTERS = 60
_MAX_LISTED = 8
_CREDENTIALS = re.compile(r"://[^/\s@]*@")  # the userinfo of a URL: RFC 3986 section 3.2.1


def shown(value: Any, most: int = _MAX_VALUE_CHARACTERS) -> str:
    """Write a value on one line, as TOML would, shortened where it is long, and without the password of a URL."""
    text = _CREDENTIALS.sub("://…@", printable(json.dumps(value, ensure_ascii=False, default=str)))
    return text if len(text) <= most else text[: most - 1] + "…"


def printable(text: str) -> str:
    """Write as TOML escapes what a terminal would act on, hide, or show as more than one line."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" if c <= "\uffff" else f"\\U{ord(c):08x}" for c in text)


def listed(names: Iterable[str]) -> str:
    """Write what one may choose from, the first of it where there is more than a line holds."""
    every = list(names)
    more = f" … ({len(every)} in all)" if len(every) > _MAX_LISTED else ""
    return ", ".join(every[:_MAX_LISTED]) + more


def shortened(text: str, most: int) -> str:
    """Leave out the middle of a long text: both ends say where a fault is."""
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}…{text[1 - half :]}"


def around_the_difference(before: str, after: str, most: int) -> tuple[str, str]:
    """Cut out of two long texts where they begin to differ."""
    shorter = min(len(before), len(after))  # where one begins with all of the other, at its end
    same = next((i for i, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), shorter)
    start = max(0, same - most // 4)
    old, new = (f"…{text[start : start + most]}…" for text in (before, after))
    return old, new
