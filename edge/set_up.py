"""`edge setup`: set-up again, from the command that it has written. It needs nothing but the standard library."""

import os
from argparse import ArgumentParser, Namespace

from bootstrap import run
from bootstrap.places import HERE
from edge.cli.subcommand import Subcommand


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(run.POLICY, action="store_true", help="set up checkov too, for `edge scan`")
    parser.add_argument(
        run.DEPLOY, action="store_true", help="install only what a deploy needs: no tests, nothing of npm's"
    )
    parser.add_argument(
        run.ENGINE_OPTIONAL, action="store_true", help="a missing Terraform is reported, and no failure"
    )


def _run(options: Namespace) -> int:
    flags = {run.POLICY: options.policy, run.DEPLOY: options.deploy, run.ENGINE_OPTIONAL: options.engine_optional}
    return run.main(HERE, os.environ, [flag for flag, is_set in flags.items() if is_set])


SETUP = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="A second run does nothing. In a fresh clone, where there is no edge yet, run `make setup`.",
    example="edge setup --policy",
    done="everything is set up",
    failed="something could not be installed",
)
