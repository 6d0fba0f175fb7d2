"""The imports of an environment: what another tool made and its stack takes over, in a file beside the environment's.

`edge adopt` writes the file and removes it; it is committed with the environment's, so that the imports are reviewed in
a plan like any other change.
"""

import json
import re
from pathlib import Path
from typing import Any

from environments.faults import Fault, InvalidEnvironmentError, dotted
from environments.text import shown

SUFFIX = ".imports.toml"
ADDRESS = re.compile(r"aws_[a-z0-9_]+\.[A-Za-z0-9_-]+")
_AGAIN = "write the file again with `edge adopt`"


def imports_file(environment_file: Path) -> Path:
    """Give the place of an environment's imports: `prod.toml` -> `prod.imports.toml`."""
    return environment_file.with_name(environment_file.stem + SUFFIX)


def faults(content: dict[str, Any], *, name: str, file: str) -> list[Fault]:
    """Find what is wrong with the content of an imports file, which names its environment itself."""
    found = []
    if content.get("environment") != name:
        named = f"names {shown(content['environment'])}" if "environment" in content else "is missing"
        problem = f"{named}, and the file's name says {name}; {_AGAIN}"
        found.append(Fault(file, "environment", problem))
    imports = content.get("imports")
    if not isinstance(imports, dict):
        return [*found, Fault(file, "imports", f"is not a table of addresses and ids; {_AGAIN}")]
    for address, number in imports.items():
        if not ADDRESS.fullmatch(address):
            found.append(Fault(file, dotted("imports", address), f"is not the address of a resource; {_AGAIN}"))
        elif not isinstance(number, str) or not number or "${" in number:
            found.append(Fault(file, dotted("imports", address), f"is not the id of what is imported; {_AGAIN}"))
    unknown = content.keys() - {"environment", "imports"}
    return found + [Fault(file, dotted(key), f"is not a key of an imports file; {_AGAIN}") for key in sorted(unknown)]


def imports_of(content: dict[str, Any], name: str, file: str) -> dict[str, str]:
    """Give what an environment takes over, by address; raises InvalidEnvironmentError with all faults of the file."""
    if found := faults(content, name=name, file=file):
        raise InvalidEnvironmentError(found)
    return dict(content["imports"])


def text(name: str, imports: dict[str, str]) -> str:
    """Write the content of an environment's imports file."""
    lines = [f"{json.dumps(address)} = {json.dumps(number)}" for address, number in sorted(imports.items())]
    return "\n".join(
        [
            f"# What another tool made and {name} takes over, by address and id. Commit it and deploy; then",
            f"# `edge adopt {name}` removes it.",
            f"environment = {json.dumps(name)}",
            "",
            "[imports]",
            *lines,
            "",
        ]
    )
