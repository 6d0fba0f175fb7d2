"""The argument that names an environment: completed by a shell, and asked for in a sentence where it is missing."""

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from edge.cli.exits import BadInputError
from environments.faults import InvalidEnvironmentError
from environments.loader import names
from environments.text import listed


class Environment(Action):
    """Takes names of environments; with `is_demanded`, the help shows that there must be one."""

    is_demanded = False

    def __call__(self, _parser: ArgumentParser, options: Namespace, values: Any, _option: str | None = None) -> None:
        """Take what was written; `named` judges it."""
        setattr(options, self.dest, values)

    @staticmethod
    def completer(**_: Any) -> Sequence[str]:
        """Give the names that a shell completes: none where the files cannot be listed."""
        with suppress(InvalidEnvironmentError):
            return names()
        return ()


class Demanded(Environment):
    """An environment without which the command does nothing."""

    is_demanded = True


def add(parser: ArgumentParser, text: str = "the environment's name, such as prod", *, demanded: bool = True) -> None:
    """Add the argument; with `demanded` the help shows that it must be there, and `named` is to be asked for it."""
    _add(parser, "environment", text, nargs="?", default="", demanded=demanded)


def add_several(parser: ArgumentParser, text: str, *, demanded: bool) -> None:
    """Add the argument that takes any number of environments, or, with `demanded`, at least one."""
    _add(parser, "environments", text, nargs="*", default=[], demanded=demanded)


def _add(parser: ArgumentParser, name: str, text: str, *, nargs: str, default: str | list[str], demanded: bool) -> None:
    parser.set_defaults(prog=parser.prog)
    action = Demanded if demanded else Environment
    parser.add_argument(name, metavar="ENVIRONMENT", nargs=nargs, default=default, action=action, help=text)


def named(options: Namespace) -> str:
    """Give the environment that was named, of several the first; raises BadInputError where none was."""
    written = options.environments if "environments" in options else [options.environment]
    if any(written):
        return str(written[0])
    found = names()
    raise BadInputError(f"Name the environment, as in `{options.prog} {found[0]}`; choose one of {listed(found)}")
