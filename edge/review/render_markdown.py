"""The review as Markdown, for a pull request: one screen, then the details, and never longer than GitHub takes."""

from collections.abc import Iterator, Sequence

from edge.review.findings import Review
from edge.review.labels import typed
from edge.review.markdown_details import bullets, capacity, details, kinds, notable
from edge.review.markdown_tables import FULL_REVIEW, Detail, table
from edge.review.markdown_text import code, safe, sentence
from edge.review.plain_words import in_words
from edge.review.screen import ASKED, BESIDES, MEANING, RISKS, Screen, screen

# GitHub refuses a longer body with "body is too long (maximum is 65536 characters)"; counted here in bytes of UTF-8,
# of which a character has at least one, with room for what a workflow writes around it.
MAX_BYTES = 64_000


_DETAILS = (
    Detail(),
    Detail("kinds"),
    Detail("none"),
    *(Detail("none", rows) for rows in (200, 50, 10, 2)),
)


def markdown(review: Review) -> str:
    """Write the review with as much detail as fits into a GitHub comment; where some does not, it says so."""
    texts = (_text(review, detail) for detail in _DETAILS)
    return next((text for text in texts if len(text.encode()) <= MAX_BYTES), _text(review, _DETAILS[-1]))


def full_markdown(review: Review) -> str:
    """Write all of the review, however long."""
    return _text(review, _DETAILS[0])


def _text(review: Review, detail: Detail) -> str:
    seen = screen(review)
    parts = [
        f"## {safe(seen.verdict)}",
        *_to_do(seen, review),
        *([f"Not everything fits here: all of it is in `{FULL_REVIEW}`."] if detail != _DETAILS[0] else []),
        *bullets(ASKED, seen.asked, detail),
        *bullets(MEANING, seen.meaning, detail),
        *_risks(seen, detail),
        *bullets(BESIDES, seen.besides, detail),
        *_notices(seen.notices, detail),
        *capacity(notable(review.usages), detail),
        f"{seen.counts[0].upper()}{seen.counts[1:]}. Digest `{review.digest}`.",
        *(kinds(review) if detail.changes == "kinds" else ()),
        *(details(review) if detail.changes == "lines" else ()),
    ]
    return "\n\n".join(parts) + "\n"


def _to_do(seen: Screen, review: Review) -> Iterator[str]:
    """Say what the reader can do about it, with the one label that settles all where there is one."""
    quotas = " Exceeded quotas need a smaller plan, or a higher quota in `[limits]`." if review.failures else ""
    if (row := seen.settling) is not None:
        by_hand = row.id if row.is_group else row.label.rpartition(" ")[2]
        yield (
            f"**To do:** fix what stands below, or, where it is meant, set the label {code(row.label)} on the pull "
            f"request: it accepts what stands here, until something is pushed. By hand: "
            f"{code(f'--accept {typed(by_hand)}')}.{quotas}"
        )
    elif seen.open:
        fixed = f" {seen.to_be_fixed} of them can only be fixed." if seen.to_be_fixed else ""
        yield (
            "**To do:** fix each risk below, or, where it is meant, set its label on the pull request: it accepts what "
            f"stands here, until something is pushed. By hand: `--accept` and the label's last word.{fixed}{quotas}"
        )
    elif quotas:
        yield f"**To do:**{quotas}"
    elif not review.changes_nothing:
        yield "**To do:** nothing stands against it. Read what it means, and deploy it."


def _notices(notices: Sequence[str], detail: Detail) -> Iterator[str]:
    shown = notices[: detail.rows]
    yield from (f"> {sentence(notice)}" for notice in shown)
    if len(shown) < len(notices):
        yield f"> … and {len(notices) - len(shown)} more notices"


def _risks(seen: Screen, detail: Detail) -> Iterator[str]:
    """List each open risk, or all that one acceptance settles, in a row of its own."""
    if not (seen.open or seen.accepted):
        return
    yield f"### {RISKS}"
    if seen.open:
        rows = [
            (
                row.status,
                sentence(in_words(row.text)),
                safe(row.account),
                code(row.label) if row.status == "open" else "",
            )
            for row in seen.open
        ]
        yield table(("", "risk", "account", "label that accepts it"), rows, detail)
    if seen.accepted:
        accepted = "1 risk is accepted" if seen.accepted == 1 else f"{seen.accepted} risks are accepted"
        yield f"{accepted}, listed below."
