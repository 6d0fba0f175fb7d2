"""What `edge review` does with a plan that stands: review it, write the review to files, and print it."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from edge.review import files
from edge.review.findings import Review
from edge.review.render_json import document
from edge.review.render_markdown import markdown
from edge.review.render_terminal import terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Add what a review may be asked for."""
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="ID",
        help="accept a risk by its id; may be repeated, or hold several between spaces",
    )
    parser.add_argument(
        "--format", choices=("terminal", "markdown", "json"), default="terminal", help="how it is printed"
    )
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.add_argument("--write", metavar="FOLDER", type=Path, help="write the review's files here, not to the plan")


def review(plan: Path, options: Namespace) -> int:
    """Review a plan's folder or JSON file, print it, and write its files; give the exit code.

    Raises PlanError for what is not a plan, or one of another environment than the named one.
    """
    made = files.review_of(plan, options.environment).accepting(_ids(options.accept))
    folder = options.write or (plan if plan.is_dir() else None)
    if folder:
        files.write(made, folder)
    show(made, options.format)
    return made.exit_code


def _ids(arguments: Sequence[str]) -> list[str]:
    """Take ids apart that stand in one argument, as in --accept "one two"."""
    return [id for argument in arguments for id in argument.split()]


def show(review: Review, form: str = "terminal") -> None:
    """Print a review: in the terminal's tables, as Markdown, or as JSON."""
    if form == "markdown":
        print(markdown(review), end="")
    elif form == "json":
        print(json.dumps(document(review), indent=2, ensure_ascii=False))
    else:
        write(terminal(review))


def write(lines: Iterable[Text], *, to_stderr: bool = False) -> None:
    """Print lines as they are: they are wrapped already, and what is longer must stay whole to be copied."""
    console = Console(stderr=to_stderr)
    for line in lines:
        console.print(line, soft_wrap=True)
