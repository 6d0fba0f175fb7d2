"""What comes from changed code: where the planned configuration is not what the base's code makes of the same file.

A review of values can be walked around; this cannot, since whatever the environment file does not explain is shown in
full and asks. It covers what a plan's JSON never shows, too: backend, lifecycle, provider settings, conditions.
"""

import base64
import binascii
import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from edge.tfplan.blocks import blocks, differences
from edge.tfplan.documents import document_in

_SHORT_TEXT_CHARACTERS = 120


@dataclass(frozen=True)
class Code:
    """The code behind a plan: the configuration that was planned, and how the base's code compares with it.

    `comparison` is None where nothing was compared; then `not_compared` says why, as a sentence without a full stop.
    `imports` are what the command that planned takes over by itself, by address, as a recovery does.
    """

    configuration: Mapping[str, Any]
    comparison: "Comparison | None"
    not_compared: str = ""
    imports: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> "tuple[CodeChange, ...]":
        """The blocks that come from changed code, as far as that is known."""
        return self.comparison.changes if self.comparison else ()


@dataclass(frozen=True)
class CodeChange:
    """One block that the base's code makes otherwise: its content `before` and `after`, None where there is none."""

    address: str
    before: Any
    after: Any

    @property
    def does(self) -> str:
        """What the changed code does to the block: adds, changes or removes it."""
        return "adds" if self.before is None else "removes" if self.after is None else "changes"

    @property
    def diff(self) -> str:
        """The whole difference, as a unified diff of readable JSON with all lines of context.

        Two texts may mean the same document and still differ; then they are shown as they stand.
        """
        old, new = _lines(readable(self.before)), _lines(readable(self.after))
        if old == new:
            old, new = _lines(self.before), _lines(self.after)
        return "\n".join(list(difflib.unified_diff(old, new, n=len(old) + len(new), lineterm=""))[3:])


@dataclass(frozen=True)
class Comparison:
    """A planned configuration beside that of `base`; `failure` says why the base made none.

    `moved` is what the base's own version of the environment file has in another place, by its key; `asked` says in
    words what differs from that version, None where that is not known. `left` says what stands in the old place, by the
    same keys: nothing where it is empty; a key that is missing was not looked at.
    """

    base: str
    changes: tuple[CodeChange, ...]
    failure: str = ""
    moved: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    asked: tuple[str, ...] | None = None
    left: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, base: str, made_by_base: Mapping[str, Any], planned: Mapping[str, Any]) -> Self:
        """Compare what the base's code makes of the environment file with what is planned."""
        before, after = blocks(made_by_base), blocks(planned)
        changed = differences(made_by_base, planned)
        return cls(base, tuple(CodeChange(name, before.get(name), after.get(name)) for name in changed))


def _lines(content: Any) -> list[str]:
    return [] if content is None else json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True).split("\n")


def readable(value: Any) -> Any:
    """Write a value so that every difference in it is seen: documents and scripts are taken apart into lines."""
    if isinstance(value, Mapping):
        return {key: readable(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [readable(entry) for entry in value]
    return _readable_text(value) if isinstance(value, str) else value


def _readable_text(text: str) -> Any:
    document = document_in(text)
    if document is not None:
        return {"JSON": readable(document)}
    decoded = _decoded(text)
    if decoded is not None:
        return {"Base64 of": decoded.split("\n")}
    return text.split("\n") if "\n" in text else text


def _decoded(text: str) -> str | None:
    """Read a long text that is Base64 of text, as user data is; None for others."""
    if len(text) < _SHORT_TEXT_CHARACTERS:
        return None
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
