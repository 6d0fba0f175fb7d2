"""Faults of an environment file: what they are, and how they read."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from environments.text import printable, shortened

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MAX_PATH_CHARACTERS = 160


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
