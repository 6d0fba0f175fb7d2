"""Blocks of Terraform's JSON as blocks of its native syntax, laid out as `terraform fmt` does.

https://developer.hashicorp.com/terraform/language/syntax/configuration
https://developer.hashicorp.com/terraform/language/style
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edge.export.templates import expression

# The arguments that hold an object. Every other object of the types that modules/ makes is a block of its own; the
# provider's schema says which, and a test compares the two.
OBJECTS = frozenset({"tags", "dimensions"})
# What Terraform itself reads in a block, as references and not as templates:
# https://developer.hashicorp.com/terraform/language/meta-arguments
_REFERENCES = frozenset({"provider", "depends_on", "ignore_changes", "replace_triggered_by", "from", "to"})
_ENCODED = "user_data"  # a script, which nobody can read as it is sent
_INDENT = "  "
_AT_MOST_IN_A_LINE = 1
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def block(kind: str, labels: Sequence[str], body: Mapping[str, Any], *, objects: frozenset[str] = OBJECTS) -> str:
    """Write a block: arguments of one line first, then longer ones, then the blocks in it."""
    return "\n".join(_block(" ".join([kind, *map(json.dumps, labels)]), body, objects)) + "\n"


def _block(head: str, body: Mapping[str, Any], objects: frozenset[str]) -> Iterator[str]:
    written = {key: value for key, value in body.items() if key != "//" and value is not None}
    if not written:
        yield f"{head} {{}}"
        return
    yield f"{head} {{"
    for number, group in enumerate(_groups(written, objects)):
        if number:
            yield ""
        yield from (_INDENT + line if line and not verbatim else line for line, verbatim in _marked(group))
    yield "}"


def _groups(body: Mapping[str, Any], objects: frozenset[str]) -> Iterator[list[str]]:
    """Give what belongs together without an empty line between: the short arguments, each long one, each block."""
    blocks = {key: bodies for key, value in body.items() if (bodies := _bodies(key, value, objects))}
    arguments = {key: _argument(key, value) for key, value in body.items() if key not in blocks}
    short = {key: text for key, text in arguments.items() if "\n" not in text}
    if short:
        width = max(map(len, short))
        yield [f"{key:<{width}} = {text}" for key, text in short.items()]
    for key, text in arguments.items():
        if key not in short:
            yield f"{key} = {text}".split("\n")
    for key, bodies in blocks.items():
        for inner in bodies:
            yield list(_block(key, inner, objects))


def _marked(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Mark the lines that stand in a heredoc, which an indentation would change."""
    inside = False
    for line in lines:
        yield line, inside
        inside = line.endswith("<<EOT") or (inside and line != "EOT")


def _bodies(key: str, value: Any, objects: frozenset[str]) -> list[Mapping[str, Any]]:
    """Give the bodies of the blocks that a key stands for; none where it is an argument."""
    found = value if isinstance(value, list) else [value]
    return found if key not in objects and found and all(isinstance(one, dict) for one in found) else []


def _argument(key: str, value: Any) -> str:
    if key == _ENCODED and (script := _decoded(value)) is not None:
        return f"base64encode({expression(script, heredoc=True)}\n)"
    if isinstance(value, str) and key not in _REFERENCES:
        return expression(value, heredoc=True)
    return _value(value, key)


def _value(value: Any, key: str = "") -> str:
    if isinstance(value, str):
        return value if key in _REFERENCES else expression(value)
    if isinstance(value, list):
        return _list([_value(one, key) for one in value])
    if isinstance(value, dict):
        return _object({_key(name): _value(one) for name, one in value.items()})
    return json.dumps(value)


def _decoded(value: str) -> str | None:
    """Give the script whose base64 an argument holds, as a template that stands for itself; None for another value."""
    try:
        text = base64.b64decode(value, validate=True).decode()
    except ValueError:
        return None
    return text.replace("${", "$${").replace("%{", "%%{") if text.endswith("\n") else None


def _list(texts: Sequence[str]) -> str:
    if len(texts) <= _AT_MOST_IN_A_LINE and not any("\n" in text for text in texts):
        return f"[{', '.join(texts)}]"
    return "\n".join(["[", *(f"{_INDENT}{text},".replace("\n", f"\n{_INDENT}") for text in texts), "]"])


def _object(texts: Mapping[str, str]) -> str:
    if not texts:
        return "{}"
    width = max(map(len, texts))
    return "\n".join(["{", *(f"{_INDENT}{key:<{width}} = {text}" for key, text in texts.items()), "}"])


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else expression(name)
