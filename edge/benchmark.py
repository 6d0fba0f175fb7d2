"""`edge bench`: the benchmarks, which lie in a room of their own and know nothing of this one."""

from bench import command
from edge.cli.subcommand import Subcommand

BENCH = Subcommand(
    run=command.run,
    add_arguments=command.add_arguments,
    about="Each variant runs once to warm up, and then in turn with the others; times are medians.",
    example="edge bench --runs 1",
    done="measured",
    failed="a variant failed",
)
