"""What the tests' environments are synthesized to, one line for each value, so that a change of modules/ can be read.

`python -m tests.synthesis` writes the files again; what it changes belongs in the review of the change that made it.
Everything that modules/ gives Terraform stands here, whether another test asks for it or not.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from environments.checked import Environment
from tests.support.files import EVERYTHING_TOML, environment, environment_of, managed

FOLDER = Path(__file__).resolve().parent
STACKS: Mapping[str, Callable[[], Environment]] = {
    "everything": lambda: environment_of(EVERYTHING_TOML),
    "managed": lambda: environment(managed(), "staging"),
}


def lines(synthesized: Mapping[str, Any]) -> str:
    """Write a stack as one line for each value, in order: the path to it, and the value as Python has it."""
    return "".join(f"{path} = {value!r}\n" for path, value in _values(synthesized))


def _values(content: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(content, dict | list) or not content:  # an empty list or table has a line too
        yield path, content
        return
    for key, value in sorted(content.items()) if isinstance(content, dict) else enumerate(content):
        yield from _values(value, f"{path}.{key}" if path else str(key))
