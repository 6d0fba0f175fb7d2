"""Where an environment file says that its state and its things are: what must not change under what stands."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import StringConstraints

from environments import toml_files
from environments.faults import InvalidEnvironmentError, dotted

# The key of a place: its first part says what it is the place of.
Place = Annotated[str, StringConstraints(pattern=r"^(backend|region|(backend|platform|accounts|zones)\..+)$")]
_KEY = "backend.kms_key_arn"
_IDENTITIES = ("profile", "role_arn")  # as whom Terraform acts in the account
# What is only looked up of another tool's platform, and where a platform is made.
_PLATFORM = (
    "kind",
    "account",
    "load_balancer",
    "load_balancer_security_group",
    "instance_security_group",
    "autoscaling_group",
    "user_pool",
    "alert_topic",
)
_NOTHING = "nothing"
_BESIDE = "a file beside the configuration"


def moves(before: Path, after: Path) -> dict[str, tuple[str, str]]:
    """Compare two versions of an environment file; give what is elsewhere, by its key: the old place and the new.

    What one of them does not say is nothing, and counts where both have the account or the zone; without a backend the
    state lies beside the configuration. A version that is missing or cannot be read says nothing.
    """
    old, new = _read(before), _read(after)
    if not old or not new:
        return {}
    both = {key: (old[key], new.get(key, _NOTHING)) for key in old if key in new or _is_optional(key, new)}
    both |= {key: (_NOTHING, new[key]) for key in new if key not in old and _is_optional(key, old)}
    return {key: places for key, places in both.items() if places[0] != places[1]}


def _is_optional(key: str, others: Mapping[str, str]) -> bool:
    """Tell whether a version may leave a key out and still have what it is a place of."""
    account, _, name = key.rpartition(".")
    return key == _KEY or (name in _IDENTITIES and f"{account}.id" in others)


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
    yield _KEY, backend.get("kms_key_arn")
    yield "region", content.get("region")
    for name in _PLATFORM:
        yield dotted("platform", name), _table(content, "platform").get(name)
    for name in _table(content, "accounts"):
        for key in ("id", *_IDENTITIES):
            yield dotted("accounts", name, key), _table(content["accounts"], name).get(key)
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
