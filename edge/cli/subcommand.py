"""What a room gives to the command line: a subcommand, with the words by which its help teaches it."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from edge.cli.exits import Exit


def no_arguments(_parser: ArgumentParser) -> None:
    """Add no argument."""


@dataclass(frozen=True, kw_only=True)
class Subcommand:
    """One subcommand: `run` takes the parsed arguments and gives the exit code, or raises what edge/cli/exits.py knows.

    `done` and `failed` say in a few words what exit codes 0 and 1 stand for; without `failed` there is no 1. `example`
    is a command line that works as it stands, and `about` is what its help says beside its purpose.
    """

    run: Callable[[Namespace], int]
    example: str
    done: str
    failed: str = ""
    about: str = ""
    add_arguments: Callable[[ArgumentParser], None] = no_arguments

    @property
    def epilog(self) -> str:
        """What stands at the end of the help: the example and the exit codes."""
        failed = f", {Exit.FAILED:d} {self.failed}" if self.failed else ""
        codes = f"{Exit.DONE:d} {self.done}{failed}, {Exit.BAD_INPUT:d} bad input, {Exit.INTERRUPTED:d} interrupted"
        return f"example:\n\n  {self.example}\n\nexit codes: {codes}"
