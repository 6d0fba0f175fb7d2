"""The report: everything is on the page, in words, escaped; and the page loads nothing."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from edge.picture.svg import svg
from edge.report.contents import Alarm, Contents, LastPlan, alarms_of
from edge.report.page import page
from edge.review import render_json
from edge.verify.check import Result
from edge.verify.severity import Severity
from tests.pictures import graph
from tests.support.files import PROD_TOML, environment_of
from tests.support.reviewing import stored_review
from tests.support.synthesizing import synthesize

PROD = environment_of(PROD_TOML.read_text(encoding="utf-8"))
MEAN = '<script>alert("1")</script>&amp;\'</td>'
VOID = {"meta", "br", "img", "input", "link"}


class Page(HTMLParser):
    """What a page is made of, and its text; a tag that is not closed in its place is a mistake."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"


def result(check: str, outcome: Any, detail: str = "so it is", **fields: Any) -> Result:
    values: dict[str, Any] = {"subject": "link.getorcha.com", "remedy": "", "requests": (), "severity": Severity.OUTAGE}
    return Result(check=check, outcome=outcome, detail=detail, **{**values, **fields})


def contents(**fields: Any) -> Contents:
    values: dict[str, Any] = {
        "environment": PROD,
        "made_at": "2026-11-27 06:10 UTC",
        "picture": svg(graph("prod"), "The request path of prod"),
        "alarms": (Alarm("v1-orcha-link-unhealthy", "Link has no healthy target"),),
        "results": [],
        "plan": None,
    }
    return Contents(**{**values, **fields})


def test_all_that_was_found_stands_in_words() -> None:
    results = [
        result("resolves", "passed", "2 addresses"),
        result("health", "failed", "it answers 503", remedy="see the targets", notes=("since noon",)),
        result("OAuth discovery", "not asked", "health did not pass", severity=Severity.PART),
        result("expiry", "passed", "182 days, until 2027-05-28"),
    ]
    shown = Page(page(contents(results=results))).text
    assert "Of 4 checks 1 failed, and 1 could not be asked." in shown
    for words in ("passed", "FAILED (outage)", "not asked (part)", "it answers 503; see the targets; since noon"):
        assert words in shown
    assert shown.index("Certificates") < shown.index("182 days, until 2027-05-28") < shown.index("Last plan")
    assert "2 of 25" in shown
    assert "v1-orcha-link-unhealthy" in shown
    assert "link.prod.getorcha.com" in shown  # in the picture


def test_that_all_passed_is_one_sentence() -> None:
    assert "All 1 checks passed." in page(contents(results=[result("resolves", "passed")]))


def test_nothing_that_was_read_becomes_html() -> None:
    results = [
        result("health", "failed", MEAN, subject=MEAN, remedy=MEAN, notes=(MEAN,)),
        result("expiry", "passed", MEAN),
    ]
    plan = LastPlan(
        environment=MEAN, verdict=MEAN, digest=MEAN, summary={MEAN: 1}, risks=[{"id": MEAN, "sentence": MEAN}]
    )
    shown = Page(page(contents(results=results, plan=plan, alarms=[Alarm(MEAN, MEAN)], made_at=MEAN)))
    assert "script" not in shown.tags
    assert shown.text.count(MEAN) >= 11


def test_the_page_loads_nothing() -> None:
    shown = Page(page(contents()))
    assert {"script", "link", "img", "iframe", "object"} & set(shown.tags) == set()
    elsewhere = [value for name, value in shown.attributes if name in ("src", "href", "action", "data")]
    assert elsewhere == []
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in shown.attributes
    assert "url(http" not in page(contents())


def test_the_review_of_another_environment_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = render_json.document(stored_review("removed_service"))
    (tmp_path / "review.json").write_text(json.dumps({**document, "environment": "blue"}), encoding="utf-8")
    assert main(["report", "prod", "--offline", "--plan", str(tmp_path)]) == 2
    expected = "review.json is a review of blue; name the folder of a plan of prod with --plan.\n"
    assert capsys.readouterr().err.endswith(expected)


def test_a_quota_that_is_exceeded_does_not_leave_its_bar() -> None:
    file = PROD.model_copy(update={"limits": PROD.limits.model_copy(update={"rules_per_security_group": 1})})
    text = page(contents(environment=file.model_copy(update={"services": dict(PROD.services)})))
    widths = [value for name, value in Page(text).attributes if name == "style"]
    assert all(float(width.removeprefix("width:").removesuffix("%")) <= 100 for width in widths)


def test_the_last_plan_is_what_its_review_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = render_json.document(stored_review("removed_service"))
    (tmp_path / "review.json").write_text(json.dumps(document), encoding="utf-8")
    file = tmp_path / "report.html"
    assert main(["report", "prod", "--offline", "--plan", str(tmp_path), "--to", str(file)]) == 0
    shown = Page(file.read_text(encoding="utf-8")).text
    assert document["digest"] in shown
    assert all(risk["id"] in shown for risk in document["risks"])
    assert "Nothing was verified for this report." in shown
    (tmp_path / "review.json").write_text("[]", encoding="utf-8")
    assert main(["report", "prod", "--offline", "--plan", str(tmp_path)]) == 2
    assert "review.json cannot be read (not a review's JSON)" in capsys.readouterr().err
    missing = tmp_path / "none"
    assert main(["report", "prod", "--offline", "--plan", str(missing)]) == 2
    assert capsys.readouterr().err == (
        f"{missing} is not the folder of a reviewed plan, since it holds no review.json; name another with --plan, or "
        f"plan into it with `edge plan prod --write={missing}` and review that with `edge review --plan={missing}`.\n"
    )


def test_every_alarm_that_is_made_is_named() -> None:
    document = synthesize(PROD)
    names = {alarm["alarm_name"] for alarm in document["resource"]["aws_cloudwatch_metric_alarm"].values()}
    assert {alarm.name for alarm in alarms_of(document)} == names


def test_the_checks_are_those_of_the_verification(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no account can be asked, each check says so, and the page is written all the same."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    file = tmp_path / "report.html"
    assert main(["report", "prod", "--to", str(file)]) == 0
    shown = Page(file.read_text(encoding="utf-8")).text
    assert "The config profile (orcha-prod) could not be found" in shown


def test_a_file_that_cannot_be_written_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "prod", "--offline", "--to", str(tmp_path / "no" / "report.html")]) == 2
    assert capsys.readouterr().err.endswith("name another file with --to.\n")


def test_an_unknown_engine_is_bad_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("EDGE_ENGINE", "nonsense")
    assert main(["report", "prod", "--offline"]) == 2
    assert capsys.readouterr().err.startswith("EDGE_ENGINE: nonsense is not an engine; write one of ")
