"""What an environment lets go: what its state forgets and AWS keeps, in a file beside the environment's.

`edge release` writes the file and removes it; it is committed with the environment's, so that what is let go is
reviewed in a plan like any other change. Each service has a list of the addresses that it had.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from environments.faults import Fault, InvalidEnvironmentError, dotted
from environments.imports_file import ADDRESS
from environments.text import shown

SUFFIX = ".released.toml"
_AGAIN = "write the file again with `edge release`"


def released_file(environment_file: Path) -> Path:
    """Give the place of what an environment lets go: `prod.toml` -> `prod.released.toml`."""
    return environment_file.with_name(environment_file.stem + SUFFIX)


def faults(content: Mapping[str, Any], *, name: str, file: str, services: Collection[str]) -> list[Fault]:
    """Find what is wrong with the content; `services` are those that the environment file still has.

    Terraform refuses to forget what the configuration still has
    (https://developer.hashicorp.com/terraform/language/block/removed), so a service is in one of the two files.
    """
    found = []
    if content.get("environment") != name:
        named = f"names {shown(content['environment'])}" if "environment" in content else "is missing"
        found.append(Fault(file, "environment", f"{named}, and the file's name says {name}; {_AGAIN}"))
    released = content.get("released")
    if not isinstance(released, dict):
        return [*found, Fault(file, "released", f"is not a table of services and their addresses; {_AGAIN}")]
    for service, addresses in released.items():
        place = dotted("released", service)
        if not isinstance(addresses, list) or not all(map(_is_address, addresses)):
            found.append(Fault(file, place, f"is not a list of addresses of resources; {_AGAIN}"))
        elif service in services:
            problem = f"is still a service of {name}.toml; remove [services.{service}] and its tables there"
            found.append(Fault(file, place, problem))
    unknown = content.keys() - {"environment", "released"}
    return found + [Fault(file, dotted(key), f"is not a key of such a file; {_AGAIN}") for key in sorted(unknown)]


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and ADDRESS.fullmatch(value) is not None


def released_in(
    content: Mapping[str, Any], *, name: str, file: str, services: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Give the addresses that are let go, by service; raises InvalidEnvironmentError with all faults of the file."""
    if found := faults(content, name=name, file=file, services=services):
        raise InvalidEnvironmentError(found)
    return {service: tuple(addresses) for service, addresses in content["released"].items()}


def text(name: str, released: Mapping[str, Collection[str]]) -> str:
    """Write the content of the file."""
    lists = [
        "\n".join([f"{json.dumps(service)} = [", *(f"    {json.dumps(one)}," for one in sorted(addresses)), "]"])
        for service, addresses in sorted(released.items())
    ]
    return "\n".join(
        [
            f"# What {name} lets go, by service and address: it stays in AWS, and the state forgets it. Commit it and",
            f"# deploy; then `edge release {name}` removes it.",
            f"environment = {json.dumps(name)}",
            "",
            "[released]",
            *lists,
            "",
        ]
    )
