"""`edge synth` and `edge diff`: the project's own cdktf, on checked files.

The files are checked first, so that a fault reads as one line and ends with 2, which cdktf itself would wrap and turn
into 1. Nothing is changed by cdktf: its deploy asks no review (edge/plan/deploy.py).
"""

import os
import sys
from argparse import Namespace

from bootstrap.places import HERE
from edge.cli import environment_argument
from edge.cli.exits import BadInputError
from edge.cli.subcommand import Subcommand
from edge.preflight.priorities import held_priorities
from edge.terraform import toolchain
from environments.folders import unusable
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


def _cdktf(*arguments: str) -> int:
    environ = toolchain.terraform_environment() | ({} if _draws() else _NO_SPINNER)
    if unwritable := unusable(environ):
        raise BadInputError("\n".join(unwritable))
    return toolchain.become(["cdktf", *arguments], folder=HERE.root, environ=environ)


def _draws() -> bool:
    """Say whether whoever reads the output sees a spinner turn: on a terminal, unless NO_COLOR asks for plain text."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")  # https://no-color.org


_NO_SPINNER = {"CI": "1"}  # for a pipe too cdktf draws one, 170 lines long
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
