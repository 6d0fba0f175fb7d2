"""Write plain dicts as TOML: what the standard library reads and does not write."""

import json
import re
from collections.abc import Iterator
from typing import Any

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def dumps(content: dict[str, Any]) -> str:
    """Write a document in the order of its keys, which tells which zone comes first.

    TOML gives a key to the last header above, so that a dict with a value behind it is written in one line.
    """
    return "\n".join(_table(content, ())) + "\n"


def _table(content: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    if path:
        yield f"[{'.'.join(map(_key, path))}]"
    items = list(content.items())
    last = max((index for index, (_, value) in enumerate(items) if not isinstance(value, dict)), default=-1)
    yield from (f"{_key(key)} = {_value(value)}" for key, value in items[: last + 1])
    for key, value in items[last + 1 :]:
        yield from _table(value, (*path, key))


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    """Write a JSON string; TOML refuses a raw DEL, which JSON allows, and the surrogate pairs of `ensure_ascii`."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return "{" + ", ".join(f"{_key(key)} = {_value(entry)}" for key, entry in value.items()) + "}"
        case int() | float():
            return repr(value)  # inf and nan are spelled alike in both languages
    return str(value.isoformat())  # a date, a time, or both
