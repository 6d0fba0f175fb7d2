"""`edge bench`: the benchmarks, which lie in a room of their own and know nothing of this one."""

import os
from argparse import Namespace

from bench import command
from edge.cli.exits import BadInputError
from edge.cli.subcommand import Subcommand
from environments.folders import unusable_temporary


def _run(options: Namespace) -> int:
    if unwritable := unusable_temporary(os.environ):
        raise BadInputError("\n".join(unwritable))
    return command.run(options)


BENCH = Subcommand(
    run=_run,
    add_arguments=command.add_arguments,
    about="Each variant runs once to warm up, and then in turn with the others; times are medians.",
    example="edge bench --runs 1",
    done="measured",
    failed="a variant failed",
)
