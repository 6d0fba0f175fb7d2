"""The project's tools for other programs, as in `edge tool terraform version`.

Used after set-up, from the virtual environment. What is found, and how, lives in `bootstrap`.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bootstrap import environment, terraform
from bootstrap.places import HERE
from bootstrap.processes import SetupError
from bootstrap.terraform import Engine
from edge.cli.exits import BadInputError, Exit, FailedError
from edge.terraform import own_environment
from environments.folders import unusable_temporary
from environments.loader import ENVIRONMENTS_DIR


class ToolMissingError(FailedError):
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

    Raises `ToolMissingError` where there is no Terraform, and BadInputError where an unknown engine is set.
    """
    base = os.environ if base is None else base
    try:
        environ = environment.command_environment(HERE, base, _engine(base))
    except SetupError as error:  # an unknown engine is set
        raise BadInputError(str(error)) from error
    if folder := environ.get(ENVIRONMENTS_DIR):  # such programs run in another folder than this one
        environ[ENVIRONMENTS_DIR] = str(Path(folder).absolute())
    return environ


def terraform_environment() -> dict[str, str]:
    """Return the environment in which our own commands run Terraform and cdktf; say what of the shell it leaves out.

    Raises `ToolMissingError`, and BadInputError for a variable that would change what is planned, or a TMPDIR that is
    not there, of which Node.js would end with a traceback.
    """
    if missing := unusable_temporary(os.environ):
        raise BadInputError("\n".join(missing))
    environ, notices = own_environment.own_environment(command_environment())
    for notice in notices:
        print(notice, file=sys.stderr)
    return environ


def become(
    line: Sequence[str],
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
    execute: Callable[..., object] = os.execvpe,
) -> int:
    """Become the given command, in a folder if one is named, in `environ` or else in the user's with the tools' own.

    Returns only where there is no such command, with the exit code; raises `ToolMissingError`. `execute` takes the
    program, its arguments and its environment, and does not come back; tests give another.
    """
    environ = command_environment() if environ is None else environ
    command = environ["TERRAFORM_BINARY_NAME"] if line[0] == "terraform" else line[0]
    program = shutil.which(command, path=environ["PATH"])
    if program is None:
        print(f"There is no command {command} here; check its spelling, or run `make setup`.", file=sys.stderr)
        return Exit.COMMAND_NOT_FOUND
    if folder is not None:
        os.chdir(folder)
    execute(program, [program, *line[1:]], environ)
    return Exit.DONE
