"""The report as one HTML page: no script, nothing from elsewhere, every value escaped, and readable without colour.

The page forbids itself to load anything: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from edge.report.contents import Bar, Contents, LastPlan
from edge.verify.check import Result

_WORDS = {"passed": "passed", "failed": "FAILED", "not asked": "not asked"}
_STYLE = """
:root{color-scheme:light}
body{margin:0 auto;max-width:72rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:#1f2328;background:#fff;
overflow-wrap:anywhere}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid #d1d9e0}
h3{font-size:1rem;margin:1rem 0 .25rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid #d1d9e0}
th{white-space:nowrap}.word{white-space:nowrap;font-weight:600}
.failed{color:#a40e26}.passed{color:#116329}.not-asked{color:#59636e}
.bar{border:1px solid #1f2328;height:.8rem;min-width:5rem}.bar div{background:#1f2328;height:100%}
.note{color:#59636e}
@media(max-width:40rem){thead{display:none}tr{display:block;padding:.4rem 0;border-bottom:1px solid #d1d9e0}
td{display:block;border:0;padding:.1rem 0}}
"""


def page(contents: Contents) -> str:
    """Lay the report out."""
    name = escape(contents.environment.name)
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}: report</title><style>{_STYLE}</style></head><body>"
    )
    return "\n".join([head, *_parts(contents, name), "</body></html>"]) + "\n"


def _parts(contents: Contents, name: str) -> Iterator[str]:
    yield f"<h1>{name}</h1><p>{_summary(contents)}</p>"
    yield f'<p class="note">Made on {escape(contents.made_at)}.</p>'
    yield "<h2>Checks</h2>"
    if contents.results is None:
        yield "<p>Nothing was verified for this report.</p>"
    for subject, results in contents.results_by_subject().items():
        yield f"<h3>{escape(subject)}</h3>{_checks(results)}"
    yield "<h2>Certificates</h2>"
    yield _checks(contents.certificates, named=True) if contents.certificates else "<p>None was asked about.</p>"
    yield f"<h2>Last plan</h2>{_plan(contents.plan)}"
    yield "<h2>Quotas</h2><p>What the environment file needs of what AWS gives.</p>"
    yield _table(["quota", "used", "share", ""], map(_bar, contents.bars()))
    yield "<h2>Alarms</h2>"
    yield _table(["alarm", "fires when"], ([escape(alarm.name), escape(alarm.fires_when)] for alarm in contents.alarms))
    yield f'<h2>The path of a request</h2><div class="wide">{contents.picture}</div>'


def _summary(contents: Contents) -> str:
    if contents.results is None:
        return "Nothing was verified for this report."
    failed = sum(result.outcome == "failed" for result in contents.results)
    not_asked = sum(result.outcome == "not asked" for result in contents.results)
    if not failed and not not_asked:
        return f"All {len(contents.results)} checks passed."
    return f"Of {len(contents.results)} checks {failed} failed, and {not_asked} could not be asked."


def _checks(results: Sequence[Result], *, named: bool = False) -> str:
    heads = [*(["of"] if named else []), "outcome", "check", "what was found"]
    return _table(heads, (_check(result, named=named) for result in results))


def _check(result: Result, *, named: bool) -> list[str]:
    words = _WORDS[result.outcome] + ("" if result.outcome == "passed" else f" ({escape(result.severity)})")
    found = "; ".join([result.detail, *([result.remedy] if result.outcome == "failed" else []), *result.notes])
    outcome = f'<span class="word {result.outcome.replace(" ", "-")}">{words}</span>'
    return [*([escape(result.subject)] if named else []), outcome, escape(result.check), escape(found)]


def _bar(bar: Bar) -> list[str]:
    inner = f'<div style="width:{min(bar.percent, 100)}%"></div>'
    drawn = f'<div class="bar" role="img" aria-label="{bar.percent} %">{inner}</div>'
    return [escape(bar.what), f"{bar.used} of {bar.limit}", f"{bar.percent} %", drawn]


def _plan(plan: LastPlan | None) -> str:
    if plan is None:
        return "<p>No reviewed plan lies here.</p>"
    counted = ", ".join(f"{count} {word}" for word, count in plan.summary.items() if count) or "nothing changes"
    risks = "".join(
        f"<li>{escape(str(risk.get('id', '')))}: {escape(str(risk.get('sentence', '')))}</li>" for risk in plan.risks
    )
    return (
        f"<p>{escape(plan.verdict)}</p><p>{escape(counted)}.</p>"
        f'{f"<ul>{risks}</ul>" if risks else ""}<p class="note">{escape(plan.digest)}</p>'
    )


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table of cells that are HTML already; on a narrow screen its rows stand as blocks."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
