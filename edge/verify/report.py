"""How results read: a line for each check, and a sentence at the end."""

from collections import Counter
from collections.abc import Sequence

from edge.verify.check import Result
from edge.verify.severity import Severity

_MARKS = {"passed": "ok", "failed": "FAILED", "not asked": "-"}
# How the environment as a whole does, by the worst that clients notice.
_ENDINGS = {Severity.OUTAGE: "does not serve", Severity.PART: "serves in part"}
_DEPLOY = "deploy again"


def line(result: Result) -> str:
    """Write one result in one line: `FAILED link.getorcha.com: health: … answers 503; register … [outage]`."""
    return f"{_MARKS[result.outcome]:6} {result.subject}: {result.check}: {_text(result)}"


def _text(result: Result) -> str:
    remedy = f"; {result.remedy}" if result.outcome == "failed" else ""
    notes = "".join(f"; note: {note}" for note in result.notes)
    severity = "" if result.outcome == "passed" else f" [{result.severity}]"
    return f"{result.detail}{remedy}{notes}{severity}"


def summary(results: Sequence[Result], *, name: str, seconds: float) -> str:
    """Say in one sentence how it went, how bad what failed is, and what to do next."""
    not_passed = [result for result in results if result.outcome != "passed"]
    if not not_passed:
        return f"{name} serves: all {len(results)} checks passed, in {seconds:.1f} s."
    severities = Counter(result.severity for result in not_passed)
    ending = next((words for severity, words in _ENDINGS.items() if severity in severities), "serves, with faults")
    counted = f"{len(results) - len(not_passed)} of {len(results)} checks passed, in {seconds:.1f} s"
    by_severity = ", ".join(f"{severities[severity]} {severity}" for severity in Severity if severity in severities)
    redeployed = any(_DEPLOY in result.remedy for result in not_passed)
    next_command = f'; where a line says "{_DEPLOY}": edge deploy {name}' if redeployed else ""
    return f"{name} {ending}: {counted}; not passed: {by_severity}; begin with the first FAILED{next_command}."
