"""What a command finds around it: its standard streams, and the folder in which the shell stands."""

import os
import sys
from pathlib import Path

from edge.cli.exits import BadInputError


def stand_in_for_closed_streams() -> None:
    """Read nothing from a closed standard input, and write nowhere where an output is closed, as in `>&-`.

    Python has None for those; a file that is opened later would get their numbers, and what is printed.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def demand_a_folder() -> None:
    """Raise BadInputError where the folder in which the shell stands has been removed: no path has a meaning there."""
    try:
        Path.cwd()
    except OSError as error:
        raise BadInputError(
            f"The folder in which this shell stands cannot be read ({os.strerror(error.errno or 0)}); "
            "go to another one with `cd`."
        ) from None
