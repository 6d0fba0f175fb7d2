"""The parser behind the command line: one sentence where it cannot use a word, and help that fits its terminal."""

import shutil
import sys
import textwrap
from argparse import Action, ArgumentParser, HelpFormatter
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from edge.cli.exits import BadInputError
from edge.cli.subcommand import Subcommand
from environments.text import printable

_WIDEST = 100  # characters; longer lines are hard to read
_ARGUMENTS_AT = 26
_LISTS = frozenset({"--accept", "--hashes"})  # what stands between spaces, of which there may be none


class Parser(ArgumentParser):
    """A parser that raises BadInputError, and takes no option by a part of its name: a later one may begin alike."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=Formatter, allow_abbrev=False, **settings)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and refuse an option without text: `--to ""` comes of a variable that is not set, and asks nothing."""
        words = list(sys.argv[1:] if args is None else args)
        for option, text in _with_texts(words):
            action = self._option_string_actions.get(option)
            if text == "" and action is not None and action.nargs != 0 and option not in _LISTS:
                self.error(f"{option} is empty; write {action.metavar or 'a text'} behind it, or leave it out")
        return super().parse_known_args(words, namespace)

    def error(self, message: str) -> NoReturn:
        """Say in one sentence what is wrong, and where the right words stand."""
        raise BadInputError(f"{self.prog}: {printable(message)}; see {self.prog} --help")

    def teach(self, purpose: str, subcommand: Subcommand) -> None:
        """Take a subcommand's arguments, and compose its help."""
        self.description = "\n\n".join(filter(None, [purpose, subcommand.about]))
        self.epilog = subcommand.epilog
        subcommand.add_arguments(self)


def _with_texts(words: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Give each option with the text behind it, `--to x` and `--to=x` alike, up to where no option may follow."""
    options = words[: words.index("--")] if "--" in words else words
    for word, following in zip(options, [*options[1:], None], strict=False):
        option, equals, text = word.partition("=")
        if word.startswith("-"):
            yield (option, text) if equals else (word, following)


class Formatter(HelpFormatter):
    """Keeps paragraphs apart, and does not wrap those that are indented: command lines to copy."""

    def __init__(self, prog: str) -> None:
        width = min(shutil.get_terminal_size().columns, _WIDEST) - 2
        super().__init__(prog, max_help_position=_ARGUMENTS_AT, width=width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.split("\n\n")
        return "\n\n".join(
            paragraph if paragraph.startswith(" ") else textwrap.fill(paragraph, width, initial_indent=indent)
            for paragraph in paragraphs
        )

    def _format_args(self, action: Action, default_metavar: str) -> str:
        """Show an argument that must be there without brackets, also where its absence has a sentence of its own."""
        if getattr(action, "is_demanded", False):
            return str(action.metavar)
        return super()._format_args(action, default_metavar)
