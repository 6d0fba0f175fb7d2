"""The terminal's tables and the JSON hold all that a review has found; the Markdown has its golden files."""

from dataclasses import replace

import pytest
from rich.style import Style
from rich.text import Text

from edge.review.command import write
from edge.review.findings import Review
from edge.review.plain_words import in_words
from edge.review.render_common import verdict
from edge.review.render_json import document
from edge.review.render_terminal import STYLES, terminal
from edge.review.rows import open_rows
from tests.plans import STORED_PLANS
from tests.support.reviewing import stored_review

PLANS = (
    "destroy_all",
    "drift",
    "fifty_services",
    "removed_service",
    "staging_first_deploy",
    "imported",
    "no_change",
    "san_removed",
)


@pytest.fixture(params=PLANS)
def review(request: pytest.FixtureRequest) -> Review:
    return stored_review(request.param)


WIDE = 20_000  # so that no sentence is wrapped


def shown(review: Review, width: int = WIDE) -> str:
    """Print it, with each row's spaces drawn together."""
    return "\n".join(" ".join(line.plain.split()) for line in terminal(review, width))


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_terminal_shows_every_finding(review: Review) -> None:
    text = shown(review)
    for risk in review.risks:
        assert plain(risk.sentence) in text or plain(in_words(risk.sentence)) in text
        assert risk.typed_id in text or risk.short_id in text
    with_their_risk = {risk.address for risk in review.risks if risk.group}
    for finding in (*review.drift, *(line for line in review.lines if line.address not in with_their_risk)):
        assert plain(finding.sentence) in text
    for usage in review.usages:
        assert f"{usage.level} {usage.what}: {usage.before} → {usage.after}, at most {usage.peak} of " in text
        assert f"({usage.share_percent} %)\n" in text
    for sentence in (*review.outputs, *review.notices, *review.asked, *review.meaning, review.digest):
        assert plain(sentence) in text or review.changes_nothing
    assert text.splitlines()[-1] == plain(verdict(review))


def test_a_long_id_is_printed_in_one_piece_and_every_word_has_a_colour(capsys: pytest.CaptureFixture[str]) -> None:
    id = f"DESTROY:aws_route53_record.{'x' * 200}"
    write([Text(id)])
    assert capsys.readouterr().out == f"{id}\n"
    assert [Style.parse(style) for style in STYLES.values()]


@pytest.mark.parametrize("name", STORED_PLANS)
def test_the_terminals_form_fits_80_columns_and_breaks_no_id(name: str) -> None:
    found = stored_review(name)
    lines = [line.plain for line in terminal(found)]
    code = {line for change in found.code for line in change.diff.splitlines()}
    too_long = [line for line in lines if len(line) > 80 and not set(line.splitlines()) & code]
    assert [line for line in too_long if " " in line.strip()] == []
    words = {word for line in lines for word in line.split()}
    for risk in found.risks:
        assert {risk.id, risk.short_id} & words, "it cannot be copied"
    for row in open_rows(found):
        ids = {row.id} if row.is_group else {row.id, row.risks[0].short_id}
        assert row.status == "to be fixed" or any(f"--accept {id}" in shown(found) for id in ids)


def test_a_part_stands_only_where_it_has_a_line(review: Review) -> None:
    found = set(shown(review).splitlines())
    expected = {
        "Risks": review.risks,
        "Changes": {line.address for line in review.lines} - {risk.address for risk in review.risks if risk.group},
        "Capacity, of this configuration alone": review.usages,
        "Outputs": review.outputs,
        "Notices": review.notices,
    }
    assert found & set(expected) == {title for title, lines in expected.items() if lines}


FINDING = ("address", "service", "account", "sentence")
RISK = ("id", "label", "group_id", "group_label", "can_be_accepted", "accepted")
USAGE = ("what", "before", "after", "peak", "others", "limit", "share_percent", "level", "source")


def test_the_json_holds_every_field_of_every_finding_under_its_own_name(review: Review) -> None:
    """The keys are an interface: other programs read them."""
    made = document(review)
    of_services = [
        {"service_id": risk.group_id, "service_label": risk.group_label}
        if (risk.group_id or "").startswith(("DESTROY:services.", "FORGET:services."))
        else {"service_id": None, "service_label": None}
        for risk in review.risks
    ]
    assert made["risks"] == [
        {name: getattr(risk, name) for name in (*FINDING, *RISK)} | of_service
        for risk, of_service in zip(review.risks, of_services, strict=True)
    ]
    assert made["drift"] == [{name: getattr(found, name) for name in (*FINDING, "outcome")} for found in review.drift]
    assert made["changes"] == [
        {name: getattr(line, name) for name in (*FINDING, "word")}
        | {"action": line.action.value, "imported": line.is_imported}
        for line in review.lines
    ]
    assert made["capacity"] == [
        {"quota": usage.key} | {name: getattr(usage, name) for name in USAGE} for usage in review.usages
    ]
    for name in ("environment", "digest", "exit_code", "changes_nothing"):
        assert made[name] == getattr(review, name)
    assert made["verdict"] == verdict(review)
    for name in ("outputs", "notices", "asked", "meaning"):
        assert made[name] == list(getattr(review, name))
    assert sum(made["summary"].values()) == len(review.lines)


def test_the_json_has_these_keys_and_no_other() -> None:
    assert set(document(stored_review("no_change"))) == {
        "environment", "digest", "exit_code", "verdict", "changes_nothing", "summary", "risks", "capacity", "drift",
        "changes", "code", "outputs", "notices", "asked", "meaning",
    }  # fmt: skip


def test_the_address_of_a_page_stays_whole_however_long() -> None:
    page = f"https://example.com/{'a' * 100}"
    found = replace(stored_review("no_change"), notices=(f"Read {page} first.",))
    assert page in "\n".join(line.plain for line in terminal(found))
