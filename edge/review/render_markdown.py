"""The review as Markdown, for a pull request: one screen, then the details, and never longer than GitHub takes."""

from collections import Counter
from collections.abc import Iterator, Sequence

from edge.review.findings import WORDS, Line, Review, Risk, Usage
from edge.review.markdown_tables import FULL_REVIEW, Detail, folded, table
from edge.review.markdown_text import code, fenced, plain, safe, sentence
from edge.review.render_common import bar, by_service, counts, removal, removed_services, sign, status, tally, verdict
from edge.review.render_overview import asked_for, besides, goes_with_its_service

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
    parts = [
        f"## {safe(verdict(review))}",
        f"{counts(review)[0].upper()}{counts(review)[1:]}. Digest `{review.digest}`.",
        *([f"Not everything fits here: all of it is in `{FULL_REVIEW}`."] if detail != _DETAILS[0] else []),
        *_notices(review, detail),
        *asked_for(review, detail),
        *besides(review, detail),
        *_risks(review, detail),
        *_capacity(_notable(review.usages), detail),
        *(_kinds(review) if detail.changes == "kinds" else ()),
        *(_folded(review) if detail.changes == "lines" else ()),
    ]
    return "\n\n".join(parts) + "\n"


def _notices(review: Review, detail: Detail) -> Iterator[str]:
    shown = review.notices[: detail.rows]
    yield from (f"> {sentence(notice)}" for notice in shown)
    if len(shown) < len(review.notices):
        yield f"> … and {len(review.notices) - len(shown)} more notices"


def _risks(review: Review, detail: Detail) -> Iterator[str]:
    """Say what to do: each open risk is fixed or accepted. What goes with a removed service stands in one row."""
    if not review.risks:
        return
    yield "### What to do"
    yield "Fix each of these, or accept it where it is meant."
    labels = {risk.service_id: risk.service_label for risk in review.risks}
    rows = [
        ("open", sentence(removal(service_id, count)), "", code(service_id), code(labels[service_id] or ""))
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
        if detail.changes != "lines" or not goes_with_its_service(risk)
    ]
    yield table(("", "risk", "account", "id", "label"), rows, detail)
    if any(risk.can_be_accepted for risk in review.open_risks):
        first = next(risk for risk in review.open_risks if risk.can_be_accepted)
        yield (
            f"To accept a risk on the pull request, set its label, such as `{plain(first.label)}`: it holds for what "
            f"stands here, until something is pushed. By hand: `--accept {plain(first.short_id)}`."
        )


def _code_changes(review: Review) -> Iterator[str]:
    """Show every block that the environment file does not explain, whole, each in a fence that it cannot end."""
    for change in review.code:
        summary = f"Changed code {change.does} {safe(change.address)}"
        yield folded(summary, fenced(change.diff, language="diff"))


def _folded(review: Review) -> Iterator[str]:
    """Give all that a reader opens: what goes with removed services, changed code, every quota, and every change."""
    gone = [risk for risk in review.risks if goes_with_its_service(risk)]
    parts = [*_code_changes(review), *_risks_of_services(gone), *_all_quotas(review.usages), *_changes(review)]
    if parts:
        yield "### Details"
        yield from parts


def _risks_of_services(risks: Sequence[Risk]) -> Iterator[str]:
    if risks:
        rows = [
            (sentence(risk.sentence), safe(risk.account or ""), code(risk.short_id), code(risk.label)) for risk in risks
        ]
        body = table(("risk", "account", "id", "label"), rows, Detail())
        yield folded(f"What goes with its service: {len(risks)}", body)


def _all_quotas(usages: Sequence[Usage]) -> Iterator[str]:
    changing = [usage for usage in usages if (usage.before, usage.peak) != (usage.after, usage.after)]
    parts = [part for part in _capacity(changing, Detail()) if not part.startswith("#")]
    if changing:
        rest = len(usages) - len(changing)
        also = f" {rest} more quotas stay as they are." if rest else ""
        yield folded(
            f"Capacity: of {len(usages)} quotas, {len(changing)} change", "\n\n".join([*parts[:-1], parts[-1] + also])
        )


def _notable(usages: Sequence[Usage]) -> list[Usage]:
    return [usage for usage in usages if usage.level != "ok"]


def _capacity(usages: Sequence[Usage], detail: Detail) -> Iterator[str]:
    if usages:
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
            for usage in sorted(usages, key=lambda usage: -usage.share_percent)
        ]
        yield table(("", "quota", "this configuration uses", "at most, meanwhile", "quota is", ""), rows, detail)
        yield "What others hold on the same load balancer and groups is not counted."


def _changes(review: Review) -> Iterator[str]:
    for service, accounts in by_service(review.lines).items():
        for account, lines in accounts.items():
            summary = f"{safe(service)}, account {safe(account)}: {_counted(lines)}"
            rows = [(code(sign(line)), sentence(line.sentence), code(line.address)) for line in lines]
            yield folded(summary, table(("", "what", "address"), rows, Detail()))


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
        yield table(("service", "account", "", "what"), rows, Detail())


def _counted(lines: list[Line]) -> str:
    found = tally(lines)
    return ", ".join(f"{found[word]} {word}" for word in WORDS if found[word])
