"""What a reader of a review sees first: what the environment file asks for, and what comes besides."""

from collections.abc import Iterator

from edge.review.findings import WORDS, Line, Review, Risk
from edge.review.markdown_tables import Detail, table
from edge.review.markdown_text import code, safe, sentence
from edge.review.render_common import by_service, tally
from edge.review.risks.unexplained import UNEXPLAINED

_NAMED_AT_MOST = 8


def asked_for(review: Review, detail: Detail) -> Iterator[str]:
    """Count what the environment file asks for, by service and account; changed code's part is left out."""
    others = {change.address for change in review.code} | {risk.address for risk in _strays(review)}
    rows = _rows([line for line in review.lines if line.address not in others])
    if rows or review.outputs:
        yield "### What was asked for"
    if rows:
        used = [word for word in WORDS if any(tally([line])[word] for line in review.lines)]
        yield table(("service", "account", *used), [_counted(cells, used) for cells in rows], detail)
    if review.outputs:
        most = detail.rows or len(review.outputs)
        more = f" … and {len(review.outputs) - most} more" if len(review.outputs) > most else ""
        yield f"Outputs: {safe(', '.join(review.outputs[:most]))}{more}."


def besides(review: Review, detail: Detail) -> Iterator[str]:
    """Say what no environment file explains: changed code, strange values, and what was done outside Terraform."""
    strays = _strays(review)
    if not (review.lines or review.outputs or review.code or strays or review.drift):
        return
    yield "### What came besides"
    if review.code:
        named = _named([change.address for change in review.code])
        yield f"From changed code, each shown whole below: {named}."
    if strays:
        yield f"With values that the configuration does not explain: {_named([risk.address for risk in strays])}."
    if review.drift:
        yield "Changed outside Terraform since the last deploy, not by this change:"
        rows = [(sentence(change.sentence), safe(change.account or "")) for change in review.drift]
        yield table(("what", "account"), rows, detail)
    if not (review.code or strays):
        yield (
            f"Nothing{' else' if review.drift else ''}: every change follows from the environment file."
            if review.is_compared
            else "Not known: the code was not compared with that of a base."
        )


def goes_with_its_service(risk: Risk) -> bool:
    """Say whether a risk stands in the one row of its removed service, as long as it is open."""
    return risk.service_id is not None and not risk.accepted


def _strays(review: Review) -> list[Risk]:
    return [risk for risk in review.risks if risk.kind == UNEXPLAINED]


def _named(addresses: list[str]) -> str:
    shown = ", ".join(map(code, addresses[:_NAMED_AT_MOST]))
    more = len(addresses) - _NAMED_AT_MOST
    return f"{shown} and {more} more" if more > 0 else shown


def _rows(lines: list[Line]) -> list[tuple[str, str, list[Line]]]:
    groups = by_service(tuple(lines))
    return [
        (safe(service), safe(name), found) for service, accounts in groups.items() for name, found in accounts.items()
    ]


def _counted(cells: tuple[str, str, list[Line]], used: list[str]) -> tuple[str, ...]:
    service, account, lines = cells
    return (service, account, *(str(tally(lines)[word] or "") for word in used))
