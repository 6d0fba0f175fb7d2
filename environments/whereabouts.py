"""Where an environment file says that its state and its things are: what must not change under what stands."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import StringConstraints

from environments import toml_files
from environments.faults import InvalidEnvironmentError, dotted

# The key of a place: its first part says what it is the place of.
Place = Annotated[str, StringConstraints(pattern=r"^(backend|region|accounts\..+|zones\..+)$")]
_BESIDE = "a file beside the configuration"


def moves(before: Path, after: Path) -> dict[str, tuple[str, str]]:
    """Compare two versions of an environment file; give what is elsewhere, by its key: the old place and the new.

    Only what both say counts; without a backend the state lies beside the configuration. A version that is missing or
    cannot be read says nothing.
    """
    old, new = _read(before), _read(after)
    if not old or not new:
        return {}
    return {key: (old[key], new[key]) for key in old if key in new and old[key] != new[key]}


def _read(file: Path) -> dict[str, str]:
    try:
        return whereabouts(toml_files.read(file, str(file))) if file.is_file() else {}
    except InvalidEnvironmentError:
        return {}


def whereabouts(content: Mapping[str, Any]) -> dict[str, str]:
    """Give the places of a file's content by their keys: the state, the region, the accounts' ids, the zones."""
    return {key: str(place) for key, place in _places(content) if place is not None}


def _places(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    backend = _table(content, "backend")
    yield "backend", "s3://{bucket}/{key}".format_map(_Written(backend)) if backend else _BESIDE
    yield "region", content.get("region")
    for name in _table(content, "accounts"):
        yield dotted("accounts", name, "id"), _table(content["accounts"], name).get("id")
    for name, zone in _table(content, "zones").items():
        settings = zone if isinstance(zone, Mapping) else {"account": zone}
        yield dotted("zones", name), settings.get("account")
        yield dotted("zones", name, "id"), settings.get("id")


class _Written(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _table(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = content.get(key)
    return value if isinstance(value, Mapping) else {}
