"""The review in a terminal: every change first, and last the screen that a person decides by, where a terminal is read.

Lines are wrapped here, between words, so that an id or an address of a page is never broken and can be copied.
"""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.text import Text

from edge.review.findings import Review
from edge.review.labels import typed
from edge.review.plain_words import in_words
from edge.review.render_common import by_service, sign
from edge.review.rows import Row, rows
from edge.review.screen import ASKED, BESIDES, MEANING, RISKS, screen
from edge.tfplan.model import GONE
from environments.text import printable

WIDTH = 80
STYLES = {
    "create": "green",
    "update": "yellow",
    "replace": "magenta",
    "destroy": "red",
    "forget": "red",
    "import": "cyan",
    "move": "cyan",
    "open": "bold red",
    "to be fixed": "bold red",
    "accepted": "yellow",
    "failure": "bold red",
    "warning": "yellow",
    "ok": "green",
}
_GOES = ("DESTROY", "FORGET")
_STATUS, _SIGN, _LEVEL = 15, 5, 11  # columns, with the indent before them


def terminal(review: Review, width: int = WIDTH) -> Iterator[Text]:
    """Give lines that are to be printed as they are, with `soft_wrap`."""
    found = screen(review)
    for title, lines in (
        ("Changes", _changes(review, width)),
        ("Capacity, of this configuration alone", _capacity(review, width)),
        ("Outputs", _listed(review.outputs, width)),
        ("Risks, each by its id", _members(review, width)),
    ):
        yield from _part(title, list(lines))
    yield from _code(review)
    for title, lines in (
        (ASKED, _listed(found.asked, width)),
        (MEANING, _listed(found.meaning, width)),
        (RISKS, _rows(rows(review), width)),
        (BESIDES, _listed(found.besides, width)),
        ("Notices", _listed(found.notices, width, style="yellow")),
    ):
        yield from _part(title, list(lines))
    yield from _wrapped(found.counts, width)
    yield Text(review.digest)
    yield from _wrapped(found.verdict, width, style="bold red" if review.exit_code else "bold green")


def risks(review: Review, width: int = WIDTH) -> Iterator[Text]:
    """Give the risks alone."""
    yield from _part(RISKS, list(_rows(rows(review), width)))


def _rows(found: Sequence[Row], width: int) -> Iterator[Text]:
    for row in found:
        yield from _marked(
            row.status, STYLES[row.status], _with_account(in_words(row.text), row.account), _STATUS, width
        )
        yield from _id(row)


def _id(row: Row) -> Iterator[Text]:
    """Write the id on a line of its own, as the option that accepts it; the short one where the long has no room."""
    option = "--accept " if row.status == "open" else ""
    short = row.id if row.is_group else row.risks[0].short_id
    fits = _STATUS + len(f"{option}{row.id}") <= WIDTH
    id = row.id if fits else short
    yield Text(printable(f"{'':{_STATUS}}{option}{typed(id) if option else id}"))


def _members(review: Review, width: int) -> Iterator[Text]:
    for row in rows(review):
        if row.is_group:
            for risk in row.risks:
                text = _with_account(risk.sentence, risk.account or "")
                yield from _marked("", "", text, _SIGN, width)
                fits = _SIGN + len(risk.typed_id) <= WIDTH
                yield Text(f"{'':{_SIGN}}{risk.typed_id if fits else risk.short_id}")


def _changes(review: Review, width: int) -> Iterator[Text]:
    """List the changes but for those that stand with their risk, as part of a group that goes."""
    listed = {risk.address for row in rows(review) if row.is_group for risk in row.risks if risk.kind in _GOES}
    alone = tuple(line for line in review.lines if line.address not in listed or line.action not in GONE)
    for service, accounts in by_service(alone).items():
        for account, lines in accounts.items():
            yield Text(printable(f"  {service}, account {account}"), style="bold")
            for line in lines:
                yield from _marked(sign(line), STYLES[line.word], line.sentence, _SIGN + 2, width)


def _capacity(review: Review, width: int) -> Iterator[Text]:
    for usage in review.usages:
        used = f"{usage.before} → {usage.after}, at most {usage.peak} of {usage.limit}"
        text = f"{usage.what}: {used} ({usage.share_percent} %)"
        yield from _marked(usage.level, STYLES[usage.level], text, _LEVEL, width)


def _code(review: Review) -> Iterator[Text]:
    """Show every block that comes from changed code, whole."""
    for change in review.code:
        yield Text(printable(f"Changed code {change.does}"), style="bold")
        yield Text(printable(change.address), style="bold")
        yield Text("\n".join(map(printable, change.diff.splitlines())), style="yellow")
        yield Text()


def _part(title: str, lines: list[Text]) -> Iterator[Text]:
    if lines:
        yield Text(title, style="bold")
        yield from lines
        yield Text()


def _listed(texts: Sequence[str], width: int, style: str = "") -> Iterator[Text]:
    for text in texts:
        for number, line in enumerate(_lines(text, width - 4)):
            yield Text(f"{'  - ' if number == 0 else '    '}{line}", style=style)


def _marked(mark: str, style: str, text: str, column: int, width: int) -> Iterator[Text]:
    """Write a mark in a column, and a text beside it."""
    for number, line in enumerate(_lines(text, width - column)):
        head = f"  {mark}".ljust(column) if number == 0 else " " * column
        yield Text.assemble((head, style), line)


def _wrapped(text: str, width: int, style: str = "") -> Iterator[Text]:
    yield from (Text(line, style=style) for line in _lines(text, width))


def _lines(text: str, width: int) -> list[str]:
    return wrap(printable(text), width, break_long_words=False, break_on_hyphens=False) or [""]


def _with_account(text: str, account: str) -> str:
    return f"{text} (account {account})" if account else text
