"""The gate before a deploy: what the review finds against a plan, and nobody has acknowledged, stops it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from edge.review.files import review_of
from edge.review.render_common import verdict
from edge.review.render_terminal import risks
from edge.tfplan.model import PlanError
from environments.faults import InvalidEnvironmentError

_EXIT_BAD_INPUT = 2


def gate(plan: Path, accept: Sequence[str]) -> int:
    """Review a plan's JSON: 0 to go on, 1 with the risks on stderr, 2 with what keeps it from being reviewed."""
    try:
        review = review_of(plan).accepting(accept)
    except (PlanError, InvalidEnvironmentError) as error:
        print(error, file=sys.stderr)
        return _EXIT_BAD_INPUT
    if review.exit_code:
        console = Console(stderr=True, width=None if sys.stderr.isatty() else 160)
        if review.risks:
            console.print(risks(review))
        for usage in review.failures:
            print(f"{usage.what}: {usage.peak} are needed at once, and the quota is {usage.limit}", file=sys.stderr)
        print(f'{verdict(review)} Mend it, or acknowledge a risk by its id: ACCEPT="…".', file=sys.stderr)
    return review.exit_code
