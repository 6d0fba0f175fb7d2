"""The project's tools for other programs, as in `python -m edge.terraform.toolchain terraform version`.

Used after set-up, from the virtual environment. What is found, and how, lives in `bootstrap`.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence

from bootstrap import environment, terraform
from bootstrap.places import HERE
from bootstrap.processes import SetupError
from bootstrap.terraform import Engine

_USAGE = (
    "Usage: python -m edge.terraform.toolchain <command> [arguments]: "
    "name a command, such as terraform, cdktf or python."
)
_EXIT_USAGE = 2
_EXIT_NOT_FOUND = 127  # as a shell


class ToolMissingError(Exception):
    """A tool that the project needs is not there; the message is one sentence with the next action."""


def _engine(environ: Mapping[str, str]) -> Engine:
    """Return the engine in use: the named one, set-up's choice, or without set-up what the machine has."""
    try:
        engine = terraform.named(HERE, environ) or terraform.recorded(HERE) or terraform.existing(HERE, environ)
    except SetupError as error:
        raise ToolMissingError(str(error)) from error
    if engine is None:
        raise ToolMissingError(
            "There is no Terraform or OpenTofu 1.10 or later here; run `make setup`, which gets one."
        )
    return engine


def terraform_binary(base: Mapping[str, str] | None = None) -> str:
    """Return the absolute path of the Terraform or OpenTofu in use; raises `ToolMissingError`."""
    return _engine(os.environ if base is None else base).program


def engine_version(base: Mapping[str, str] | None = None) -> str:
    """Return the brand and version of the engine in use, such as "Terraform 1.11.4"; raises `ToolMissingError`."""
    engine = _engine(os.environ if base is None else base)
    return f"{engine.brand} {engine.version}"


def command_environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for programs that run cdktf, Terraform, npx or Python, made from `base` (default: ours).

    Raises `ToolMissingError` where there is no Terraform.
    """
    base = os.environ if base is None else base
    return environment.command_environment(HERE, base, _engine(base))


def main(arguments: Sequence[str], *, become: Callable[..., object] = os.execvpe) -> int:
    """Become the given command in the project's environment; return only where that cannot be, with the exit code.

    `become` takes the program, its arguments and its environment, and does not come back; tests give another.
    """
    if not arguments:
        print(_USAGE, file=sys.stderr)
        return _EXIT_USAGE
    try:
        environ = command_environment()
    except ToolMissingError as error:
        print(error, file=sys.stderr)
        return 1
    command = environ["TERRAFORM_BINARY_NAME"] if arguments[0] == "terraform" else arguments[0]
    program = shutil.which(command, path=environ["PATH"])
    if program is None:
        print(f"There is no command {command} here; check its spelling, or run `make setup`.", file=sys.stderr)
        return _EXIT_NOT_FOUND
    become(program, [program, *arguments[1:]], environ)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
