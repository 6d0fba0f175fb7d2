"""What a reader of a review opens: each risk by its id, changed code in full, every quota, and every change."""

from collections import Counter
from collections.abc import Iterator, Sequence

from edge.review.findings import WORDS, Line, Review, Risk
from edge.review.markdown_tables import Detail, folded, table
from edge.review.markdown_text import code, fenced, safe, sentence
from edge.review.plain_words import block
from edge.review.render_common import bar, by_service, sign, tally
from edge.review.resource_names import plural
from edge.review.rows import Row, rows, status
from edge.review.usage import Usage


def bullets(title: str, texts: Sequence[str], detail: Detail) -> Iterator[str]:
    """Write sentences as a list below a heading; where there is room for all, none is shortened."""
    if texts:
        yield f"### {title}"
        write = safe if detail.rows is None else sentence
        shown = texts if detail.rows is None else texts[: detail.rows]
        more = [f"- … and {len(texts) - len(shown)} more"] if len(shown) < len(texts) else []
        yield "\n".join([*(f"- {write(text)}" for text in shown), *more])


def details(review: Review) -> Iterator[str]:
    """Give all that is folded."""
    parts = [
        *_risks(rows(review)),
        *_code_changes(review),
        *_all_quotas(review.usages),
        *_outputs(review),
        *_changes(review),
    ]
    if parts:
        yield "### Details"
        yield from parts


def _risks(found: Sequence[Row]) -> Iterator[str]:
    """Give every risk by its own id and label: those of each group, and those that stand alone."""
    for row in found:
        if row.is_group:
            count = "1 risk" if len(row.risks) == 1 else f"{len(row.risks)} risks"
            yield _by_id(f"{row.title}: {count}", row.risks)
    alone = [risk for row in found if not row.is_group for risk in row.risks]
    if alone:
        yield _by_id(f"Risks by their ids: {len(alone)}", alone)


def _by_id(summary: str, risks: Sequence[Risk]) -> str:
    cells = [
        (
            status(risk),
            sentence(risk.sentence),
            safe(risk.account or ""),
            code(risk.short_id),
            code(risk.label) if risk.can_be_accepted else "",
        )
        for risk in risks
    ]
    return folded(summary, table(("", "risk", "account", "id", "label"), cells, Detail()))


def _code_changes(review: Review) -> Iterator[str]:
    """Show every block that the environment file does not explain, whole, each in a fence that it cannot end."""
    for change in review.code:
        summary = f"Changed code {change.does} {block(change.address)}"
        yield folded(summary, fenced(change.diff, language="diff"))


def _all_quotas(usages: Sequence[Usage]) -> Iterator[str]:
    changing = [usage for usage in usages if (usage.before, usage.peak) != (usage.after, usage.after)]
    parts = [part for part in capacity(changing, Detail()) if not part.startswith("#")]
    if changing:
        rest = len(usages) - len(changing)
        also = f" {rest} more quotas stay as they are." if rest else ""
        yield folded(
            f"Capacity: {len(changing)} of {len(usages)} quotas {'changes' if len(changing) == 1 else 'change'}",
            "\n\n".join([*parts[:-1], parts[-1] + also]),
        )


def notable(usages: Sequence[Usage]) -> list[Usage]:
    """Give the quotas that are nearly used up, or exceeded."""
    return [usage for usage in usages if usage.level != "ok"]


def capacity(usages: Sequence[Usage], detail: Detail) -> Iterator[str]:
    """Give a table of quotas."""
    if usages:
        yield "### Capacity"
        cells = [
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
        yield table(("", "quota", "this configuration uses", "at most, meanwhile", "quota is", ""), cells, detail)
        yield "What others hold on the same load balancer and groups is not counted."


def _outputs(review: Review) -> Iterator[str]:
    if review.outputs:
        yield folded(f"Outputs: {len(review.outputs)} change", "\n".join(f"- {safe(text)}" for text in review.outputs))


def _changes(review: Review) -> Iterator[str]:
    for service, accounts in by_service(review.lines).items():
        for account, lines in accounts.items():
            summary = f"{service}, account {account}: {_counted(lines)}"
            cells = [(code(sign(line)), sentence(line.sentence), code(line.address)) for line in lines]
            yield folded(summary, table(("", "what", "address"), cells, Detail()))


def kinds(review: Review) -> Iterator[str]:
    """Say what kinds of things change, in one row for each account and thing done; services alike share a row."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for service, accounts in by_service(review.lines).items():
        for account, lines in accounts.items():
            for word in WORDS:
                nouns = Counter(line.noun for line in lines if line.word == word)
                named = ", ".join(f"{count} {plural(noun)}" if count > 1 else noun for noun, count in nouns.items())
                if nouns:
                    alike.setdefault((account, word, named), []).append(service)
    if alike:
        cells = [(safe(", ".join(services)), *map(safe, key)) for key, services in alike.items()]
        head = ("services, in each of which this happens", "account", "", "what")
        yield folded("Changes by their kinds", table(head, cells, Detail()))


def _counted(lines: list[Line]) -> str:
    found = tally(lines)
    return ", ".join(f"{found[word]} {word}" for word in WORDS if found[word])
