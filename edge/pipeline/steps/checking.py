"""What a job asks before it goes on: is it the newest run, and is the environment guarded."""

from argparse import ArgumentParser, Namespace

from edge.cli import environment_argument
from edge.cli.exits import Exit
from edge.cli.subcommand import Subcommand
from edge.pipeline import newest_run, protection
from edge.pipeline.api import Repository
from edge.pipeline.steps.step import Steps


def _newest(_options: Namespace) -> int:
    newest_run.demand(Repository.of_this_job())
    print("This run is of the newest commit of main.")
    return Exit.DONE


def _protected(options: Namespace) -> int:
    name = environment_argument.named(options)
    protection.demand(Repository.of_this_job(), name)
    print(f"GitHub lets nothing be deployed to {name} but from main, after somebody else's approval.")
    return Exit.DONE


def _add_no_arguments(_parser: ArgumentParser) -> None:
    """Add none: the runner says which commit this is."""


STEPS: Steps = {
    "newest": (
        "Refuse a run whose commit is no longer the newest of main.",
        Subcommand(
            run=_newest,
            add_arguments=_add_no_arguments,
            example="edge pipeline newest",
            done="it is the newest",
            failed="main has moved on, or GitHub refuses",
        ),
    ),
    "protected": (
        "Refuse to go on where GitHub does not guard the environment, and print the commands that do.",
        Subcommand(
            run=_protected,
            add_arguments=environment_argument.add,
            example="edge pipeline protected prod",
            done="it is guarded",
            failed="it is not, or GitHub refuses",
        ),
    ),
}
