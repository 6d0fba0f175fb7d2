"""`edge plan`: make a plan of an environment and seal it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from edge.cli import environment_argument
from edge.cli.exits import Exit
from edge.cli.subcommand import Subcommand
from edge.plan.base import add_base
from edge.plan.errors import RefusedError
from edge.plan.folder import PLANS, PlanFolder
from edge.plan.handed_in import write_refusal
from edge.plan.make import make, say_what_follows
from environments.loader import load, load_all


def _add_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    add_base(parser)
    parser.add_argument(
        "--configuration",
        metavar="FILE",
        type=Path,
        help="plan this cdk.tf.json, which was synthesized elsewhere, instead of what this checkout makes",
    )
    parser.add_argument(
        "--write", metavar="FOLDER", type=Path, help="the folder of the plan (default: plans/ENVIRONMENT)"
    )


def _run(options: Namespace) -> int:
    name = environment_argument.named(options)
    load_all()
    (environment,) = load([name])
    folder = PlanFolder(options.write or PLANS / environment.name)
    try:
        made = make(environment, folder, base=options.base, configuration=options.configuration)
    except RefusedError as refusal:
        if options.configuration:
            write_refusal(folder, environment.name, refusal)
        raise
    say_what_follows(folder, made)
    return Exit.DONE


PLAN = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="It compares priorities with the live listener first, changes nothing in AWS and takes no lock. `edge review "
    "--plan` then reviews this plan, and `edge deploy --plan` applies it and no other.",
    example="edge plan prod",
    done="sealed",
    failed="Terraform failed",
)
