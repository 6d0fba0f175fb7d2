"""`edge release <environment> <service>`: let a service go, and leave standing in AWS all that it is made of."""

import argparse

from edge.cli import environment_argument
from edge.cli.subcommand import Subcommand
from edge.plan.prepared import checked, prepared
from edge.preflight.readiness import say
from edge.release.releasing import Release
from environments.loader import file_of_released, shown_released


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument(
        "service", metavar="SERVICE", nargs="?", default="", help="the service; left out once its deploy is done"
    )


def _release(options: argparse.Namespace) -> int:
    name = environment_argument.named(options)
    environment = checked(name)
    release = Release(environment, prepared(environment), say, file_of_released(name), shown_released(name))
    return release.run(options.service)


RELEASE = Subcommand(
    run=_release,
    add_arguments=_add_arguments,
    about="It writes the addresses of all that the service is made of to a file beside the environment's. Once the "
    "service is removed from the environment file, a deploy forgets them: nothing of it is destroyed or changed, and "
    "another tool, or `edge adopt` in another environment, can take it over. Run again after that deploy, it removes "
    "the file.",
    example="edge release prod link",
    done="written down, or the file is removed",
    failed="the state still holds some of it, or Terraform failed",
)
