"""`edge pipeline`: the steps of the workflows, whose logic would otherwise be YAML and shell."""

from argparse import ArgumentParser, Namespace
from typing import cast

from edge.cli.exits import BadInputError
from edge.cli.parser import Parser
from edge.cli.subcommand import Subcommand
from edge.pipeline.steps import acceptance, checking, reporting, signing_in
from edge.pipeline.steps.step import Steps

STEPS: Steps = {**signing_in.STEPS, **checking.STEPS, **acceptance.STEPS, **reporting.STEPS}


def _add_arguments(parser: ArgumentParser) -> None:
    steps = parser.add_subparsers(title="steps", metavar="STEP", dest="step")
    for name, (purpose, step) in STEPS.items():
        cast("Parser", steps.add_parser(name, help=purpose)).teach(purpose, step)


def _run(options: Namespace) -> int:
    if options.step is None:
        raise BadInputError("Name a step, as in `edge pipeline summary prod`; edge pipeline --help lists them.")
    return STEPS[options.step][1].run(options)


PIPELINE = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="The workflows in .github/workflows/ run these; docs/pipeline.md explains them. `edge pipeline STEP --help` "
    "explains a step.",
    example="edge pipeline summary prod",
    done="done",
    failed="GitHub or AWS refuses",
)
