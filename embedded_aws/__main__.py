"""Run the embedded AWS by hand.

    python -m embedded_aws prod staging          # in the foreground, until Ctrl-C
    eval "$(python -m embedded_aws --keep prod)" # in the background, for this shell

It prints the shell lines that point aws, boto3, Terraform and `edge.verify` at it.
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

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Start it, say how to use it and wait; return the exit code."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        environments = load(options.environments)
        lifetime = options.lifetime_seconds
        with LocalAws.start(environments, keep=options.keep, lifetime_seconds=lifetime, plane=True) as aws:
            _report(aws, options)
            time.sleep(0 if options.keep else lifetime)
    except InvalidEnvironmentError as error:
        print(error, file=sys.stderr)
        return _USAGE_ERROR
    except LocalAwsError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("The embedded AWS has ended.", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m embedded_aws", description="Run the embedded AWS.")
    parser.add_argument("environments", nargs="+", metavar="ENVIRONMENT", help="the environments that it holds")
    parser.add_argument("--keep", action="store_true", help="leave it in the background and return at once")
    parser.add_argument(
        "--lifetime-seconds", type=float, default=DEFAULT_LIFETIME_SECONDS, help="end after this time (default: 7200)"
    )
    return parser


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
