"""`python -m edge.run_cdktf <synth | diff | deploy …> [environment]`: the project's own cdktf, on checked files.

The files are checked first, so that a fault reads as one line and ends with 2, which cdktf itself would wrap and turn
into 1. A deploy shows which accounts it will change, and cdktf asks before it changes anything.
"""

import sys
from collections.abc import Sequence
from itertools import takewhile

from rich.console import Console

from edge.preflight import accounts, held_priorities
from edge.terraform import toolchain
from environments.faults import InvalidEnvironmentError
from environments.loader import load, load_all

_EXIT_BAD_INPUT = 2
_CHANGING = {"deploy", "destroy"}
_COMPARED = {"deploy", "diff"}


def main(arguments: Sequence[str]) -> int:
    """Check the environment files, then become cdktf; return only where that cannot be: 2 for bad input."""
    command, *rest = arguments or ["--help"]
    names = list(takewhile(lambda argument: not argument.startswith("-"), rest))  # as cdktf: stacks, then options
    if command in _CHANGING and not names:
        print(f"Name the environment: make {command} ENV=prod", file=sys.stderr)
        return _EXIT_BAD_INPUT
    try:
        load_all()
        environments = load(names)
    except InvalidEnvironmentError as error:
        print(error, file=sys.stderr)
        return _EXIT_BAD_INPUT
    if command in _CHANGING and "--auto-approve" not in rest and not sys.stdin.isatty():
        print(
            f"{command} asks before it changes anything, and there is no terminal to ask on: run it in one, or review "
            "a plan and pass --auto-approve",
            file=sys.stderr,
        )
        return _EXIT_BAD_INPUT
    held = held_priorities(environments) if command in _COMPARED else []
    if held:
        print("\n".join(map(str, held)), file=sys.stderr)
        return _EXIT_BAD_INPUT
    for environment in environments if command in _CHANGING else ():
        Console(stderr=True).print(accounts(environment))
    return toolchain.main(["cdktf", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
