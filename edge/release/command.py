"""`edge release <environment> <service>`: let a service go, and leave standing in AWS all that it is made of."""

import argparse
import sys

from edge.aws.sessions import client_of
from edge.aws.survey.reader import Reader
from edge.cli import environment_argument
from edge.cli.asking import says_yes
from edge.cli.exits import BadInputError
from edge.cli.subcommand import Subcommand
from edge.plan.prepared import checked, prepared
from edge.preflight.readiness import say
from edge.release.certificate import let_go
from edge.release.releasing import Release
from environments.loader import file_of_released, shown_released


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument(
        "service", metavar="SERVICE", nargs="?", default="", help="the service; left out once its deploy is done"
    )

    parser.add_argument(
        "--certificate",
        metavar="ADDRESS",
        help="let one certificate go, which another load balancer serves: the state forgets it, and AWS keeps it",
    )
    parser.add_argument("--yes", action="store_true", help="with --certificate: do not ask")


def _release(options: argparse.Namespace) -> int:
    name = environment_argument.named(options)
    if options.certificate is not None:
        return _release_certificate(name, options)
    if options.yes:
        raise BadInputError("--yes goes with --certificate; leave it out")
    environment = checked(name)
    release = Release(environment, prepared(environment), say, file_of_released(name), shown_released(name))
    return release.run(options.service)


def _release_certificate(name: str, options: argparse.Namespace) -> int:
    if options.service:
        raise BadInputError("--certificate lets one certificate go, and no service; leave one of them out")
    if not options.yes and not sys.stdin.isatty():
        raise BadInputError(
            "edge release --certificate asks before it changes the state, and there is no terminal to ask on; run it "
            "in one, or pass --yes, which asks nobody"
        )
    environment = checked(name)
    terraform = prepared(environment, only_state=True)
    agreed = (lambda _: True) if options.yes else says_yes
    return let_go(options.certificate, terraform, Reader(environment, client_of(environment)), say=say, agreed=agreed)


RELEASE = Subcommand(
    run=_release,
    add_arguments=_add_arguments,
    about="It writes the addresses of all that the service is made of to a file beside the environment's. Once the "
    "service is removed from the environment file, a deploy forgets them: nothing of it is destroyed or changed, and "
    "another tool, or `edge adopt` in another environment, can take it over. Run again after that deploy, it removes "
    "the file. With --certificate it lets one certificate go that another load balancer serves, at once.",
    example="edge release prod link",
    done="written down, or the file is removed",
    failed="the state still holds some of it, somebody answered no, or Terraform failed",
)
