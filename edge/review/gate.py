"""The gate before a deploy: what the review finds against a plan, and nobody has acknowledged, stops it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from edge.review.files import review_of
from edge.review.render_common import verdict
from edge.review.render_terminal import risks


def gate(plan: Path, environment: str, accept: Sequence[str]) -> int:
    """Review a plan of an environment: 0 to go on, 1 with the risks on stderr.

    Raises PlanError and InvalidEnvironmentError.
    """
    review = review_of(plan, environment).accepting(accept)
    if review.exit_code:
        console = Console(stderr=True, width=None if sys.stderr.isatty() else 160)
        if review.risks:
            console.print(risks(review))
        for usage in review.failures:
            print(f"{usage.what}: {usage.peak} are needed at once, and the quota is {usage.limit}", file=sys.stderr)
        print(f"{verdict(review)} Fix it, or accept a risk by its id: --accept ID.", file=sys.stderr)
    return review.exit_code
