"""`edge adopt <environment>`: take over what another tool made, by a file of imports that is reviewed and committed."""

import argparse
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from edge.adopt.adopting import Adoption
from edge.aws.errors import plain
from edge.aws.sessions import client_of
from edge.aws.survey.reader import Reader
from edge.cli import environment_argument
from edge.cli.subcommand import Subcommand
from edge.plan.errors import RefusedError
from edge.plan.prepared import checked, prepared
from edge.preflight.readiness import say
from environments.loader import file_of_imports, shown_imports


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument(
        "--template",
        type=Path,
        metavar="FILE",
        help="the CloudFormation template of the other tool, for logical ids; without it the stacks are asked",
    )


def _adopt(options: argparse.Namespace) -> int:
    name = environment_argument.named(options)
    environment = checked(name)
    terraform, clients = prepared(environment), client_of(environment)
    try:
        return Adoption(
            environment,
            terraform,
            lambda: Reader(environment, clients),
            say,
            file_of_imports(name),
            shown_imports(name),
            options.template,
        ).run()
    except (BotoCoreError, ClientError) as error:
        reason = plain(error)
        raise RefusedError(f"AWS did not answer as it must: {reason}; correct that, and run again") from None


ADOPT = Subcommand(
    run=_adopt,
    add_arguments=_add_arguments,
    about="It looks in every account for what the environment would create, writes what stands as the file wants it "
    "to a file of imports beside the environment's, and shows what a deploy would change of it. It changes nothing in "
    "AWS, and writes nothing where something only looks alike, or would be destroyed or replaced. Run again after "
    "that deploy, it removes the file.",
    example="edge adopt prod",
    done="the imports are written, or nothing is left to adopt",
    failed="Terraform failed",
)
