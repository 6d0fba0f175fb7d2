"""`edge release <environment> <service>`: let a service go, and leave standing in AWS all that it is made of."""

import argparse
import sys

from edge.cli import environment_argument
from edge.cli.subcommand import Subcommand
from edge.preflight.readiness import demand_readiness
from edge.release.releasing import Release
from edge.terraform import provider_lock, synthesis, toolchain
from edge.terraform.runner import Terraform
from environments.loader import file_of_released, load, load_all, shown_released


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument(
        "service", metavar="SERVICE", nargs="?", default="", help="the service; left out once its deploy is done"
    )


def _release(options: argparse.Namespace) -> int:
    name = environment_argument.named(options)
    load_all()
    (environment,) = load([name])
    demand_readiness(environment)
    environ = toolchain.terraform_environment()
    terraform = Terraform(synthesis.synthesize(environment.name, environ).folder, environ)
    provider_lock.init(terraform)
    return Release(
        environment,
        terraform,
        lambda sentence: print(sentence, file=sys.stderr, flush=True),
        file_of_released(name),
        shown_released(name),
    ).run(options.service)


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
