"""A state as Terraform stores it: what stands in it, what is tainted, and a copy that could not be written."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.aws.state_object import FORMAT
from edge.plan.errors import RefusedError


@dataclass(frozen=True)
class Instance:
    """One thing in a state; `deposed` is the key of what is left of an earlier thing of the address."""

    address: str
    type: str
    attributes: dict[str, Any]
    tainted: bool
    deposed: str | None


@dataclass(frozen=True)
class StateFile:
    """One version of a state; without a lineage there is none yet."""

    lineage: str
    serial: int
    terraform: str
    instances: tuple[Instance, ...]

    @classmethod
    def of(cls, text: str, shown: str) -> "StateFile":
        """Read a state; `shown` names it in the RefusedError for a text that is none."""
        content = _content(text, shown)
        if not content:
            return cls("", -1, "", ())
        if content.get("version") != FORMAT:
            why = f"has the state format {content.get('version')}, and {FORMAT} is the one that is read here"
            raise RefusedError.because(shown, why, "use the Terraform that wrote it")
        return cls(
            str(content.get("lineage", "")),
            int(content.get("serial", 0)),
            str(content.get("terraform_version", "")),
            tuple(_instances(content.get("resources") or ())),
        )

    @property
    def addresses(self) -> set[str]:
        """The addresses under which something stands, not counting what is left of earlier things."""
        return {instance.address for instance in self.instances if instance.deposed is None}

    @property
    def tainted(self) -> list[str]:
        """The addresses of what Terraform would replace because its making was cut off."""
        return sorted(instance.address for instance in self.instances if instance.tainted and instance.deposed is None)

    def values(self, type: str, attribute: str) -> set[str]:
        """Collect an attribute of all things of a type, those left of earlier ones among them."""
        return {
            str(instance.attributes[attribute])
            for instance in self.instances
            if instance.type == type and instance.attributes.get(attribute)
        }


def _content(text: str, shown: str) -> dict[str, Any]:
    try:
        content = json.loads(text or "{}")
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise RefusedError.because(shown, "is not a state of Terraform", "restore an earlier version of it")
    return content


def _instances(resources: Any) -> Iterator[Instance]:
    for resource in resources:
        if resource.get("mode") == "managed":
            module = f"{resource['module']}." if resource.get("module") else ""
            address = f"{module}{resource['type']}.{resource['name']}"
            for instance in resource.get("instances", ()):
                key = instance.get("index_key")
                index = "" if key is None else f"[{json.dumps(key)}]"
                yield Instance(
                    address + index,
                    resource["type"],
                    instance.get("attributes") or {},
                    instance.get("status") == "tainted",
                    instance.get("deposed"),
                )


REMOVAL = "destroy"
"""The folder, in a stack's, from which a destroy is carried out that the configuration cannot plan any more."""

COPY = "errored.tfstate"
"""What Terraform calls a state that it could not write: https://developer.hashicorp.com/terraform/cli/state/recover"""


def recovery_of(environment: str, *, destroying: bool) -> str:
    """Give the command that puts a state and its lock in order; before a destroy one that makes nothing again."""
    return f"edge recover {environment}{' --only-state' if destroying else ''}"


def refuse_unstored(folder: Path, pull: Callable[[], str], remedy: str) -> None:
    """Refuse to go on where Terraform left a state that it could not write; `pull` gives the stored one.

    The next apply would write one that knows nothing of what that has, and the copy would no longer be newer.
    """
    for copy in copies(folder):
        if newer_copy(copy, StateFile.of(pull(), "The stored state")) is not None:
            why = "is newer than the stored state, and was not written"
            raise RefusedError.because(str(copy), why, f"run `{remedy}`")


def copies(folder: Path) -> list[Path]:
    """List the states that Terraform could not write, of those that work in a stack's folder."""
    return [file for file in (folder / COPY, folder / REMOVAL / COPY) if file.is_file()]


def newer_copy(file: Path, stored: StateFile) -> StateFile | None:
    """Read the copy that Terraform leaves where it cannot write the state; None where it says nothing new.

    Raises RefusedError for a copy of another state.
    """
    if not file.is_file():
        return None
    copy = StateFile.of(file.read_text(encoding="utf-8"), str(file))
    if stored.lineage and copy.lineage != stored.lineage:
        raise RefusedError.because(str(file), "is a copy of another state than this environment's", "move it away")
    return copy if copy.serial > stored.serial else None
