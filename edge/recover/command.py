"""`edge recover <environment>`: heal what an interrupted or failed deploy left, with one reviewed plan."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.errors import plain
from edge.aws.sessions import client_of
from edge.aws.survey.reader import Reader
from edge.cli import environment_argument
from edge.cli.asking import says_yes
from edge.cli.subcommand import Subcommand
from edge.plan.errors import RefusedError
from edge.preflight.readiness import demand_readiness
from edge.recover.lock import StateLock
from edge.recover.recovering import Recovery
from edge.recover.report import Report
from edge.terraform import provider_lock, synthesis, toolchain
from edge.terraform.runner import Terraform
from environments.checked import Environment
from environments.loader import load, load_all

_NO_LOCK = ("-lock=false",)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument("--yes", action="store_true", help="apply and remove without asking")
    parser.add_argument(
        "--release-lock",
        action="store_true",
        help="release the state's lock though its holder cannot be seen from here: only where you know that it is gone",
    )
    parser.add_argument(
        "--accept", default=[], type=str.split, metavar="IDS", help="the risks that are accepted, between spaces"
    )


def _recover(options: argparse.Namespace) -> int:
    name = environment_argument.named(options)
    load_all()
    (environment,) = load([name])
    if not options.yes and not sys.stdin.isatty():
        raise RefusedError("recover asks before it changes anything, and there is no terminal to ask on; pass --yes")
    demand_readiness(environment)
    environ = toolchain.terraform_environment()
    terraform = Terraform(synthesis.synthesize(environment.name, environ).folder, environ)
    report, clients = Report(), client_of(environment)
    try:
        with _locked(environment, report, release=options.release_lock) as no_lock:
            provider_lock.init(terraform)
            return Recovery(
                environment,
                terraform,
                lambda: Reader(environment, clients),
                report,
                (lambda _: True) if options.yes else says_yes,
                tuple(options.accept),
                no_lock,
            ).run()
    except (BotoCoreError, ClientError) as error:
        reason = plain(error)
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
