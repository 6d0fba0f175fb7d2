"""The values of the `[zones]` table: an account's name, or a table that says more. Code reads one shape, the table."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator

from environments.fields import Key
from environments.table import Table

_ACCOUNT: TypeAdapter[str] = TypeAdapter(Key)


class DeclaredZone(Table):
    """A hosted zone: the account that holds it, and whether this environment makes it."""

    account: Key = Field(description="the name of the account that holds the zone")
    create: bool = Field(
        False, description="true to make the zone and delegate to it from its parent, or false where it exists"
    )


def _normalized(value: Any, validate: ValidatorFunctionWrapHandler) -> DeclaredZone:
    """Take the short form, `"getorcha.com" = "management"`, for a zone that exists; its faults are those of a name."""
    if not isinstance(value, dict | DeclaredZone):
        return DeclaredZone(account=_ACCOUNT.validate_python(value, strict=True))
    zone: DeclaredZone = validate(value)
    return zone


ZoneValue = Annotated[DeclaredZone, WrapValidator(_normalized, json_schema_input_type=Key | DeclaredZone)]
