"""Kinds of values: each judges one TOML value and says in a sentence what is wrong with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol


def _shown(value: Any) -> str:
    """Shorten a value for a sentence; Python refuses to write a number of 5,000 digits, or a table a mile deep."""
    try:
        return f"{value!r:.80}"
    except (ValueError, RecursionError):
        return "too much to write"


class Kind(Protocol):
    """What a key may hold."""

    def breaches(self, value: Any, path: str) -> Iterator[str]: ...


@dataclass(frozen=True)
class Text:
    """Text that a regular expression matches from its first character to its last."""

    pattern: str
    longest: int = 1_000_000
    judge: Callable[[str], Iterator[str]] = lambda _: iter(())

    def breaches(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path} is {_shown(value)}, not text"
        elif not re.fullmatch(self.pattern, value) or len(value) > self.longest:
            yield f"{path} is {_shown(value)}, which does not match {self.pattern} in {self.longest} characters"
        else:
            yield from (f"{path}: {item}" for item in self.judge(value))


@dataclass(frozen=True)
class Whole:
    """A whole number; neither true nor 5.0 is one."""

    lowest: int
    highest: int = 10**18

    def breaches(self, value: Any, path: str) -> Iterator[str]:
        if type(value) is not int:
            yield f"{path} is {_shown(value)}, not a whole number"
        elif not self.lowest <= value <= self.highest:
            yield f"{path} is {_shown(value)}, not within {self.lowest}-{self.highest}"


@dataclass(frozen=True)
class Number:
    """A number above 0, whole or not; neither nan nor inf lies in any range."""

    highest: float

    def breaches(self, value: Any, path: str) -> Iterator[str]:
        if type(value) not in {int, float}:
            yield f"{path} is {_shown(value)}, not a number"
        elif not 0 < value <= self.highest:
            yield f"{path} is {_shown(value)}, not above 0 and up to {self.highest}"


@dataclass(frozen=True)
class Truth:
    """True or false; 1 is neither."""

    def breaches(self, value: Any, path: str) -> Iterator[str]:
        if type(value) is not bool:
            yield f"{path} is {_shown(value)}, neither true nor false"


@dataclass(frozen=True)
class ListOf:
    """A list of at least so many values of one kind, and at most so many."""

    kind: Kind
    least: int = 1
    most: int = 1_000_000

    def breaches(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            yield f"{path} is {_shown(value)}, not a list of at least {self.least} and at most {self.most}"
            return
        for index, entry in enumerate(value):
            yield from self.kind.breaches(entry, f"{path}[{index}]")


@dataclass(frozen=True)
class TableOf:
    """A table whose keys are the user's."""

    name: Text
    kind: Kind
    least: int = 0

    def breaches(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict) or len(value) < self.least:
            yield f"{path} is {_shown(value)}, not a table of at least {self.least}"
            return
        for key, entry in value.items():
            yield from self.name.breaches(key, f"the name {path}.{_shown(key)}")
            yield from self.kind.breaches(entry, f"{path}.{_shown(key)}")


@dataclass(frozen=True)
class Table:
    """A table whose keys are the format's."""

    required: dict[str, Kind] = field(default_factory=dict)
    optional: dict[str, Kind] = field(default_factory=dict)

    def breaches(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path} is {_shown(value)}, not a table"
            return
        kinds = {**self.required, **self.optional}
        yield from (f"{path}.{key} is missing" for key in self.required if key not in value)
        for key, entry in value.items():
            if key in kinds:
                yield from kinds[key].breaches(entry, f"{path}.{key}")
            else:
                yield f"{path}.{_shown(key)} is not a key of the format"


@dataclass(frozen=True)
class TableByKind:
    """A table whose keys are those of the kind that it names."""

    tables: dict[str, Table]

    def breaches(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path} is {_shown(value)}, not a table"
            return
        kind = value.get("kind")
        if isinstance(kind, str) and kind in self.tables:
            yield from self.tables[kind].breaches(value, path)
        else:
            yield f"{path}.kind is {_shown(kind)}, not one of {', '.join(self.tables)}"


@dataclass(frozen=True)
class TextOrTable:
    """A value with a short form, text, and a long one, a table."""

    text: Text
    table: Table

    def breaches(self, value: Any, path: str) -> Iterator[str]:
        yield from (self.table if isinstance(value, dict) else self.text).breaches(value, path)
