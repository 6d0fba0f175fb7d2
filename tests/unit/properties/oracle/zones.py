"""The zones of a file in either form: which account holds each, which are made here, and where a host lies."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tests.unit.properties.oracle.names import key, lies_in

Content = dict[str, Any]


def holders(content: Content) -> dict[str, str]:
    """Give the account that holds each zone, in the order of the file, by the spelling that DNS compares."""
    return {
        key(zone): value["account"] if isinstance(value, dict) else value for zone, value in content["zones"].items()
    }


def created(content: Content) -> list[str]:
    """List the zones that the environment makes."""
    zones = content["zones"].items()
    return [key(zone) for zone, value in zones if isinstance(value, dict) and value.get("create", False)]


def zone_of(host: str, zones: Iterable[str]) -> str | None:
    """Find the longest declared zone that a host lies in; of a wildcard, that of the names under it."""
    return max((zone for zone in zones if lies_in(host.removeprefix("*."), zone)), key=len, default=None)


def parent_of(zone: str, zones: Iterable[str]) -> str | None:
    """Find the declared zone that a zone lies below, in which it is delegated."""
    return zone_of(zone, (item for item in zones if item != zone))


def zone_breaches(content: Content) -> Iterator[str]:
    spelled = Counter(map(key, content["zones"]))
    yield from (f"zone {zone!r} stands there {count} times" for zone, count in spelled.items() if count > 1)
    tables = {zone: value for zone, value in content["zones"].items() if isinstance(value, dict)}
    yield from (
        f"zone {zone} is made and has an id" for zone, value in tables.items() if value.get("create") and "id" in value
    )
    ids = Counter(value["id"] for value in tables.values() if "id" in value)
    yield from (f"zone id {zone_id} is given {count} times" for zone_id, count in ids.items() if count > 1)
    yield from (
        f"zone {zone} is made here, and no declared zone delegates to it"
        for zone in created(content)
        if parent_of(zone, spelled) is None
    )
