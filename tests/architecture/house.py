"""The house as a table: which room may import which, read from the import contracts of pyproject.toml."""

import tomllib
from typing import Any

from tests.support.files import ROOT


def contracts() -> dict[str, dict[str, Any]]:
    """Read import-linter's contracts, by id."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return {contract["id"]: contract for contract in settings["contracts"]}


def rooms() -> list[str]:
    """Name the rooms that import-linter reads, in the order of pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return list(settings["root_packages"])


def may_import(room: str) -> list[str]:
    """Name the other rooms that a room may import: those that no contract forbids it."""
    forbidden = {
        name
        for contract in contracts().values()
        if contract["type"] == "forbidden" and room in contract["source_modules"]
        for name in contract["forbidden_modules"]
    }
    return [name for name in rooms() if name != room and name not in forbidden]


def table() -> str:
    """Write the rooms and their arrows as the Markdown table of docs/architecture.md."""
    rows = [f"| `{room}/` | {', '.join(f'`{name}/`' for name in may_import(room)) or 'none'} |" for room in rooms()]
    return "\n".join(["| room | may import |", "|---|---|", *rows])


def layers_of_edge() -> str:
    """Write the layers inside edge, the highest first, as the list of docs/architecture.md."""
    layers = contracts()["inside-edge"]["layers"]
    return "\n".join(f"{number}. {_layer(layer)}" for number, layer in enumerate(layers, 1))


def _layer(layer: str) -> str:
    return ", ".join(f"`{name.strip()}`" for name in layer.split("|"))
