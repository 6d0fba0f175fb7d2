"""`edge report`: write the state of an environment as one page."""

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from edge.aws.sessions import client_of
from edge.cli import environment_argument
from edge.cli.exits import BadInputError, Exit
from edge.cli.subcommand import Subcommand
from edge.picture.graph import graph_of
from edge.picture.svg import svg
from edge.plan.folder import PLANS
from edge.report.contents import Contents, alarms_of, last_plan
from edge.report.page import page
from edge.terraform import synthesis
from edge.terraform.toolchain import command_environment
from edge.verify.check import Result, Run
from edge.verify.checklist import verify
from edge.verify.clients import Clients
from edge.verify.endpoints import settings_from
from edge.verify.requests import Requests
from environments.checked import Environment
from environments.loader import load


def _run(options: Namespace) -> int:
    """Verify, draw, and write the page; raises BadInputError for a file that cannot be read or written."""
    (environment,) = load([environment_argument.named(options)])
    folder = Path(options.plan) if options.plan else PLANS / environment.name
    plan = last_plan(folder, environment.name, demanded=bool(options.plan))
    document = synthesis.document(environment.name, command_environment())
    contents = Contents(
        environment=environment,
        made_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        picture=svg(graph_of(environment, document), f"The request path of {environment.name}"),
        alarms=alarms_of(document),
        results=None if options.offline else _verified(environment),
        plan=plan,
    )
    _write(page(contents), Path(options.to) if options.to else None)
    return Exit.DONE


def _verified(environment: Environment) -> list[Result]:
    """Make every check of `edge verify` once: a page is made again, and need not wait."""
    requests = Requests()
    run = Run(requests)
    verify(environment, run, Clients.make(environment, client_of(environment), settings_from(os.environ), requests))
    return run.results


def _write(text: str, file: Path | None) -> None:
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{file} cannot be written ({error.strerror}); name another file with --to.") from None


def _add_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument(
        "--to", metavar="FILE", default="", help="an HTML file to write; without it, the page is printed"
    )
    parser.add_argument(
        "--plan",
        metavar="FOLDER",
        default="",
        help="the folder of a reviewed plan (default: that of `edge plan`, where one lies there)",
    )
    parser.add_argument("--offline", action="store_true", help="ask nothing: the page is without checks")


REPORT = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="One page without script, which loads nothing: the path of a request, every check of `edge verify`, "
    "certificates with the days that are left, quotas, alarms, and what the review of the last plan found.",
    example="edge report prod --to report.html",
    done="written, whatever the checks found",
    failed="it could not be synthesized",
)
