"""Faults of an environment file: what they are, and how they read."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MAX_VALUE_CHARACTERS = 60
_MAX_PATH_CHARACTERS = 160
_MAX_LISTED = 8


@dataclass(frozen=True)
class Fault:
    """One fault of an environment file, in one line.

    `file` is the path as the user would type it, `path` the dotted TOML path (empty for the whole file), and
    `problem` a sentence without a full stop that holds the value and, after a semicolon, the remedy. `rests_on` names
    the other paths that the fault follows from: where one of those is faulty itself, this fault says nothing new.
    """

    file: str
    path: str
    problem: str
    rests_on: tuple[str, ...] = ()

    def __str__(self) -> str:
        path = shortened(self.path, _MAX_PATH_CHARACTERS)
        return printable(f"{self.file}: {path}: {self.problem}" if path else f"{self.file}: {self.problem}")


class InvalidEnvironmentError(Exception):
    """One or more environment files cannot be used; `faults` holds every reason, at least one."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def dotted(*keys: str | int) -> str:
    """Join keys to a TOML path, quoting as TOML does: `zones."getorcha.com"`; a list index reads `hosts[1]`."""
    path = ""
    for key in keys:
        if isinstance(key, int):
            path += f"[{key}]"
        else:
            name = key if _BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
            path += f".{name}" if path else name
    return path


def shown(value: Any) -> str:
    """Write a value on one line, as TOML would, shortened where it is long."""
    text = printable(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _MAX_VALUE_CHARACTERS else text[: _MAX_VALUE_CHARACTERS - 1] + "…"


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
