"""The files beside an environment's own: what it takes over from another tool, and what it lets go."""

import os
from collections.abc import Callable, Collection
from pathlib import Path

from environments import imports_file, released_file, toml_files
from environments.faults import Fault
from environments.text import shown

SUFFIXES = (imports_file.SUFFIX, released_file.SUFFIX)  # of files about an environment, and none themselves


def taken_over(environment_file: Path, display: Callable[[Path], str]) -> dict[str, str]:
    """Read what an environment takes over, by address; raises InvalidEnvironmentError with all faults of the file."""
    file = imports_file.imports_file(environment_file)
    if not os.path.lexists(file):  # a link that leads nowhere is there, and cannot be read
        return {}
    return imports_file.imports_of(toml_files.read(file, display(file)), environment_file.stem, display(file))


def let_go(
    environment_file: Path, display: Callable[[Path], str], services: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Read what an environment lets go, by service; raises InvalidEnvironmentError with all faults of the file."""
    file = released_file.released_file(environment_file)
    if not os.path.lexists(file):
        return {}
    content, name = toml_files.read(file, display(file)), environment_file.stem
    return released_file.released_in(content, name=name, file=display(file), services=services)


def without_environment(folder: Path, display: Callable[[Path], str]) -> list[Fault]:
    """Find the files that are about no environment of the folder: nobody would read them."""
    faults = []
    for file in sorted(folder.iterdir()):
        suffix = next((suffix for suffix in SUFFIXES if file.name.endswith(suffix)), "")
        name = file.name.removesuffix(suffix)
        if suffix and not os.path.lexists(folder / f"{name}.toml"):
            problem = f"is about an environment {shown(name)}, and {name}.toml is not there; rename it, or remove it"
            faults.append(Fault(display(file), "", problem))
    return faults
