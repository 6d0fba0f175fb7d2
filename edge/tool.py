"""`edge tool`: another program with the project's own tools and their settings, such as Terraform in a stack."""

from argparse import REMAINDER, ArgumentParser, Namespace

from edge.cli.exits import BadInputError, Exit
from edge.cli.subcommand import Subcommand
from edge.terraform import toolchain


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("line", nargs=REMAINDER, metavar="...", help="the program and its arguments, as they stand")


def _run(options: Namespace) -> int:
    if not any(options.line[:1]):
        raise BadInputError("Name a program: edge tool terraform version")
    return toolchain.become(options.line)


TOOL = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="`terraform` is the Terraform or OpenTofu that set-up chose. The exit code is the program's own, or "
    f"{Exit.COMMAND_NOT_FOUND:d} where there is no such program.",
    example="edge tool terraform version",
    done="as the program ends",
    failed="there is no Terraform",
)
