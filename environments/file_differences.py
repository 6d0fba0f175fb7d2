"""What differs between two versions of an environment file, in words: what somebody who changed it asked for."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from environments import toml_files
from environments.faults import InvalidEnvironmentError, dotted
from environments.text import around_the_difference, printable, shown

_RENAMED = "renamed_from"
_SERVICES, _ZONES = "services", "zones"
_MOST_SERVICES = 8
_MOST_CHARACTERS = 200  # more than an image's name, which differs at its end


def file_differences(before: Path, after: Path) -> list[str] | None:
    """Compare two versions of an environment file; give phrases such as `link: port 9999 → 9998`.

    None where one of them cannot be read.
    """
    try:
        new = toml_files.read(after, str(after))
        old = toml_files.read(before, str(before)) if before.is_file() else None
    except InvalidEnvironmentError:
        return None
    return differences(old, new)


def differences(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[str]:
    """Do the same for what the files hold, None for one that is missing."""
    if old is None:
        return [printable(_whole(list(_tables(new.get(_SERVICES)))))]
    return [printable(text) for text in [*_of_services(old, new), *_of_the_rest(old, new)]]


def _whole(services: list[str]) -> str:
    """Say what a new file asks for; what many services are, its meaning lists."""
    if len(services) > _MOST_SERVICES:
        return f"The whole file, which is new: {len(services)} services"
    named = f"{'service' if len(services) == 1 else 'services'} {', '.join(services)}"
    return f"The whole file, which is new: {named if services else 'no services'}"


def _of_services(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = (_tables(content.get(_SERVICES)) for content in (old, new))
    former = {name: _former(name, table, before, after) for name, table in after.items()}
    yield from (f"{name}: removed" for name in before if name not in former.values())
    for name, table in after.items():
        was = former[name]
        if was is None:
            port = f" on port {shown(table['port'])}" if "port" in table else ""
            yield f"{name}: a new service{port}, for {_text(table.get('hosts', []))}"
            continue
        if was != name:
            yield f"{name}: renamed from {was}"
        kept = {key: value for key, value in table.items() if was == name or key != _RENAMED}
        yield from (f"{name}: {change}" for change in changes(before[was], kept))


def _former(name: str, table: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Give the name that a service had before; None for a new one."""
    was = str(table.get(_RENAMED))
    return name if name in before else was if was in before and was not in after else None


def _of_the_rest(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys([*new, *old]):
        if key == _SERVICES:
            continue
        sides = [content.get(key, {}) for content in (old, new)]
        if all(isinstance(side, Mapping) for side in sides):
            yield from (f"{key}: {change}" for change in _flat_changes(*(_of_table(key, side) for side in sides)))
        else:
            before, after = old.get(key), new.get(key)
            yield from changes({key: before} if key in old else {}, {key: after} if key in new else {})


def _of_table(key: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """Give a table's keys; a zone's account stands for the zone, as `"a.com" = { account = "prod" }` is "prod" too."""
    last = ".account" if key == _ZONES else ""
    return {name.removesuffix(last): value for name, value in _flat(table)}


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Give a phrase for each key of two tables that differs, as in `port 9999 → 9998`."""
    yield from _flat_changes(dict(_flat(old)), dict(_flat(new)))


def _flat_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys([*after, *before]):
        if key not in before:
            yield f"{key} {_text(after[key])} (was not set)"
        elif key not in after:
            yield f"{key} no longer set (was {_text(before[key])})"
        elif before[key] != after[key]:
            yield _change(key, before[key], after[key])


def _change(key: str, old: Any, new: Any) -> str:
    if isinstance(old, list) and isinstance(new, list):
        added, removed = ([item for item in a if item not in b] for a, b in ((new, old), (old, new)))
        texts = _pair(added, removed)
        parts = [f"{texts[0]} added"] if added else []
        parts += [f"{texts[1]} removed"] if removed else []
        return f"{key} {' and '.join(parts) or f'in another order: {_text(new)}'}"
    before, after = _pair(old, new)
    return f"{key} {before} → {after}"


def _flat(table: Mapping[str, Any], *keys: str) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, *keys, key)
        else:
            yield dotted(*keys, key), value


def _tables(value: Any) -> dict[str, Mapping[str, Any]]:
    found = value.items() if isinstance(value, Mapping) else ()
    return {str(name): table for name, table in found if isinstance(table, Mapping)}


def _pair(one: Any, other: Any) -> tuple[str, str]:
    """Write two values that differ so that they look different, also where only their middles do."""
    texts = _text(one), _text(other)
    if texts[0] != texts[1]:
        return texts
    before, after = (json.dumps(value, ensure_ascii=False, default=str) for value in (one, other))
    return around_the_difference(before, after, _MOST_CHARACTERS)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    text = shown(value, _MOST_CHARACTERS)
    return text[1:-1] if isinstance(value, str) and text.endswith('"') else text
