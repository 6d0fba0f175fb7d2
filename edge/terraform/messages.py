"""Terraform's errors and warnings in its text without colors, each whole.

Without colors they have no box around them: a line `Error: …` or `Warning: …`, and paragraphs below it
(https://github.com/hashicorp/terraform/blob/v1.11.4/internal/command/format/diagnostic.go, DiagnosticPlain).
"""

import re
from collections.abc import Iterator

BEGINS = re.compile(r"(Error|Warning): ")
# What a plan goes on with after its messages: a rule across the page.
_RULE = re.compile(r"[─-]{10,}$")
_WITH = re.compile(r"^\s*with (?P<address>[a-z][a-z0-9_]*\.[\w-]+(?:\[[^\]]*\])?)(?: \([^)]*\))?,$", re.MULTILINE)


def messages(text: str) -> Iterator[str]:
    """Give each message whole, and once; what stands before the first is none."""
    seen: set[str] = set()
    lines: list[str] | None = None
    for line in [*text.splitlines(), None]:
        ends = line is None or BEGINS.match(line) or _RULE.match(line)
        if ends and lines:
            found = "\n".join(lines).rstrip()
            if found not in seen:
                seen.add(found)
                yield found
            lines = None
        if line is not None and BEGINS.match(line):
            lines = [line]
        elif lines and line is not None:
            lines.append(line)


def address_of(message: str) -> str | None:
    """Give the address of the resource that a message is about; None where it names none."""
    found = _WITH.search(message)
    return found["address"] if found else None
