"""Run the embedded AWS by hand: `edge embedded-aws`, or, with nothing of edge, `python -m embedded_aws`.

    edge embedded-aws prod staging          # in the foreground, until Ctrl-C
    eval "$(edge embedded-aws --keep prod)" # in the background, for this shell

It prints the shell lines that point aws, boto3, Terraform and `edge verify` at it.
"""

import argparse
import os
import shlex
import signal
import sys
import time
from collections.abc import Sequence

from embedded_aws.errors import LocalAwsError
from embedded_aws.process import DEFAULT_LIFETIME_SECONDS, LocalAws
from environments.faults import InvalidEnvironmentError
from environments.loader import load

_FAILED, _BAD_INPUT, _INTERRUPTED = 1, 2, 130  # as every command of the project ends; edge is not imported here


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line to its exit code."""
    parser = argparse.ArgumentParser(prog="python -m embedded_aws", description="Run the embedded AWS.")
    parser.add_argument("environments", nargs="+", metavar="ENVIRONMENT", help="the environments that it holds")
    add_options(parser)
    try:
        return run(parser.parse_args(arguments))
    except InvalidEnvironmentError as error:
        print(error, file=sys.stderr)
        return _BAD_INPUT
    except LocalAwsError as error:
        print(error, file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options, to this command line or to that of `edge embedded-aws`."""
    parser.add_argument("--keep", action="store_true", help="leave it in the background and return at once")
    parser.add_argument(
        "--lifetime-seconds",
        type=float,
        default=DEFAULT_LIFETIME_SECONDS,
        metavar="SECONDS",
        help="end after this time (default: 7200)",
    )


def run(options: argparse.Namespace) -> int:
    """Start it, say how to use it and wait; raises InvalidEnvironmentError, LocalAwsError and KeyboardInterrupt."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    environments = load(options.environments)
    lifetime = options.lifetime_seconds
    try:
        with LocalAws.start(environments, keep=options.keep, lifetime_seconds=lifetime, plane=True) as aws:
            _report(aws, options)
            time.sleep(0 if options.keep else lifetime)
    except KeyboardInterrupt:
        print("The embedded AWS has ended.", file=sys.stderr)
        raise
    return 0


def _report(aws: LocalAws, options: argparse.Namespace) -> None:
    """Print the shell lines on standard output, and what to do next on standard error."""
    leaking = sorted(name for name in os.environ if name.startswith("AWS_") and name not in aws.variables)
    lines = [f"unset {' '.join(leaking)}"] if leaking else []
    settings = aws.child_environment({"NO_PROXY": os.environ.get("NO_PROXY", "")})
    lines += [f"export {name}={shlex.quote(value)}" for name, value in settings.items()]
    print("\n".join(lines), flush=True)
    end = f"end it with `kill {aws.pid}`" if options.keep else "end it with Ctrl-C"
    print(f"The embedded AWS serves {', '.join(options.environments)} at {aws.url}; {end}.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
