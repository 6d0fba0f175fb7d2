"""`edge verify`: ask from outside whether what an environment exposes serves.

`edge/verify/endpoints.py` lists the variables that point it at the embedded AWS.
"""

import argparse
import json
import math
import os
import sys
import time

from edge.aws.sessions import client_of
from edge.cli import environment_argument
from edge.cli.exits import Exit
from edge.cli.subcommand import Subcommand
from edge.verify.check import Result, Run
from edge.verify.checklist import verify
from edge.verify.clients import Clients
from edge.verify.endpoints import Settings, settings_from
from edge.verify.report import line, summary
from edge.verify.requests import Requests
from edge.verify.severity import Severity
from environments.checked import Environment
from environments.loader import load

_DEFAULT_WAIT_SECONDS = 60.0


def _run(options: argparse.Namespace) -> int:
    """Verify one environment, and report each result as it comes."""
    (environment,) = load([environment_argument.named(options)])
    settings = settings_from(os.environ)
    started = time.monotonic()
    results = _verify(environment, settings, options)
    if options.json:
        print(json.dumps([result.as_json() for result in results], indent=2))
    if not results:
        print(f"No check of {environment.name} is of the severity {', '.join(options.only)}.", file=sys.stderr)
        return Exit.FAILED
    print(summary(results, name=environment.name, seconds=time.monotonic() - started), file=sys.stderr)
    return Exit.DONE if all(result.outcome == "passed" for result in results) else Exit.FAILED


def _verify(environment: Environment, settings: Settings, options: argparse.Namespace) -> list[Result]:
    """Make every check, since they build on one another; report those of the chosen severities."""

    def on_result(result: Result) -> None:
        if result.severity in options.only:
            print(line(result), file=sys.stderr if options.json else sys.stdout, flush=True)

    requests = Requests()
    run = Run(requests, wait_seconds=options.wait, on_result=on_result, on_wait=_on_wait)
    verify(environment, run, Clients.make(environment, client_of(environment), settings, requests))
    return [result for result in run.results if result.severity in options.only]


def _on_wait(text: str) -> None:
    print(f"waiting {text}", file=sys.stderr, flush=True)


def _severities(text: str) -> list[Severity]:
    try:
        return [Severity(word) for word in text.split(",")]
    except ValueError:
        severities = ", ".join(Severity)
        raise argparse.ArgumentTypeError(
            f"{text} is not a list of severities; write one or more of {severities}, with commas between"
        ) from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds; write 0 or more")
    return seconds


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=_DEFAULT_WAIT_SECONDS,
        metavar="SECONDS",
        help="ask again what fails, for this time over all checks (default: 60)",
    )
    parser.add_argument(
        "--only",
        type=_severities,
        default=list(Severity),
        metavar="SEVERITY",
        help=f"report, and judge by, only the checks of these severities, with commas between: {', '.join(Severity)}",
    )
    parser.add_argument("--json", action="store_true", help="print the results as JSON; the lines go to standard error")


VERIFY = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="It asks as clients and certificate authorities do: DNS, TLS, health, OAuth discovery, and what the next "
    "renewal needs; and it reads what stands in AWS beside the environment file: rules, ports, targets, alarms. Each "
    "result has a severity. The ORCHA_VERIFY_ variables point it at the embedded AWS.",
    example="edge verify prod --wait 0",
    done="every check passed",
    failed="a check did not pass",
)
