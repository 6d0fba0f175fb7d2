"""`edge recover <environment>`: heal what an interrupted or failed deploy left, with one reviewed plan."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.sessions import client_of
from edge.aws.survey.reader import Reader
from edge.plan.command import ended
from edge.plan.errors import RefusedError
from edge.recover.lock import StateLock
from edge.recover.recovering import Recovery, importing
from edge.recover.report import Report
from edge.terraform import synthesis, toolchain
from edge.terraform.runner import Terraform
from environments.loader import load, load_all
from environments.schema import Environment

HELP = "heal what an interrupted or failed deploy left"
_NO_LOCK = ("-lock=false",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("environment", help="the environment, such as prod")
    parser.add_argument("--yes", action="store_true", help="apply and remove without asking")
    parser.add_argument(
        "--release-lock",
        action="store_true",
        help="release the state's lock though its holder cannot be seen from here: only where you know that it is gone",
    )
    parser.add_argument("--accept", default="", type=str.split, help="the risks that are accepted, between spaces")


def run(options: argparse.Namespace) -> int:
    """Recover: 0 when all stands, 1 where Terraform failed or somebody said no, 2 where refused, 130 on Ctrl-C."""
    return ended(lambda: _recover(options))


def _recover(options: argparse.Namespace) -> int:
    if not options.yes and not sys.stdin.isatty():
        raise RefusedError("recover asks before it changes anything, and there is no terminal to ask on; pass --yes")
    load_all()
    (environment,) = load([options.environment])
    environ = toolchain.command_environment()
    terraform = Terraform(synthesis.synthesize(environment.name, environ).folder, environ)
    with importing(terraform.folder, {}):
        pass  # a file of imports that a killed recovery left would change every plan
    report, clients = Report(), client_of(environment)
    try:
        with _locked(environment, report, release=options.release_lock) as no_lock:
            terraform.lock.unlink(missing_ok=True)
            terraform.init()
            return Recovery(
                environment,
                terraform,
                lambda: Reader(environment, clients),
                report,
                (lambda _: True) if options.yes else _asked,
                tuple(options.accept),
                no_lock,
            ).run()
    except (BotoCoreError, ClientError) as error:
        reason = " ".join(str(error).split())
        raise RefusedError(f"AWS did not answer as it must: {reason}; correct that, and run again") from None


@contextmanager
def _locked(environment: Environment, report: Report, *, release: bool) -> Iterator[tuple[str, ...]]:
    """Hold the state's lock; give the options with which Terraform leaves it to us."""
    backend = environment.backend
    if backend is None:  # a local file, which the operating system locks for as long as its process lives
        yield ()
        return
    account = environment.accounts[backend.account or environment.platform.account]
    s3 = client_of(environment)("s3", account.id, backend.region)
    with StateLock(s3, bucket=backend.bucket, key=backend.key).held(report, release=release):
        yield _NO_LOCK


def _asked(question: str) -> bool:
    print(f"{question} Only yes does: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == "yes"
