"""Pydantic's errors as sentences for the person who wrote the file: what is there, why not, and what to give."""

import difflib
import re
from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from environments import platforms, sign_in
from environments.faults import Fault, dotted
from environments.quotas import FIXED
from environments.schema import EnvironmentFile
from environments.table import Table
from environments.text import shown

_KEY_REMEDIES = {
    "accounts": "give a name of at most 32 characters of a-z, 0-9 and inner hyphens that starts with a letter",
    "services": "give a name of at most 32 characters of a-z, 0-9 and inner hyphens that starts with a letter",
}

_SHORT_ZONE = 2  # keys: `zones."getorcha.com"` may hold its account's name alone
_IN_PLAIN_TEXT = "client_secret"  # no key, and what many would try first
_SECRET = re.compile(r"secret|password|passwd|token|access_key|private_key|credential", re.IGNORECASE)
_NEAR_CREDENTIALS = (_IN_PLAIN_TEXT, "client_secret_parameter")

# Tables of several kinds; in pydantic's locations the kind stands behind the table's key.
_KINDS: tuple[dict[str, type[Table]], ...] = (platforms.KINDS, sign_in.KINDS)

_REASONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "bool_type": lambda _: "is not true or false",
    "dict_type": lambda _: "is not a table",
    "float_type": lambda _: "is not a number",
    "finite_number": lambda _: "is not a finite number",
    "greater_than": lambda context: f"is not above {context['gt']:g}",
    "greater_than_equal": lambda context: f"is below {context['ge']}",
    "int_type": lambda _: "is not a whole number",
    "less_than_equal": lambda context: f"is above {context['le']:g}",
    "model_type": lambda _: "is not a table",
    "string_too_long": lambda context: f"is longer than {context['max_length']} characters",
    "string_type": lambda _: "is not text in quotes",
    "too_long": lambda context: f"holds more than {context['max_length']} values",
    "too_short": lambda _: "is empty",
    "tuple_type": lambda _: "is not a list",
}


def place_of(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Write one of pydantic's locations as the file has it: without the tag of a table's kind."""
    if loc[:1] == ("platform",):
        return _untagged(loc, 1, platforms.KINDS)
    if loc[:1] == ("services",) and loc[2:3] == ("sign_in",):
        return _untagged(loc, 3, sign_in.KINDS)
    return loc


def _untagged(loc: tuple[int | str, ...], place: int, kinds: dict[str, type[Table]]) -> tuple[int | str, ...]:
    tagged = len(loc) > place and loc[place] in kinds
    return (*loc[:place], *loc[place + 1 :]) if tagged else loc


def fault_of(error: ErrorDetails, file: str) -> Fault:
    """Turn one of pydantic's errors into a fault with place, value and remedy."""
    loc = error["loc"]
    if loc == ("name",):
        return Fault(file, "", f"the file name {shown(error['input'])} is not accepted; {_remedy(loc)}")
    if error["type"] == "sentence":
        place, value = (loc[:-1], loc[-2]) if loc[-1] == "[key]" else (loc, error["input"])
        return Fault(file, dotted(*place_of(place)), f"{_shown(place, value)} {error['msg']}")
    if loc[-1] == "[key]":
        remedy = _KEY_REMEDIES[str(loc[0])]
        return Fault(file, dotted(*loc[:-1]), f"{shown(loc[-2])} is not accepted as a name here; {remedy}")
    if error["type"] == "missing":
        return Fault(file, dotted(*place_of(loc)), f"is missing; {_remedy(loc)}")
    if error["type"] == "extra_forbidden":
        return Fault(file, dotted(*place_of(loc)), _unknown_key(loc, error["input"]))
    return Fault(file, dotted(*place_of(loc)), f"{_shown(loc, error['input'])} {_reason(error)}; {_remedy(loc)}")


def _shown(loc: tuple[int | str, ...], value: Any) -> str:
    """Write a value, but not one that may be a secret in the wrong place: faults end up in the logs of pipelines."""
    return "what is written here" if loc[-1] in _NEAR_CREDENTIALS else shown(value)


def _reason(error: ErrorDetails) -> str:
    reason = _REASONS.get(error["type"])
    return reason(error.get("ctx", {})) if reason else "is not accepted"


def _remedy(loc: tuple[int | str, ...]) -> str:
    """Read what to give from the description of the field at a location, or of the nearest table around it."""
    description = ""
    annotation: Any = EnvironmentFile
    loc = (*loc, "account") if loc[0] == "zones" and len(loc) == _SHORT_ZONE else loc
    for key in loc:
        field, annotation = _step(annotation, key)
        description = field.description or description if field else description
    return f"give {description}" if description else "remove it"


def _unknown_key(loc: tuple[int | str, ...], value: Any) -> str:
    if loc[-1] == _IN_PLAIN_TEXT:
        return (
            "has no place in a file of the repository; name an SSM parameter that holds it, as client_secret_parameter"
        )
    if kind := _kind_with(loc):
        return f'{_shown(loc, value)} is given to a key of kind "{kind}" alone; remove it, or change kind'
    if _SECRET.search(str(loc[-1])):  # a terminal, or a log of CI, would keep the value
        return "is a secret by its name, and has no place in a file of the repository; remove it, and change the secret"
    if loc[0] == "limits" and (quota := FIXED.get(str(loc[-1]))):
        return f"{shown(value)} is given to a quota of {quota.default} that AWS does not raise; remove it"
    return f"{shown(value)} is given to a key that is not known here; {_other_key(loc)}"


def _other_key(loc: tuple[int | str, ...]) -> str:
    if meant := meant_key(loc):
        return f"write {meant[-1]}"
    for depth in range(len(loc) - 2, -1, -1):  # in TOML, a key belongs to the last table that began before it
        if loc[-1] in _known(loc[:depth]):
            table = dotted(*place_of(loc[:depth]))
            place = f"{table}, above the tables in it" if table else "the start of the file, above all tables"
            return f"move it to {place}, or remove it"
    return f"remove it, or use one of {', '.join(_known(loc[:-1]))}"


def meant_key(loc: tuple[int | str, ...]) -> tuple[int | str, ...] | None:
    """Give the location that an unknown key stands for, if it looks like a misspelt one."""
    written = re.sub(r"[^a-z0-9]", "_", str(loc[-1]).lower())
    close = difflib.get_close_matches(written, _known(loc[:-1]), n=1, cutoff=0.75)
    return None if not close or _kind_with(loc) else (*loc[:-1], close[0])


def _kind_with(loc: tuple[int | str, ...]) -> str:
    """Give the kind of the table that has a key, where the kind that was written has it not."""
    kinds = next((kinds for kinds in _KINDS if _annotation(loc[:-2]) == kinds), {})
    return next((kind for kind, table in kinds.items() if loc[-1] in table.model_fields), "")


def _known(table: tuple[int | str, ...]) -> list[str]:
    """List the keys of a table; the file's name is none of its own."""
    fields = getattr(_annotation(table), "model_fields", {})
    return [name for name in fields if table or name != "name"]


def _annotation(loc: tuple[int | str, ...]) -> Any:
    annotation: Any = EnvironmentFile
    for key in loc:
        _, annotation = _step(annotation, key)
    return annotation


def _step(annotation: Any, key: int | str) -> tuple[FieldInfo | None, Any]:
    """Go one key deeper: from a model to its field, from a dict or a tuple to what it holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = annotation.model_fields.get(str(key))
        return field, _plain(field.annotation) if field else None
    if annotation in _KINDS:
        return None, annotation.get(str(key))
    arguments = [argument for argument in get_args(annotation) if argument is not ...]
    return None, _plain(arguments[-1]) if arguments else None


def _plain(annotation: Any) -> Any:
    """Take Annotated and Optional off a type."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        plain = [_plain(argument) for argument in get_args(annotation) if argument is not type(None)]
        # Where the kinds are the choice, one step further lies the tag.
        return next((kinds for kinds in _KINDS if list(kinds.values()) == plain), plain[0])
    return annotation
