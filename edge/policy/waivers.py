"""Waivers: a check that need not hold for a resource, as long as the resource is what somebody looked at."""

import tomllib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bootstrap.places import HERE
from edge.cli.exits import BadInputError
from edge.policy.checkov import Finding
from edge.policy.planned import Planned

WAIVERS = HERE.root / "policy" / "waivers.toml"
_NEEDED = "check, resource, reason, and at least one of values, references and beside"

Text = Annotated[str, Field(min_length=1)]
Value = str | int | float | bool


class Waiver(BaseModel):
    """A check that need not hold for the resources of a pattern, where `*` stands for anything, and the reason.

    It holds only while the resource has the expected `values`, by dotted paths, texts as patterns; refers to the
    `references` at theirs; and stands `beside` another resource. A list names alternatives.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    check: Text
    resource: Text
    reason: Text
    values: dict[str, Value | list[Value]] = Field(default_factory=dict)
    references: dict[str, str | list[str]] = Field(default_factory=dict)
    beside: str = ""

    @property
    def is_bound(self) -> bool:
        """Whether it expects anything of what it waives."""
        return bool(self.values or self.references or self.beside)

    def covers(self, finding: Finding, planned: Planned) -> bool:
        """Tell whether a finding is waived: the check, the resource, and all that was expected of it."""
        address = finding.resource
        return (
            finding.check == self.check
            and fnmatchcase(address, self.resource)
            and all(_is_one_of(planned.value(address, path), value) for path, value in self.values.items())
            and all(
                planned.references(address, path) & set(_listed(wanted)) for path, wanted in self.references.items()
            )
            and (not self.beside or self.beside in planned.values)
        )


def _listed(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


def _is_one_of(found: Any, wanted: Value | list[Value]) -> bool:
    return any(
        fnmatchcase(found, choice)
        if isinstance(found, str) and isinstance(choice, str)
        else type(found) is type(choice) and found == choice
        for choice in _listed(wanted)
    )


def waivers(file: Path) -> tuple[Waiver, ...]:
    """Read a file of waivers; raises BadInputError where one lacks something, or is bound to nothing."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        found = tuple(Waiver.model_validate(waiver) for waiver in content.get("waiver", []))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "a waiver"
        raise _unusable(file, f"{place}: {first['msg'].lower()}") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise _unusable(file, str(error)) from None
    if loose := next((waiver for waiver in found if not waiver.is_bound), None):
        raise _unusable(file, f"{loose.check} on {loose.resource} expects nothing of what it waives")
    return found


def _unusable(file: Path, why: str) -> BadInputError:
    return BadInputError(f"policy/{file.name}: cannot be used: {why}; each waiver needs {_NEEDED}")


def unwaived(findings: Iterable[Finding], accepted: Sequence[Waiver], planned: Planned) -> list[Finding]:
    """List the findings that no waiver covers."""
    return [finding for finding in findings if not any(waiver.covers(finding, planned) for waiver in accepted)]
