"""What differs in the files beside an environment's own, in words: they end up in its plan, or in its review.

The instances of a managed platform run the compose file; two say what is taken over and what is let go. Of a plan's
checks the waivers decide.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from environments import compose, toml_files
from environments.faults import InvalidEnvironmentError
from environments.file_differences import changes
from environments.imports_file import imports_file
from environments.released_file import released_file
from environments.text import listed, printable

_MANAGED = "managed"


def data_differences(before: Path, after: Path, compose_file: Path | None) -> list[str]:
    """Compare what lies beside two versions of an environment file; `compose_file` is the one beside the later."""
    found = [*_of_addresses(before, after), *_of_compose(before, after, compose_file)]
    return [printable(text) for text in found]


def waiver_differences(before: Path, after: Path) -> list[str]:
    """Name the checks that are newly waived, or waived otherwise, between two files of waivers, where there are two."""
    old, new = (_read(file).get("waiver") for file in (before, after))
    if not isinstance(old, list) or not isinstance(new, list):
        return []
    names = [f"{waiver.get('check')} on {waiver.get('resource')}" for waiver in new if waiver not in old]
    verb = "is" if len(names) == 1 else "are"
    return [printable(f"policy/{after.name}: {listed(names)} {verb} waived from now on")] if names else []


def _of_addresses(before: Path, after: Path) -> Iterator[str]:
    for place, key, done in ((imports_file, "imports", "taken over"), (released_file, "released", "let go")):
        old, new = (_addresses(place(file), key) for file in (before, after))
        if added := [address for address in new if address not in old]:
            yield f"{place(after).name}: {listed(added)} {'is' if len(added) == 1 else 'are'} {done}"


def _addresses(file: Path, key: str) -> list[str]:
    """List what a file names: addresses with the ids of what is imported, or services with their addresses."""
    table = _read(file).get(key)
    entries = table.items() if isinstance(table, Mapping) else ()
    return [f"{name} ({value})" if isinstance(value, str) else str(name) for name, value in entries]


def _of_compose(before: Path, after: Path, compose_file: Path | None) -> Iterator[str]:
    old = compose.compose_file(before.parent)
    platform = _read(after).get("platform")
    is_run = isinstance(platform, Mapping) and platform.get("kind") == _MANAGED
    if not is_run or old is None or compose_file is None or old.read_bytes() == compose_file.read_bytes():
        return
    contents = [_compose(file) for file in (old, compose_file)]
    said = list(changes(*contents)) if all(contents) else []
    yield from (f"{compose.COMPOSE_FILE}: {change}" for change in said or ["written otherwise"])


def _compose(file: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return content if isinstance(content, Mapping) else {}


def _read(file: Path) -> dict[str, Any]:
    try:
        return toml_files.read(file, str(file)) if file.is_file() else {}
    except InvalidEnvironmentError:
        return {}
