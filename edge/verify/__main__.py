"""`python -m edge.verify prod`: ask from outside whether what an environment exposes serves.

Exit code 0 where every check passed, 1 where one did not, 2 for bad input. `edge/verify/endpoints.py` lists the
variables that point it at the embedded AWS.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Sequence

from edge.aws.sessions import client_of
from edge.verify.check import Requests, Result, Run
from edge.verify.checklist import verify
from edge.verify.clients import Clients
from edge.verify.endpoints import Settings, SettingsError, settings_from
from edge.verify.report import line, summary
from environments.checked import Environment
from environments.faults import InvalidEnvironmentError
from environments.loader import load

_USAGE_ERROR = 2
_DEFAULT_WAIT_SECONDS = 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify one environment, tell each result as it comes, and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        (environment,) = load([options.environment])
        settings = settings_from(os.environ)
    except (InvalidEnvironmentError, SettingsError) as error:
        print(error, file=sys.stderr)
        return _USAGE_ERROR
    started = time.monotonic()
    results = _verify(environment, settings, options)
    if options.json:
        print(json.dumps([result.as_json() for result in results], indent=2))
    print(summary(results, name=environment.name, seconds=time.monotonic() - started), file=sys.stderr)
    return 0 if all(result.outcome == "passed" for result in results) else 1


def _verify(environment: Environment, settings: Settings, options: argparse.Namespace) -> list[Result]:
    def tell(result: Result) -> None:
        print(line(result), file=sys.stderr if options.json else sys.stdout, flush=True)

    requests = Requests()
    run = Run(requests, wait_seconds=options.wait, tell=tell)
    verify(environment, run, Clients.make(environment, client_of(environment), settings, requests))
    return run.results


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds; give 0 or more")
    return seconds


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m edge.verify", description="Verify that an environment serves.")
    parser.add_argument("environment", help="the environment to verify, such as prod")
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=_DEFAULT_WAIT_SECONDS,
        metavar="SECONDS",
        help="ask again what fails, for this time over all checks (default: 60)",
    )
    parser.add_argument("--json", action="store_true", help="print the results as JSON; the lines go to standard error")
    return parser


if __name__ == "__main__":
    sys.exit(main())
