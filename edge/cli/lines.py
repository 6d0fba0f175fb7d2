"""Lines for people: what is longer than the terminal goes on below, and no id, name or address is broken.

A table breaks what is wider than its column, and cuts it off at 80 columns: the role by which a deploy signs in was not
to be read before somebody said yes.
"""

import shutil
from collections.abc import Iterator
from textwrap import wrap
from typing import TextIO

_INDENT = 2


def fitted(text: str, stream: TextIO, widest: int | None = None) -> Iterator[str]:
    """Give the lines of a text for a stream: between words on a terminal, whole for a file or a program.

    With `widest` no terminal gets longer lines than that. A word that is longer than the terminal stays whole.
    """
    if not stream.isatty():
        yield text
        return
    columns = shutil.get_terminal_size().columns
    width = min(columns, widest or columns)
    for line in text.split("\n"):
        below = " " * (len(line) - len(line.lstrip(" ")) + _INDENT)
        yield from wrap(line, width, subsequent_indent=below, break_long_words=False, break_on_hyphens=False) or [line]


def say(text: str, stream: TextIO) -> None:
    """Print a text so, at once."""
    for line in fitted(text, stream):
        print(line, file=stream, flush=True)
