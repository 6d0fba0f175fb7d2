"""The values of the `[zones]` table: an account's name, or a table that says more. Code reads one shape, the table."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, StringConstraints, TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator

from environments.faults import dotted
from environments.fields import Key
from environments.table import Table
from environments.text import shown

_ACCOUNT: TypeAdapter[str] = TypeAdapter(Key)


class DeclaredZone(Table):
    """A hosted zone: the account that holds it, whether this environment makes it, and which of several it is."""

    account: Key = Field(description="the name of the account that holds the zone")
    create: bool = Field(
        False, description="true to make the zone and delegate to it from its parent, or false where it exists"
    )
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html
    id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,32}$")] | None = Field(
        None, description="the zone's id, where the account holds several of this name, such as Z0123456789ABC"
    )


def _normalized(value: Any, validate: ValidatorFunctionWrapHandler) -> DeclaredZone:
    """Take the short form, `"getorcha.com" = "management"`, for a zone that exists; its faults are those of a name."""
    if not isinstance(value, dict | DeclaredZone):
        return DeclaredZone(account=_ACCOUNT.validate_python(value, strict=True))
    zone: DeclaredZone = validate(value)
    return zone


ZoneValue = Annotated[DeclaredZone, WrapValidator(_normalized, json_schema_input_type=Key | DeclaredZone)]


def joined(content: dict[str, Any]) -> list[tuple[str, str]]:
    """Put the zones together whose names stand without quotes, since TOML reads their dots as tables.

    Gives the path of each with what is wrong; `content` then has them as they were meant.
    """
    declared = content.get("zones")
    if not isinstance(declared, dict):
        return []
    found = []
    for label in [label for label, value in declared.items() if "." not in label and _is_piece(value)]:
        for labels, value in _leaves(declared.pop(label), (label,)):
            name = ".".join(labels)
            declared.setdefault(name, value)
            problem = f"has no quotes around its name, and TOML reads the dots as tables; write {shown(name)}"
            found.append((dotted("zones", *labels), problem))
    return found


def _is_piece(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys().isdisjoint(DeclaredZone.model_fields)


def _leaves(value: Any, labels: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not _is_piece(value):
        yield labels, value
        return
    for label, inner in value.items():
        yield from _leaves(inner, (*labels, label))
