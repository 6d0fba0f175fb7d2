"""`edge review`: review a plan that stands, or one that is made for it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from edge.cli import environment_argument
from edge.cli.subcommand import Subcommand
from edge.plan.base import add_base
from edge.plan.folder import PLANS, PlanFolder
from edge.plan.make import make, say_what_follows
from edge.policy.folder_scan import scan
from edge.review import command
from environments.loader import load, load_all


def _add_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(
        parser,
        "the environment's name; may be left out beside --plan, where that is a folder that `edge plan` wrote",
        demanded=False,
    )
    parser.add_argument(
        "--plan",
        metavar="PLAN",
        type=Path,
        help="review this plan: the folder that `edge plan` wrote, or what `terraform show -json` prints, in a file",
    )
    add_base(parser)
    parser.add_argument(
        "--require-scan", action="store_true", help="fail where checkov, which checks the plan too, is not set up"
    )
    command.add_arguments(parser)


def _run(options: Namespace) -> int:
    if options.plan:
        if options.plan.is_dir():
            scan(options.plan, required=options.require_scan)
        return command.review(options.plan, options)
    name = environment_argument.named(options)
    load_all()
    (environment,) = load([name])
    folder = PlanFolder(PLANS / environment.name)
    say_what_follows(folder, make(environment, folder, base=options.base))
    scan(folder.path, required=options.require_scan)
    return command.review(folder.path, options)


REVIEW = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="It makes a plan as `edge plan` does and reviews it, or reviews the one that --plan names. The review also "
    "goes into the folder of the plan, as review.md and review.json.",
    example="edge review --plan plans/prod --accept REPLACE:aws_lb.edge",
    done="nothing stands against the plan",
    failed="a risk is not accepted, a quota is exceeded, or Terraform failed",
)
