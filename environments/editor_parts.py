"""Sentences of JSON Schema that the editors' rules are written with."""

from typing import Any

Schema = dict[str, Any]


def never(*patterns: str) -> list[Schema]:
    """State that a text matches none of some patterns."""
    return [{"not": {"pattern": pattern}} for pattern in patterns]


def when(case: Schema, then: Schema) -> Schema:
    """State what some keys must be in a case; editors show such a fault at the key, and that of a `not` at the file."""
    return {"if": case, "then": {"properties": then}}


def sets(key: str, **values: Any) -> Schema:
    """State that a table has a key of a value; without `required`, a table without the key would do."""
    return {"required": [key], "properties": {key: values}}


def of(properties: Schema) -> Schema:
    """State what keys of a table are, where they are set."""
    return {"properties": properties}


def every(schema: Schema) -> Schema:
    """State what every table below a table is, whatever it is called."""
    return {"additionalProperties": schema}


def no_service_has(key: str) -> Schema:
    """State that no service has a key."""
    return of({"services": every({"not": {"required": [key]}})})
