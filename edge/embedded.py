"""`edge embedded-aws`: the embedded AWS by hand; it lies in a room of its own and knows nothing of this one."""

from argparse import ArgumentParser, Namespace

from edge.cli import environment_argument
from edge.cli.subcommand import Subcommand
from embedded_aws import __main__ as command


def _add_arguments(parser: ArgumentParser) -> None:
    environment_argument.add_several(parser, "the environments that it holds", demanded=True)
    command.add_options(parser)


def _run(options: Namespace) -> int:
    environment_argument.named(options)
    return command.run(options)


EMBEDDED_AWS = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="It prints the shell lines that point aws, boto3, Terraform and edge at it, and runs until Ctrl-C. To leave "
    "it in the background, for this shell:\n\n"
    '  eval "$(edge embedded-aws --keep prod)"',
    example="edge embedded-aws prod staging",
    done="it has ended, or is kept",
    failed="it did not start",
)
