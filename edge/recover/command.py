"""`edge recover <environment>`: heal what an interrupted or failed deploy left, with one reviewed plan."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.errors import plain
from edge.aws.sessions import client_of
from edge.aws.state_bucket import place_of
from edge.aws.survey.reader import Reader
from edge.cli import environment_argument
from edge.cli.asking import says_yes
from edge.cli.exits import BadInputError
from edge.cli.subcommand import Subcommand
from edge.plan.base import add_base
from edge.plan.errors import RefusedError
from edge.plan.prepared import checked, synthesized
from edge.recover.lock import StateLock
from edge.recover.recovering import Recovery
from edge.recover.report import Report
from edge.terraform import provider_lock
from edge.terraform.base_code import demand_base
from environments.checked import Environment

_NO_LOCK = ("-lock=false",)
_FINISHING_SECONDS = 60.0  # in which a Terraform that a cancelled run has just interrupted ends


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    environment_argument.add(parser)
    add_base(parser)
    parser.add_argument("--yes", action="store_true", help="apply and remove without asking")
    parser.add_argument(
        "--only-state",
        action="store_true",
        help="release the lock, store the state that could not be written, and plan nothing: before a destroy goes on",
    )
    parser.add_argument(
        "--release-lock",
        action="store_true",
        help="release the state's lock though its holder cannot be seen from here: only where you know that it is gone",
    )
    parser.add_argument(
        "--accept", default=[], type=str.split, metavar="IDS", help="the risks that are accepted, between spaces"
    )


def _recover(options: argparse.Namespace) -> int:
    environment = checked(environment_argument.named(options))
    _refuse_unasked(options)
    terraform = synthesized(environment, only_state=options.only_state)
    report, clients = Report(), client_of(environment)
    try:
        patience_seconds = _FINISHING_SECONDS if options.only_state else 0.0
        with _locked(environment, report, release=options.release_lock, patience_seconds=patience_seconds) as no_lock:
            provider_lock.init(terraform)
            recovery = Recovery(
                environment,
                terraform,
                lambda: Reader(environment, clients),
                report,
                (lambda _: True) if options.yes else says_yes,
                tuple(options.accept),
                no_lock,
                options.base,
            )
            return recovery.store_state() if options.only_state else recovery.run()
    except (BotoCoreError, ClientError) as error:
        reason = plain(error)
        raise RefusedError(f"AWS did not answer as it must: {reason}; correct that, and run again") from None


def _refuse_unasked(options: argparse.Namespace) -> None:
    """Refuse what nobody could answer, and options that contradict one another."""
    if options.only_state and (options.accept or options.base):
        raise BadInputError("--only-state plans nothing, and --accept and --base are about a plan; leave one out")
    if options.base is not None:
        demand_base(options.base)
    if not options.yes and not options.only_state and not sys.stdin.isatty():
        raise RefusedError(
            "edge recover asks before it changes anything, and there is no terminal to ask on; run it in one, or pass "
            "--yes, which asks nobody"
        )


@contextmanager
def _locked(
    environment: Environment, report: Report, *, release: bool, patience_seconds: float
) -> Iterator[tuple[str, ...]]:
    """Hold the state's lock; give the options with which Terraform leaves it to us."""
    place = place_of(environment, client_of(environment))
    if place is None:  # a local file, which the operating system locks for as long as its process lives
        yield ()
        return
    lock = StateLock(place.s3, bucket=place.bucket, key=place.backend.key)
    with lock.held(report, release=release, patience_seconds=patience_seconds):
        yield _NO_LOCK


RECOVER = Subcommand(
    run=_recover,
    add_arguments=_add_arguments,
    about="It releases the state's lock where its holder is gone, stores a state that could not be written, untaints "
    "what stands, forgets what does not, and takes into one plan what an interrupted run made and the state does not "
    "know. It shows that plan and asks, applies it, and removes last what only that run made. What is not provably "
    "this environment's own is never taken, changed or removed. A second run does nothing.",
    example="edge recover prod",
    done="all stands as the file says",
    failed="a risk is not accepted, somebody answered no, or Terraform failed",
)
