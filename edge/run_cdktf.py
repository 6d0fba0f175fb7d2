"""`edge synth`, `diff`, `deploy` and `destroy`: the project's own cdktf, on checked files.

The files are checked first, so that a fault reads as one line and ends with 2, which cdktf itself would wrap and turn
into 1. A deploy and a destroy plan and apply without cdktf, which does not let Terraform finish when interrupted; with
`--plan` a deploy applies that plan and no other.
"""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from rich.console import Console

from bootstrap.places import HERE
from edge.cli import environment_argument
from edge.cli.exits import BadInputError
from edge.cli.subcommand import Subcommand
from edge.plan.apply import apply
from edge.plan.deploy import deploy
from edge.plan.destroy import destroy
from edge.plan.folder import PlanFolder
from edge.preflight import accounts, held_priorities
from edge.terraform import toolchain
from environments.loader import load, load_all


def _synth(_options: Namespace) -> int:
    load_all()
    return _cdktf("synth")


def _diff(options: Namespace) -> int:
    name = environment_argument.named(options)
    load_all()
    environments = load([name])
    if held := held_priorities(environments):
        raise BadInputError("\n".join(map(str, held)))
    return _cdktf("diff", name)


def _deploy(options: Namespace) -> int:
    if options.plan:
        return apply(
            PlanFolder(Path(options.plan)),
            environment=options.environment,
            digest=options.digest,
            accept=options.accept,
            auto_approve=options.auto_approve,
        )
    if options.digest or options.accept:
        raise BadInputError("--digest and --accept are about a plan; name its folder: --plan plans/prod")
    return _change("deploy", options)


def _destroy(options: Namespace) -> int:
    return _change("destroy", options)


def _change(command: str, options: Namespace) -> int:
    """Change an environment, once it is shown which accounts that reaches."""
    name = environment_argument.named(options)
    load_all()
    (environment,) = load([name])
    if not options.auto_approve and not sys.stdin.isatty():
        raise BadInputError(
            f"{command} asks before it changes anything, and there is no terminal to ask on: run it in one, or review "
            "a plan and pass --auto-approve"
        )
    held = held_priorities([environment]) if command == "deploy" else []
    if held:
        raise BadInputError("\n".join(map(str, held)))
    Console(stderr=True).print(accounts(environment))
    if command == "deploy":
        return deploy(environment, auto_approve=options.auto_approve)
    return destroy(environment, auto_approve=options.auto_approve)


def _cdktf(*arguments: str) -> int:
    return toolchain.become(["cdktf", *arguments], folder=HERE.root, environ=toolchain.terraform_environment())


def _add_approval(parser: ArgumentParser) -> None:
    parser.add_argument("--auto-approve", action="store_true", help="do not ask")


def _add_deploy_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser, "the environment's name; may be left out beside --plan", demanded=False)
    parser.add_argument("--plan", metavar="FOLDER", help="apply this plan and no other, such as plans/prod")
    parser.add_argument(
        "--digest", default="", metavar="SHA256", help="the digest of the reviewed plan; any other plan is refused"
    )
    parser.add_argument(
        "--accept", default=[], type=str.split, metavar="IDS", help="the risks that are accepted, between spaces"
    )
    _add_approval(parser)


def _add_destroy_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    _add_approval(parser)


_CHANGES = (
    "It shows which accounts it changes, and the plan, and asks first; without a terminal to ask on it ends with 2."
)
_CDKTF = "For other options of cdktf, run it yourself: `edge tool cdktf`."
SYNTH = Subcommand(
    run=_synth,
    about=f"It writes them to cdktf.out, or to the folder that CDKTF_OUTDIR names. {_CDKTF}",
    example="edge synth",
    done="synthesized",
    failed="cdktf failed",
)
DIFF = Subcommand(
    run=_diff,
    add_arguments=environment_argument.add,
    about=f"It compares priorities with the live listener first. {_CDKTF}",
    example="edge diff prod",
    done="planned",
    failed="cdktf failed",
)
DEPLOY = Subcommand(
    run=_deploy,
    add_arguments=_add_deploy_arguments,
    about=f"{_CHANGES} With --plan it applies a plan that `edge plan` made, as it is: a plan that is stale, or other "
    "than the reviewed one, is refused, and so is a risk that nobody has accepted.",
    example="edge deploy prod --plan plans/prod",
    done="deployed",
    failed="a risk is not accepted, or Terraform failed",
)
DESTROY = Subcommand(
    run=_destroy,
    add_arguments=_add_destroy_arguments,
    about=f"{_CHANGES} It removes all that the state holds, also where the platform that others made is gone, and "
    "refuses before the first removal where something is protected, or holds what others put into it.",
    example="edge destroy staging",
    done="destroyed",
    failed="somebody answered no, or Terraform failed",
)
