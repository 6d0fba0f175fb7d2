"""`python -m edge.review PLAN [--accept ID]… [--format terminal|markdown|json] [--write FOLDER]`: review a plan.

PLAN is what `terraform show -json` gives, or the folder that `make plan` wrote. Exit 0: nothing stands against it; 1: a
risk is not acknowledged, or a quota exceeded; 2: what was given cannot be reviewed.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from edge.review import files
from edge.review.findings import Review
from edge.review.render_json import document
from edge.review.render_markdown import FULL_REVIEW, markdown
from edge.review.render_terminal import terminal
from edge.tfplan.model import PlanError
from environments.faults import InvalidEnvironmentError

_EXIT_BAD_INPUT = 2
_WIDTH = 160  # where the output is no terminal


def main(arguments: Sequence[str]) -> int:
    """Review a plan, print the review, write it where asked to; give the exit code."""
    given = _parser().parse_args(arguments)
    try:
        review = files.review_of(Path(given.plan)).accepting(_ids(given.accept))
        if given.write:
            files.write(review, Path(given.write))
    except (PlanError, InvalidEnvironmentError) as error:
        print(error, file=sys.stderr)
        return _EXIT_BAD_INPUT
    _print(review, given.format)
    return review.exit_code


def _ids(given: Sequence[str]) -> list[str]:
    """Take ids apart that stand in one argument, as in ACCEPT="one two"."""
    return [each for argument in given for each in argument.split()]


def _print(review: Review, form: str) -> None:
    if form == "markdown":
        print(markdown(review), end="")
    elif form == "json":
        print(json.dumps(document(review), indent=2, ensure_ascii=False))
    else:
        console = Console(width=None if sys.stdout.isatty() else _WIDTH)
        for part in terminal(review):
            console.print(part)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m edge.review", description="Review a Terraform plan.")
    parser.add_argument("plan", help="the JSON of a plan, or the folder that `make plan` wrote, such as plans/prod")
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="ID",
        help="acknowledge a risk by its id, such as REPLACE:aws_lb.edge; may be given again",
    )
    parser.add_argument("--format", choices=("terminal", "markdown", "json"), default="terminal")
    parser.add_argument(
        "--write",
        metavar="FOLDER",
        help=f"also write review.md, review.json and, where the first cannot hold all, {FULL_REVIEW}",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
