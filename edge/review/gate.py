"""The gate before a deploy: what the review finds against a plan, and nobody has acknowledged, stops it."""

import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from edge.review.command import show, write
from edge.review.files import review_of
from edge.review.render_common import verdict
from edge.review.render_terminal import risks


def gate(
    plan: Path, environment: str, accept: Sequence[str], *, asked_for: Collection[str] = (), in_full: bool = False
) -> int:
    """Review a plan of an environment: 0 to go on, 1 with the risks on stderr.

    `asked_for` are kinds of risk that the command's own name asks for, such as DESTROY. With `in_full` the whole review
    is printed, whatever it finds. Raises PlanError and InvalidEnvironmentError.
    """
    review = review_of(plan, environment)
    own = [risk.id for risk in review.risks if risk.kind in asked_for]
    review = review.accepting([*accept, *own])
    if in_full:
        show(review)
    elif review.exit_code and review.risks:
        write(risks(review), to_stderr=True)
    if review.exit_code:
        for usage in review.failures:
            print(f"{usage.what}: {usage.peak} are needed at once, and the quota is {usage.limit}", file=sys.stderr)
        print(f"{verdict(review)} Fix it, or accept a risk by its id: --accept ID.", file=sys.stderr)
    return review.exit_code
