"""What Terraform says of one resource while it applies a plan, read from its text, alone or through cdktf.

The words are those of Terraform's human-readable view, which cdktf passes on with the stack's name before them:
https://github.com/hashicorp/terraform/blob/v1.11.4/internal/command/views/hook_ui.go
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

_COLORS = re.compile(r"\x1b\[[0-9;]*m")
# An address, the construct's path or the deposed object after it, and what happens to it.
_LINE = re.compile(
    r"(?:^|\s)(?P<data>data\.)?(?P<address>[a-z][a-z0-9_]*\.[\w-]+(?:\[[^\]]*\])?)(?: \([^)]*\))?: (?P<words>.+)$"
)
_STARTED = re.compile(r"(Creating|Modifying|Destroying)\.\.\.")
_WAITING = re.compile(r"Still \w+\.\.\. \[.*?(?:(\d+)m)?(\d+)s elapsed\]")
_DONE = re.compile(r"(Creation|Modifications|Destruction) complete after (?:(\d+)m)?(\d+)s")
_ENDED = {"Creation": "created", "Modifications": "changed", "Destruction": "destroyed"}
_PHASES = {
    "Initializing the backend": "reaching the state",
    "Initializing provider plugins": "installing the provider",
    "Successfully configured the backend": "installing the provider",
    "has been successfully initialized": "reading what stands, and planning",
}
_BOX_BEGINS, _BOX_ENDS = "╷", "╵"


class State(Enum):
    """How far Terraform is with a resource."""

    STARTED = "started"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True)
class Step:
    """One line about one resource: `seconds` since it started, and `ended`, "created", "changed" or "destroyed"."""

    address: str
    state: State
    seconds: int = 0
    ended: str = ""


def plain(line: str) -> str:
    """Give a line of Terraform's or cdktf's without colors and the space behind it."""
    return _COLORS.sub("", line).rstrip()


def step_of(line: str) -> Step | None:
    """Read a line; None where it is about no resource that is changed."""
    found = _LINE.search(plain(line))
    if found is None or found["data"]:
        return None
    address, words = found["address"], found["words"]
    if _STARTED.match(words):
        return Step(address, State.STARTED)
    if waiting := _WAITING.match(words):
        return Step(address, State.WAITING, _seconds(waiting[1], waiting[2]))
    if done := _DONE.match(words):
        return Step(address, State.DONE, _seconds(done[2], done[3]), _ENDED[done[1]])
    return None


def is_of_a_resource(line: str) -> bool:
    """Tell whether a line is about one resource, or one that is looked up, whatever happens to it."""
    return _LINE.search(plain(line)) is not None


def phase_of(line: str) -> str | None:
    """Say what Terraform does before it changes anything, from a line that begins it."""
    return next((phase for words, phase in _PHASES.items() if words in line), None)


def boxes(lines: Sequence[str]) -> Iterator[str]:
    """Give the boxes in which Terraform writes errors and warnings, whole, each once, without what cdktf adds."""
    given: set[str] = set()
    inside: list[str] | None = None
    for line in map(plain, lines):
        if _BOX_BEGINS in line:
            inside = []
        elif _BOX_ENDS in line and inside is not None:
            text = "\n".join(inside).strip()
            if text and text not in given:
                given.add(text)
                yield text
            inside = None
        elif inside is not None:
            inside.append(line.partition("│")[2].strip() if "│" in line else line.strip())


def _seconds(minutes: str | None, seconds: str) -> int:
    return 60 * int(minutes or 0) + int(seconds)
