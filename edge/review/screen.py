"""What a reader of a review sees first, as plain sentences that every rendering writes in its own way.

In this order: the verdict, what to do, what was asked for, what it means for clients, the risks, and what came besides.
None of it names an address of Terraform's; the ids, which do, are for whoever goes on reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from edge.review.findings import Review
from edge.review.plain_words import in_words, names
from edge.review.render_common import counts, verdict
from edge.review.risks.unexplained import UNEXPLAINED
from edge.review.rows import Row, open_rows, rows
from environments.text import listed

ASKED, MEANING, RISKS, BESIDES = "What was asked for", "What it means for clients", "Risks", "What came besides"


@dataclass(frozen=True)
class Screen:
    """The parts of a review's first screen; `accepted` counts the risks that are accepted and so not listed again."""

    verdict: str
    counts: str
    asked: tuple[str, ...]
    meaning: tuple[str, ...]
    open: tuple[Row, ...]
    accepted: int
    besides: tuple[str, ...]
    notices: tuple[str, ...]

    @property
    def settling(self) -> Row | None:
        """The one row whose acceptance settles all that is open; None where there is another number of them."""
        row = self.open[0] if len(self.open) == 1 else None
        return row if row is not None and row.status == "open" else None

    @property
    def to_be_fixed(self) -> int:
        """The number of risks that nobody can accept."""
        return sum(row.status == "to be fixed" for row in self.open)


def screen(review: Review) -> Screen:
    """Put a review's first screen together; a plan that changes nothing asked for nothing."""
    does = not review.changes_nothing
    return Screen(
        verdict=verdict(review),
        counts=counts(review),
        asked=tuple(map(in_words, review.asked)) if does else (),
        meaning=tuple(map(in_words, review.meaning)) if does else (),
        open=open_rows(review),
        accepted=sum(not row.is_open for row in rows(review)),
        besides=tuple(_besides(review)),
        notices=tuple(map(in_words, review.notices)),
    )


def _besides(review: Review) -> Iterator[str]:
    """Say what no environment file explains: changed code, strange values, and what was done outside Terraform."""
    strays = [risk for risk in review.risks if risk.kind == UNEXPLAINED]
    if not (review.lines or review.outputs or review.code or strays or review.drift):
        return
    if review.code:
        yield f"From changed code, each shown whole: {listed(names(change.address for change in review.code))}."
    if strays:
        found = listed(names(risk.address for risk in strays))
        yield f"With values that the configuration does not explain: {found}."
    for change in review.drift:
        where = f" (account {change.account})" if change.account else ""
        yield in_words(f"{change.sentence}{where}; {change.outcome}.")
    left = list(dict.fromkeys(risk.subject for risk in review.risks if risk.deposed))
    if left:
        yield f"From an earlier deploy that did not finish: {listed(left)}."
    if not (review.code or strays):
        yield _nothing_else(review, some=bool(review.drift or left))


def _nothing_else(review: Review, *, some: bool) -> str:
    if review.all_goes:
        return f"Nothing{' else' if some else ''}: the plan removes everything."
    if not review.is_compared:
        return "Not known: the code was not compared with that of a base."
    return f"Nothing{' else' if some else ''}: every change follows from the environment file."
