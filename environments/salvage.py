"""Keep what is right of a faulty file, so that the checks across fields can run on it and report at the same time.

A faulty optional value gives way to its default, a faulty required one to a stand-in, and a fault that rests on
a stand-in is not reported. The stand-ins never leave the loader: a file with a fault is refused.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from environments import platforms, sign_in, zones
from environments.faults import Fault, dotted
from environments.pydantic_faults import fault_of, meant_key, place_of
from environments.schema import EnvironmentFile

_STAND_INS: dict[tuple[str, ...], Callable[[int, str], Any]] = {
    ("name",): lambda _number, _account: "stand-in",
    ("prefix",): lambda _number, _account: "stand-in",
    ("region",): lambda _number, _account: "eu-central-1",
    ("backend", "bucket"): lambda _number, _account: "stand-in",
    ("backend", "key"): lambda _number, _account: "stand-in",
    ("backend", "region"): lambda _number, _account: "eu-central-1",
    ("accounts",): lambda _number, _account: {"stand-in": {}},
    ("accounts", "*"): lambda _number, _account: {},
    ("accounts", "*", "id"): lambda number, _account: f"{number:012}",
    ("zones",): lambda _number, account: {"stand-in.invalid": account},
    ("zones", "*"): lambda _number, account: account,
    ("zones", "*", "account"): lambda _number, account: account,
    ("platform",): lambda _number, _account: {},
    ("platform", "account"): lambda _number, account: account,
    ("platform", "load_balancer"): lambda _number, _account: "stand-in",
    ("platform", "load_balancer_security_group"): lambda _number, _account: "stand-in",
    ("platform", "instance_security_group"): lambda _number, _account: "stand-in",
    ("platform", "autoscaling_group"): lambda _number, _account: "stand-in",
    ("platform", "alert_topic"): lambda _number, _account: "stand-in",
    ("platform", "instances"): lambda _number, _account: {},
    ("platform", "instances", "image"): lambda _number, _account: "stand-in",
    ("services", "*"): lambda _number, _account: {},
    ("services", "*", "port"): lambda number, _account: 1 + number,
    ("services", "*", "priority"): lambda number, _account: 1 + number,
    ("services", "*", "hosts"): lambda number, _account: [f"stand-in-{number}.invalid"],
    ("services", "*", "hosts", "*"): lambda number, _account: f"stand-in-{number}.invalid",
    ("services", "*", "sign_in", "issuer"): lambda _number, _account: "https://stand-in.invalid",
    ("services", "*", "sign_in", "authorization_endpoint"): lambda _number, _account: "https://stand-in.invalid",
    ("services", "*", "sign_in", "token_endpoint"): lambda _number, _account: "https://stand-in.invalid",
    ("services", "*", "sign_in", "user_info_endpoint"): lambda _number, _account: "https://stand-in.invalid",
    ("services", "*", "sign_in", "client_id"): lambda _number, _account: "stand-in",
    ("services", "*", "sign_in", "client_secret_parameter"): lambda _number, _account: "/stand-in",
}
_ROUNDS = 4  # a stand-in for a table can bring up the values in it, three tables deep


@dataclass(frozen=True)
class Salvaged:
    """The faults of a file's own values, and what is left of it (None where nothing is)."""

    environment: EnvironmentFile | None
    faults: tuple[Fault, ...]
    faulty_paths: tuple[str, ...]

    def doubts(self, fault: Fault) -> bool:
        """Tell whether a fault rests on a value that is faulty itself."""
        return any(_within(path, faulty) for path in (fault.path, *fault.rests_on) for faulty in self.faulty_paths)


def salvage(raw: Mapping[str, Any], *, name: str, file: str) -> Salvaged:
    """Validate a file's content; give its faults, and an environment in which stand-ins replace what is faulty."""
    content: dict[str, Any] = {**copy.deepcopy(dict(raw)), "name": name}
    in_pieces = [Fault(file, path, problem) for path, problem in zones.joined(content)]
    first: list[ErrorDetails] = []
    for _ in range(_ROUNDS):
        try:
            environment = EnvironmentFile.model_validate(content)
        except ValidationError as error:
            errors = error.errors()
            first = first or errors
            for number, detail in enumerate(errors):
                known = detail["type"] != "extra_forbidden"  # another kind's key has a stand-in there only
                _repair(content, place_of(detail["loc"]), number, known=known)
        else:
            return _salvaged(environment, first, in_pieces, file)
    return _salvaged(None, first, in_pieces, file)


def _salvaged(
    environment: EnvironmentFile | None, errors: list[ErrorDetails], known: list[Fault], file: str
) -> Salvaged:
    unknown = [error["loc"] for error in errors if error["type"] == "extra_forbidden"]
    meant = [loc for loc in map(meant_key, unknown) if loc is not None]
    locations = [error["loc"] for error in errors]
    reported = [error for error in errors if not _follows_from_another(error, locations, meant)]
    paths = [dotted(*_faulty_location(place_of(loc))) for loc in (*locations, *meant)]
    return Salvaged(environment, (*known, *(fault_of(error, file) for error in reported)), tuple(paths))


def _faulty_location(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Say what a faulty value casts doubt on: itself; for the name of a zone or an account, all others of its kind."""
    if loc[-1] != "[key]":
        return loc
    return loc[:-1] if loc[0] == "services" else loc[:1]


def _follows_from_another(
    error: ErrorDetails, locations: list[tuple[int | str, ...]], meant: list[tuple[int | str, ...]]
) -> bool:
    """Tell whether an error says nothing new.

    A list may be too short because its items are faulty, a default not made beside a fault, and a key missing because
    it is misspelt.
    """
    loc = error["loc"]
    if error["type"] == "missing" and loc in meant:
        return True
    too_short = error["type"] == "too_short" and any(other[: len(loc)] == loc and other != loc for other in locations)
    return too_short or error["type"] == "default_factory_not_called"


def _repair(content: dict[str, Any], location: tuple[int | str, ...], number: int, *, known: bool) -> None:
    """Replace or remove the value at one location; a location that an earlier repair took away stays away."""
    loc = location[:-1] if location[-1] == "[key]" else location
    table: Any = content
    for key in loc[:-1]:
        if isinstance(table, dict) and key not in table:
            return
        table = table[key]
    stand_in = _stand_in(loc, content, number) if known and location[-1] != "[key]" else None
    if isinstance(table, dict):
        table.pop(loc[-1], None)
    if stand_in is not None:
        table[loc[-1]] = stand_in


def _stand_in(loc: tuple[int | str, ...], content: dict[str, Any], number: int) -> Any:
    """Give a value that is valid at a required location, and unique where it must be; None elsewhere."""
    if loc == ("platform", "kind"):
        return platforms.kind_of(content["platform"])
    if _shape(loc) == ("services", "*", "sign_in", "kind"):
        return sign_in.kind_of(content["services"][loc[1]]["sign_in"])
    accounts = content.get("accounts")
    account = next(iter(accounts), "stand-in") if isinstance(accounts, dict) else "stand-in"
    make = _STAND_INS.get(_shape(loc))
    return make(number, account) if make else None


def _shape(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Write a location with a star for what the user names or counts: `("services", "*", "hosts", "*")`."""
    named = loc[0] in {"accounts", "zones", "services"}
    return tuple("*" if isinstance(key, int) or (named and place == 1) else key for place, key in enumerate(loc))


def _within(path: str, faulty: str) -> bool:
    return path == faulty or path.startswith((faulty + ".", faulty + "["))
