"""What the other engines synthesize differently from the default one, value for value, each with its explanation.

`python -m tests.engines` writes down the differences of the engine that is set (EDGE_ENGINE), from the stacks of
tests/synthesis/; docs/engines.md shows them as a table. No difference may stand without an explanation, and no
explanation without a difference.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from imports import engine
from tests.synthesis import FOLDER as SYNTHESIS
from tests.synthesis import lines

FILE = Path(__file__).with_name("differences.json")
COMMENT = "//.metadata.version"  # the engine's own version, which Terraform leaves alone
NOTHING = "nothing"  # what stands in the table where a value is missing

# A difference is what the default engine writes at a path, and what the other one does.
Difference = tuple[str | None, str | None]
Differences = dict[str, Difference]

EXPLANATIONS: Mapping[str, str] = {
    r"terraform\.required_providers\.aws\.source": "the same provider: `aws` is short for `hashicorp/aws`",
    r"terraform\.required_providers\.aws\.version": "the provider that the bindings were made from",
}


def differences(default: str, other: str) -> Differences:
    """Compare two stacks that tests.synthesis wrote as lines."""
    before, after = dict(_values(default)), dict(_values(other))
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return {path: (before.get(path), after.get(path)) for path in paths}


def applied(default: str, found: Differences) -> str:
    """Give the lines of another engine: the default's, with its differences."""
    values = dict(_values(default)) | {path: value for path, (_, value) in found.items() if value is not None}
    gone = {path for path, (_, value) in found.items() if value is None}
    return "".join(f"{path} = {values[path]}\n" for path in sorted(values.keys() - gone))


def explanation(path: str) -> str | None:
    """Say why engines differ at a path; None where nobody has said."""
    return next((why for pattern, why in EXPLANATIONS.items() if re.fullmatch(pattern, path)), None)


def stored() -> dict[str, dict[str, Differences]]:
    """Read the stored differences, by engine and stack."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: {
            stack: {path: (before, after) for path, (before, after) in found.items()} for stack, found in stacks.items()
        }
        for name, stacks in content.items()
    }


def written_lines(stack: str, name: str = engine.DEFAULT.name) -> str:
    """Give what a stack of tests/synthesis/ is by an engine, as it is written down."""
    text = (SYNTHESIS / f"{stack}.txt").read_text(encoding="utf-8")
    return text if name == engine.DEFAULT.name else applied(text, stored()[name][stack])


def table() -> str:
    """Write the differences for docs/engines.md: a row for each path, a column for each engine."""
    found = stored()
    paths = sorted({path for stacks in found.values() for stack in stacks.values() for path in stack})
    rows = [f"| `{path}` | {' | '.join(_cells(path, found))} | {explanation(path)} |" for path in paths]
    names = [engine.DEFAULT.name, *found]
    head = f"| value | {' | '.join(f'`{name}`' for name in names)} | why |"
    return "\n".join([head, "|---" * (len(names) + 2) + "|", *rows])


def unexplained(default: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Compare two whole documents; a line for each value that differs without an explanation, or in its place."""
    found = differences(lines(default), lines(other))
    found.pop(COMMENT, None)
    faults = [f"{path}: {before} -> {after}" for path, (before, after) in found.items() if explanation(path) is None]
    if not faults and _order(_plain(default)) != _order(_plain(other)):
        faults.append("the keys stand in another order")
    return faults


def _values(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        path, _, value = line.partition(" = ")
        yield path, value


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "//"}


def _order(content: Any) -> Any:
    """Give the keys of a document in their order, which two equal dicts need not share."""
    if isinstance(content, dict):
        return [(key, _order(value)) for key, value in content.items()]
    return [_order(value) for value in content] if isinstance(content, list) else None


def _cells(path: str, found: Mapping[str, Mapping[str, Differences]]) -> Iterator[str]:
    default = next(stack[path][0] for stacks in found.values() for stack in stacks.values() if path in stack)
    yield _cell(default)
    for stacks in found.values():
        values = {stack[path][1] for stack in stacks.values() if path in stack} or {default}
        yield ", ".join(sorted(map(_cell, values)))


def _cell(value: str | None) -> str:
    return NOTHING if value is None else f"`{value}`"
