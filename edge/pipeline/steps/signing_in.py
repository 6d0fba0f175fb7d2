"""Signing in to AWS."""

from argparse import ArgumentParser, Namespace

from edge.cli import environment_argument
from edge.cli.exits import Exit
from edge.cli.subcommand import Subcommand
from edge.pipeline.sign_in import credentials_as_json, sign_in
from edge.pipeline.steps.step import REFUSED, Steps
from environments.loader import load


def _sign_in(options: Namespace) -> int:
    (environment,) = load([environment_argument.named(options)])
    file = sign_in(environment, options.kind)
    print(f"Signed in to the accounts of {environment.name}, to {options.kind}; {file} says how.")
    return Exit.DONE


def _credentials(options: Namespace) -> int:
    print(credentials_as_json(options.role_arn, options.region, options.session))
    return Exit.DONE


def _add_sign_in_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument("kind", choices=["plan", "deploy"], help="what the steps that follow may do")


def _add_credentials_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("role_arn", metavar="ROLE_ARN", help="the role to borrow")
    parser.add_argument("region", metavar="REGION", help="the region whose STS is asked")
    parser.add_argument("session", metavar="SESSION", help="the session's name, which CloudTrail shows")


STEPS: Steps = {
    "sign-in": (
        "Borrow the environment's roles for the steps that follow.",
        Subcommand(
            run=_sign_in,
            add_arguments=_add_sign_in_arguments,
            example="edge pipeline sign-in prod plan",
            done="signed in",
            failed=REFUSED,
        ),
    ),
    "credentials": (
        "Print a role's keys, as an AWS SDK asks for them.",
        Subcommand(
            run=_credentials,
            add_arguments=_add_credentials_arguments,
            about="The AWS configuration that sign-in writes runs this: it is a `credential_process`.",
            example="edge pipeline credentials arn:aws:iam::111111111111:role/edge eu-west-1 run-7",
            done="printed",
            failed=REFUSED,
        ),
    ),
}
