"""Tables and folded parts of a review in Markdown, with as many rows as there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edge.review.markdown_text import in_html, row

FULL_REVIEW = "review-full.md"


@dataclass(frozen=True)
class Detail:
    """How much is shown of the changes: all `lines`, the `kinds` of each service, or `none`; and how many rows."""

    changes: Literal["lines", "kinds", "none"] = "lines"
    rows: int | None = None


def table(head: Sequence[str], rows: Sequence[Sequence[str]], detail: Detail) -> str:
    """Write a table; where there is no room for all of its rows, it says how many more there are."""
    shown = rows if detail.rows is None else rows[: detail.rows]
    lines = [row(head), row("---" for _ in head), *map(row, shown)]
    if len(shown) < len(rows):
        lines.append(row([f"… and {len(rows) - len(shown)} more in `{FULL_REVIEW}`", *("" for _ in head[1:])]))
    return "\n".join(lines)


def folded(summary: str, body: str) -> str:
    """Write a part that a reader opens; its summary is HTML to GitHub, which reads no Markdown in it."""
    return f"<details><summary>{in_html(summary)}</summary>\n\n{body}\n\n</details>"
