"""The review as a coloured table in the terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from edge.review.findings import Review
from edge.review.render_common import bar, by_service, counts, removal, removed_services, sign, status, verdict
from environments.text import printable

_STYLES = {
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


def terminal(review: Review) -> Iterator[RenderableType]:
    """Give what rich prints, the risks first and the sentence that counts last, where a terminal shows it."""
    if review.risks:
        yield risks(review)
    yield from _code(review)
    if review.drift:
        yield _drift(review)
    if review.lines:
        yield _changes(review)
    if review.usages:
        yield _capacity(review)
    for output in review.outputs:
        yield Text(output)
    for notice in review.notices:
        yield Text(notice, style="yellow")
    yield Text(f"{counts(review)}; {review.digest}")
    yield Text(verdict(review), style="bold red" if review.exit_code else "bold green")


def risks(review: Review) -> Table:
    """Give the table of the risks alone."""
    table = _table("Risks", "", "risk", "account", "accept by")
    for service_id, count in removed_services(review).items():
        table.add_row(_styled("open"), escape(removal(service_id, count)), "", escape(service_id))
    for risk in review.risks:
        word = status(risk)
        table.add_row(_styled(word), escape(risk.sentence), escape(risk.account or ""), escape(risk.typed_id))
    return table


def _code(review: Review) -> Iterator[RenderableType]:
    """Show every block that comes from changed code, whole."""
    for change in review.code:
        yield Text(printable(f"Changed code {change.does} {change.address}:"), style="bold")
        yield Text("\n".join(map(printable, change.diff.splitlines())), style="yellow")


def _drift(review: Review) -> Table:
    table = _table("Changed outside Terraform", "what", "account", "address")
    for change in review.drift:
        table.add_row(escape(change.sentence), escape(change.account or ""), escape(printable(change.address)))
    return table


def _changes(review: Review) -> Table:
    table = _table("Changes", "service", "account", "", "what")
    for service, accounts in by_service(review.lines).items():
        for account, lines in accounts.items():
            for line in lines:
                mark = f"[{_STYLES[line.word]}]{sign(line)}[/]"
                table.add_row(escape(service), escape(account), mark, escape(line.sentence))
        table.add_section()
    return table


def _capacity(review: Review) -> Table:
    table = _table("Capacity, of this configuration alone", "", "quota", "before", "after", "at most", "of", "")
    for usage in review.usages:
        numbers = (str(number) for number in (usage.before, usage.after, usage.peak, usage.limit))
        share = f"{bar(usage.share_percent)} {usage.share_percent} %"
        table.add_row(_styled(usage.level), escape(usage.what), *numbers, share)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _styled(word: str) -> str:
    return f"[{_STYLES[word]}]{word}[/]"
