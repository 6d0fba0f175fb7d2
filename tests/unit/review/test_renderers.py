"""The terminal's tables and the JSON hold all that a review has found; the Markdown has its golden files."""

import io

import pytest
from rich.console import Console

from edge.review.findings import Review
from edge.review.render_common import verdict
from edge.review.render_json import document
from edge.review.render_terminal import terminal
from tests.support.reviewing import stored_review

PLANS = ("destroy_all", "drift", "fifty_services", "removed_service", "staging_first_deploy", "imported", "no_change")


@pytest.fixture(params=PLANS)
def review(request: pytest.FixtureRequest) -> Review:
    return stored_review(request.param)


def shown(review: Review) -> str:
    """Print it on a terminal that is wide enough to fold nothing, with each row's spaces drawn together."""
    console = Console(file=io.StringIO(), width=2000, color_system=None)
    for part in terminal(review):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(" ".join(line.split()) for line in console.file.getvalue().splitlines())


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_terminal_shows_every_finding(review: Review) -> None:
    text = shown(review)
    for risk in review.risks:
        assert plain(risk.sentence) in text
        assert risk.typed_id in text
    for finding in (*review.drift, *review.lines):
        assert plain(finding.sentence) in text
    for usage in review.usages:
        assert f"{usage.what} │ {usage.before} │ {usage.after} │ {usage.peak} │ {usage.limit} │" in text
        assert f"{usage.share_percent} %" in text
    for sentence in (*review.outputs, *review.notices, review.digest):
        assert plain(sentence) in text
    assert text.splitlines()[-1] == plain(verdict(review))


def test_a_table_stands_only_where_it_has_a_row(review: Review) -> None:
    titles = set(shown(review).splitlines()) & {
        "Risks", "Changed outside Terraform", "Changes", "Capacity, of this configuration alone",
    }  # fmt: skip
    expected = {
        "Risks": review.risks,
        "Changed outside Terraform": review.drift,
        "Changes": review.lines,
        "Capacity, of this configuration alone": review.usages,
    }
    assert titles == {title for title, rows in expected.items() if rows}


FINDING = ("address", "service", "account", "sentence")
RISK = ("id", "label", "service_id", "service_label", "can_be_accepted", "accepted")
USAGE = ("what", "before", "after", "peak", "limit", "share_percent", "level", "source")


def test_the_json_holds_every_field_of_every_finding_under_its_own_name(review: Review) -> None:
    """The keys are an interface: other programs read them."""
    made = document(review)
    assert made["risks"] == [{name: getattr(risk, name) for name in (*FINDING, *RISK)} for risk in review.risks]
    assert made["drift"] == [{name: getattr(found, name) for name in FINDING} for found in review.drift]
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
    assert (made["outputs"], made["notices"]) == (list(review.outputs), list(review.notices))
    assert sum(made["summary"].values()) == len(review.lines)


def test_the_json_has_these_keys_and_no_other() -> None:
    assert set(document(stored_review("no_change"))) == {
        "environment", "digest", "exit_code", "verdict", "changes_nothing", "summary", "risks", "capacity", "drift",
        "changes", "code", "outputs", "notices",
    }  # fmt: skip
