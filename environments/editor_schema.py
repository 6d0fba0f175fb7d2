"""The JSON Schema of an environment file, by which editors complete and check it while it is written.

The models give its shape; the rules that JSON Schema can state are added here, each from the fact that the rule itself
reads. It must never refuse what the loader takes, or people learn to ignore their editor: where only a part of a rule
can be stated, the part is. Taplo, which checks TOML in most editors, ignores what is newer than draft 7 (seen with
0.9.0 and `prefixItems`), so this is draft 7; `python -m tests.taplo` asks it. Regular expressions keep to what
ECMA-262, Python and Rust have in common, so without look around:
https://json-schema.org/understanding-json-schema/reference/regular_expressions
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from environments import editor_rules
from environments.dns_names import HOST_PATTERN, NAME_PATTERN
from environments.schema import EnvironmentFile

DIALECT = "http://json-schema.org/draft-07/schema#"
Schema = dict[str, Any]

# What a description gives as an example, up to the end of it or an aside: "…, such as eu-central-1".
_EXAMPLES = re.compile(r"such as (.+?)(?= \(default|$)")
_EXAMPLE = re.compile(r'"[^"]*"|\[[^\]]*\]|[^\s,"]+')


def json_schema() -> Schema:
    """Give the JSON Schema of an environment file.

    The environment's name is the file's and no key in it, so it is left out.
    """
    schema = EnvironmentFile.model_json_schema()
    del schema["properties"]["name"]
    schema["required"].remove("name")
    for table in _tables(schema):
        table["properties"] = {key: _for_people(settings) for key, settings in table["properties"].items()}
    schema["$defs"] |= {"Host": editor_rules.host(), "Zone": editor_rules.zone()}
    schema["properties"]["zones"]["propertyNames"] = {"$ref": "#/$defs/Zone"}
    for name, rules in editor_rules.of_tables().items():
        _add(schema["$defs"][name], rules)
    schema["allOf"] = editor_rules.across_tables()
    return {"$schema": DIALECT, **schema}


def _tables(schema: Schema) -> Iterator[Schema]:
    yield schema
    yield from (table for table in schema["$defs"].values() if "properties" in table)


def _for_people(settings: Schema) -> Schema:
    """Write a key's schema for editors: TOML has no null, and a title that repeats the key says nothing."""
    kinds = [kind for kind in settings.get("anyOf", ()) if kind.get("type") != "null"]
    changed = {key: value for key, value in settings.items() if key not in ("anyOf", "title")}
    changed |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {}
    if changed.get("default", ...) is None:
        del changed["default"]
    if "patternProperties" in changed:
        changed["additionalProperties"] = False
    examples = list(_examples(changed))
    return _named(changed | ({"examples": examples} if examples else {}))


def _named(settings: Schema) -> Schema:
    """Let hosts refer to the one definition that says all about a host."""
    references = {HOST_PATTERN: "Host", NAME_PATTERN: "Zone"}
    if settings.get("pattern") in references:
        rest = {key: value for key, value in settings.items() if key not in ("pattern", "type")}
        return {"$ref": f"#/$defs/{references[settings['pattern']]}", **rest}
    return settings | {"items": _named(settings["items"])} if "items" in settings else settings


def _examples(settings: Schema) -> Iterator[Any]:
    found = _EXAMPLES.search(settings["description"])
    if found and settings.get("type") in ("string", "array"):
        for text in _EXAMPLE.findall(found[1]):
            if text not in ("or", "and"):
                yield json.loads(text) if text[0] in '"[' else text


def _add(table: Schema, rules: Schema) -> None:
    """Add to a table's schema what is stated about its keys and about itself."""
    for key, more in rules.get("properties", {}).items():
        table["properties"][key] |= more
    table.update({name: rule for name, rule in rules.items() if name != "properties"})
