"""What a step is, and the arguments that several take."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from edge.cli import environment_argument
from edge.cli.subcommand import Subcommand
from edge.plan.folder import PLANS, PlanFolder

Steps = Mapping[str, tuple[str, Subcommand]]
"""Steps by their names, each with its purpose."""

REFUSED = "GitHub or AWS refuses"


def add_plan_arguments(parser: ArgumentParser) -> None:
    """Add the environment, and the folder of its plan."""
    environment_argument.add(parser)
    parser.add_argument("--plan", type=Path, metavar="FOLDER", help="the plan's folder (default: plans/ENVIRONMENT)")


def plan_folder(options: Namespace) -> PlanFolder:
    """Give the folder of the plan."""
    return PlanFolder(options.plan or PLANS / environment_argument.named(options))
