"""The review as Markdown, for a pull request: risks first, and never longer than GitHub takes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from edge.review.findings import WORDS, Line, Review, Usage
from edge.review.markdown_text import code, fenced, plain, row, safe, sentence
from edge.review.render_common import bar, by_service, counts, removal, removed_services, sign, status, tally, verdict

# GitHub refuses a longer body with "body is too long (maximum is 65536 characters)"; counted here in bytes of UTF-8,
# of which a character has at least one, with room for what a workflow writes around it.
MAX_BYTES = 64_000
FULL_REVIEW = "review-full.md"


@dataclass(frozen=True)
class _Detail:
    """How much is shown of the changes: all `lines`, the `kinds` of each service, or `none`; and how many rows."""

    changes: Literal["lines", "kinds", "none"] = "lines"
    rows: int | None = None


_DETAILS = (
    _Detail(),
    _Detail("kinds"),
    _Detail("none"),
    *(_Detail("none", rows) for rows in (200, 50, 10, 2)),
)


def markdown(review: Review) -> str:
    """Write the review with as much detail as fits into a GitHub comment; where some does not, it says so."""
    texts = (_text(review, detail) for detail in _DETAILS)
    return next((text for text in texts if len(text.encode()) <= MAX_BYTES), _text(review, _DETAILS[-1]))


def full_markdown(review: Review) -> str:
    """Write all of the review, however long."""
    return _text(review, _DETAILS[0])


def _text(review: Review, detail: _Detail) -> str:
    parts = [
        f"## {safe(verdict(review))}",
        f"{counts(review)[0].upper()}{counts(review)[1:]}. Digest `{review.digest}`.",
        *([f"Not everything fits here: all of it is in `{FULL_REVIEW}`."] if detail != _DETAILS[0] else []),
        *_notices(review, detail),
        *_risks(review, detail),
        *(_code_changes(review) if detail.changes == "lines" else ()),
        *_drift(review, detail),
        *_glance(review, detail),
        *_capacity(review.usages, detail),
        *(_changes(review) if detail.changes == "lines" else ()),
        *(_kinds(review) if detail.changes == "kinds" else ()),
        *_outputs(review, detail),
    ]
    return "\n\n".join(parts) + "\n"


def _notices(review: Review, detail: _Detail) -> Iterator[str]:
    shown = review.notices[: detail.rows]
    yield from (f"> {sentence(notice)}" for notice in shown)
    if len(shown) < len(review.notices):
        yield f"> … and {len(review.notices) - len(shown)} more notices"


def _risks(review: Review, detail: _Detail) -> Iterator[str]:
    if not review.risks:
        return
    yield "### Risks"
    labels = {risk.service_id: risk.service_label for risk in review.risks}
    rows = [
        ("open", sentence(removal(service_id, count)), "", code(service_id), code(labels[service_id]))
        for service_id, count in removed_services(review).items()
    ]
    rows += [
        (
            status(risk),
            sentence(risk.sentence),
            safe(risk.account or ""),
            code(risk.short_id),
            code(risk.label) if risk.can_be_accepted else "",
        )
        for risk in sorted(review.risks, key=lambda risk: risk.accepted)
    ]
    yield _table(("", "risk", "account", "id", "label"), rows, detail)
    if any(risk.can_be_accepted for risk in review.open_risks):
        first = next(risk for risk in review.open_risks if risk.can_be_accepted)
        yield (
            f"To accept a risk on the pull request, set its label, such as `{plain(first.label)}`: it holds for what "
            f"stands here, until something is pushed. By hand: `--accept {plain(first.short_id)}`."
        )


def _code_changes(review: Review) -> Iterator[str]:
    """Show every block that the environment file does not explain, whole, each in a fence that it cannot end."""
    if review.code:
        yield "### From changed code"
        yield "The environment file does not explain these blocks. Each asks, and is shown whole."
    for change in review.code:
        summary = f"{change.does} {safe(change.address)}"
        yield f"<details><summary>{summary}</summary>\n\n{fenced(change.diff, language='diff')}\n\n</details>"


def _drift(review: Review, detail: _Detail) -> Iterator[str]:
    if review.drift:
        yield "### Changed outside Terraform"
        yield "Not by this change: somebody or something else did it since the last deploy."
        rows = [(sentence(change.sentence), safe(change.account or "")) for change in review.drift]
        yield _table(("what", "account"), rows, detail)


def _glance(review: Review, detail: _Detail) -> Iterator[str]:
    if not review.lines:
        return
    total = tally(review.lines)
    used = [word for word in WORDS if total[word]]
    rows = [
        (safe(service), safe(account), *(str(tally(lines)[word] or "") for word in used))
        for service, accounts in by_service(review.lines).items()
        for account, lines in accounts.items()
    ]
    yield "### At a glance"
    yield _table(("service", "account", *used), rows, detail)


def _capacity(usages: Sequence[Usage], detail: _Detail) -> Iterator[str]:
    notable = [
        usage for usage in usages if usage.level != "ok" or (usage.before, usage.peak) != (usage.after, usage.after)
    ]
    rest = len(usages) - len(notable)
    if notable:
        yield "### Capacity"
        rows = [
            (
                usage.level if usage.level == "ok" else f"**{usage.level}**",
                f"[{safe(usage.what)}]({usage.source})",
                f"{usage.before} → {usage.after}",
                str(usage.peak),
                str(usage.limit),
                f"{bar(usage.share_percent)} {usage.share_percent} %",
            )
            for usage in sorted(notable, key=lambda usage: -usage.share_percent)
        ]
        yield _table(("", "quota", "this configuration uses", "at most, meanwhile", "quota is", ""), rows, detail)
        also = f" {rest} more quotas stay as they are." if rest else ""
        yield f"What others hold on the same load balancer and groups is not counted.{also}"


def _changes(review: Review) -> Iterator[str]:
    groups = by_service(review.lines)
    if groups:
        yield "### Changes"
    for service, accounts in groups.items():
        for account, lines in accounts.items():
            summary = f"{safe(service)}, account {safe(account)}: {_counted(lines)}"
            rows = [(code(sign(line)), sentence(line.sentence), code(line.address)) for line in lines]
            body = _table(("", "what", "address"), rows, _Detail())
            yield f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _kinds(review: Review) -> Iterator[str]:
    """Say of each service what kinds of things change, in one row for each account and each thing done."""
    rows = []
    for service, accounts in by_service(review.lines).items():
        for account, lines in accounts.items():
            for word in WORDS:
                nouns = Counter(line.noun for line in lines if line.word == word)
                kinds = ", ".join(f"{count} {noun}s" if count > 1 else noun for noun, count in sorted(nouns.items()))
                rows += [(safe(service), safe(account), word, safe(kinds))] if nouns else []
    if rows:
        yield "### Changes"
        yield _table(("service", "account", "", "what"), rows, _Detail())


def _counted(lines: list[Line]) -> str:
    found = tally(lines)
    return ", ".join(f"{found[word]} {word}" for word in WORDS if found[word])


def _outputs(review: Review, detail: _Detail) -> Iterator[str]:
    if review.outputs:
        most = detail.rows or len(review.outputs)
        more = f" … and {len(review.outputs) - most} more" if len(review.outputs) > most else ""
        yield f"Outputs: {safe(', '.join(review.outputs[:most]))}{more}."


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], detail: _Detail) -> str:
    shown = rows if detail.rows is None else rows[: detail.rows]
    lines = [row(head), row("---" for _ in head), *map(row, shown)]
    if len(shown) < len(rows):
        lines.append(row([f"… and {len(rows) - len(shown)} more in `{FULL_REVIEW}`", *("" for _ in head[1:])]))
    return "\n".join(lines)
