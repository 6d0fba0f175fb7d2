"""`edge deploy` and `edge destroy`: nothing reaches AWS but a plan that was reviewed, and that somebody approved."""

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path

from edge.cli import environment_argument
from edge.cli.exits import BadInputError
from edge.cli.subcommand import Subcommand
from edge.plan import deploy
from edge.plan.apply import apply
from edge.plan.base import add_base
from edge.plan.deploy import Approval, Change, carry_out
from edge.plan.folder import PlanFolder
from environments.loader import load, load_all

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def _deploy(options: Namespace) -> int:
    if options.digest and not _DIGEST.fullmatch(options.digest):
        raise BadInputError(f"--digest {options.digest}: is not a digest; copy the reviewed one, sha256: and 64 digits")
    if not options.plan:
        return _change(deploy.DEPLOY, options, digest=options.digest)
    if options.base is not None:
        raise BadInputError(
            "--base is about a plan that is made now, and --plan names one that is there; leave one out"
        )
    return apply(
        PlanFolder(Path(options.plan)),
        environment=options.environment,
        digest=options.digest,
        accept=options.accept,
        auto_approve=options.auto_approve,
    )


def _destroy(options: Namespace) -> int:
    return _change(deploy.DESTROY, options)


def _change(change: Change, options: Namespace, *, digest: str = "") -> int:
    name = environment_argument.named(options)
    load_all()
    (environment,) = load([name])
    approval = Approval(digest=digest, accept=options.accept, auto_approve=options.auto_approve)
    return carry_out(change, environment, approval, base=options.base)


def _add_approval(parser: ArgumentParser) -> None:
    add_base(parser)
    parser.add_argument(
        "--accept", default=[], type=str.split, metavar="IDS", help="the risks that are accepted, between spaces"
    )
    parser.add_argument(
        "--auto-approve", action="store_true", help="do not ask; a risk that nobody has accepted still stops it"
    )


def _add_deploy_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser, "the environment's name; may be left out beside --plan", demanded=False)
    parser.add_argument("--plan", metavar="FOLDER", help="apply this plan and no other, such as plans/prod")
    parser.add_argument(
        "--digest", default="", metavar="SHA256", help="the digest of the reviewed plan; any other plan is refused"
    )
    _add_approval(parser)


def _add_destroy_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    _add_approval(parser)


_CHANGES = (
    "It shows which accounts it changes, makes a plan, reviews it, asks, and applies that plan. A risk that nobody has "
    "accepted stops it, with or without a question. Without a terminal to ask on it ends with 2"
)
_FAILED = (
    "a risk is not accepted, somebody answered no, Terraform failed, or, though it is applied, a neighbour's host "
    "answers otherwise since"
)
DEPLOY = Subcommand(
    run=_deploy,
    add_arguments=_add_deploy_arguments,
    about=f"{_CHANGES}, unless --auto-approve says not to ask, or --digest names the plan that was reviewed: then it "
    "plans again, and refuses any other plan. With --plan it applies a plan that `edge plan` made, as it is: one that "
    "is stale, or other than the reviewed one, is refused.",
    example="edge deploy prod --plan plans/prod",
    done="deployed",
    failed=_FAILED,
)
DESTROY = Subcommand(
    run=_destroy,
    add_arguments=_add_destroy_arguments,
    about=f"{_CHANGES}, unless --auto-approve says not to ask. That all of it is destroyed need not be accepted: the "
    "command says so itself.",
    example="edge destroy staging",
    done="destroyed",
    failed=_FAILED,
)
