"""How results read: a line or a row for each check, and a sentence at the end."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from edge.verify.check import Result

_MARKS = {"passed": "ok", "failed": "FAILED", "not asked": "-"}
_STYLES = {"passed": "green", "failed": "bold red", "not asked": "yellow"}


def line(result: Result) -> str:
    """Write one result in one line: `FAILED link.getorcha.com: health: … answers 503; register healthy targets …`."""
    remedy = f"; {result.remedy}" if result.outcome == "failed" else ""
    return f"{_MARKS[result.outcome]:6} {result.subject}: {result.check}: {result.detail}{remedy}"


def table(results: Sequence[Result]) -> Table:
    """Write all results as a table."""
    made = Table(title="Verification", title_justify="left")
    for column in ("what", "check", "outcome", "detail"):
        made.add_column(column, overflow="fold")
    for result in results:
        remedy = f"; {result.remedy}" if result.outcome == "failed" else ""
        outcome = f"[{_STYLES[result.outcome]}]{result.outcome}[/]"
        made.add_row(result.subject, result.check, outcome, escape(result.detail + remedy))
    return made


def summary(results: Sequence[Result], *, name: str, seconds: float) -> str:
    """Say in one sentence how it went, and what to do next."""
    passed = sum(result.outcome == "passed" for result in results)
    if passed == len(results):
        return f"{name} serves: all {passed} checks passed, in {seconds:.1f} s."
    counted = f"{passed} of {len(results)} checks passed, in {seconds:.1f} s"
    return f"{name} does not serve: {counted}; begin with the first FAILED."
