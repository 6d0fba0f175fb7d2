"""Checkov on a plan that is applied: what a waiver covers, what is written beside the plan, and what a review asks."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from edge.policy import checkov, folder_scan
from edge.policy.checkov import Finding, Result, ScanError
from edge.policy.planned import Planned
from edge.policy.waivers import WAIVERS, Waiver, unwaived, waivers
from edge.review.files import review_of
from edge.tfplan.model import PlanError
from tests.plans import environment_toml, stored_plan
from tests.support import files

RECORD = "aws_route53_record.link_prod_getorcha_com"
ALIAS = Finding("CKV2_AWS_23", RECORD, "Route53 A Record has Attached Resource")
OURS = Waiver(
    check="CKV2_AWS_23",
    resource="aws_route53_record.*",
    reason="It is ours.",
    values={"type": ["A", "AAAA"]},
    references={"alias.name": "data.aws_lb.load_balancer"},
)


def planned(values: dict[str, Any], expressions: dict[str, Any], address: str = RECORD) -> Planned:
    return Planned({address: values}, {address: expressions})


def alias(*references: str) -> dict[str, Any]:
    return {"alias": [{"name": {"references": list(references)}}]}


def test_a_waiver_covers_the_resource_that_was_looked_at() -> None:
    plan = stored_plan("first_deploy")
    assert OURS.covers(ALIAS, Planned.of(plan))
    assert unwaived([ALIAS], [OURS], Planned.of(plan)) == []


@pytest.mark.parametrize(
    ("values", "expressions"),
    [
        ({"type": "A"}, alias("aws_lb.another.dns_name", "aws_lb.another")),
        ({"type": "A"}, {"records": {"constant_value": ["203.0.113.7"]}}),
        ({"type": "A"}, {"alias": [{"name": {"constant_value": "elsewhere.example"}}]}),
        ({"type": "CNAME"}, alias("data.aws_lb.load_balancer.dns_name")),
        ({}, alias("data.aws_lb.load_balancer.dns_name")),
        ({"type": "A"}, {}),
    ],
)
def test_a_record_of_another_address_is_not_waived_with_ours(
    values: dict[str, Any], expressions: dict[str, Any]
) -> None:
    assert not OURS.covers(ALIAS, planned(values, expressions))
    assert OURS.covers(ALIAS, planned({"type": "AAAA"}, alias("data.aws_lb.load_balancer.dns_name")))


@pytest.mark.parametrize(
    ("expected", "found"),
    [(80, 443), (80, True), (80, "80"), (True, 1), ("*-alb-logs-*", "others"), ("HTTP", None), ([1, 2], 3)],
)
def test_a_value_must_be_what_was_expected(expected: Any, found: Any) -> None:
    waiver = Waiver(check="C", resource="a.b", reason="So.", values={"port": expected})
    assert not waiver.covers(Finding("C", "a.b", ""), planned({"port": found}, {}, "a.b"))


def test_what_has_to_stand_beside_it_must_stand() -> None:
    waiver = Waiver(check="C", resource="a.b", reason="So.", beside="aws_wafv2_web_acl_association.load_balancer")
    assert not waiver.covers(Finding("C", "a.b", ""), Planned({"a.b": {}}, {}))
    assert waiver.covers(Finding("C", "a.b", ""), Planned({"a.b": {}, waiver.beside: {}}, {}))


@pytest.mark.parametrize("finding", [Finding("D", "a.b", ""), Finding("C", "a.c", "")])
def test_another_check_or_resource_is_not_waived(finding: Finding) -> None:
    waiver = Waiver(check="C", resource="a.b", reason="So.", values={"x": 1})
    assert not waiver.covers(finding, Planned({"a.b": {"x": 1}, "a.c": {"x": 1}}, {}))


@pytest.mark.parametrize("file", [WAIVERS, files.WAIVERS])
def test_every_waiver_expects_something_of_what_it_waives(file: Path) -> None:
    assert all(waiver.is_bound for waiver in waivers(file))


# Beside a plan


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prod_stack: dict[str, Any]) -> Path:
    environments, folder = tmp_path / "environments", tmp_path / "plan"
    for place in (environments, folder):
        place.mkdir()
    (environments / "prod.toml").write_text(environment_toml("first_deploy"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(environments))
    (folder / "plan.json").write_text(json.dumps(stored_plan("first_deploy")), encoding="utf-8")
    (folder / "cdk.tf.json").write_text(json.dumps(prod_stack), encoding="utf-8")
    (folder / "seal.json").write_text(json.dumps({"environment": "prod"}), encoding="utf-8")
    (folder / "base.json").write_text(json.dumps({"not_compared": "there is no base here"}), encoding="utf-8")
    failing = (ALIAS, Finding("CKV_AWS_24", "aws_x.y", "Ensure no SSH"))
    monkeypatch.setattr(checkov, "is_set_up", lambda: True)
    monkeypatch.setattr(checkov, "check", lambda _: Result(9, failing))
    monkeypatch.setattr(folder_scan, "WAIVERS", files.WAIVERS)
    return folder


def test_the_review_of_a_plan_asks_about_what_no_waiver_covers(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", "--plan", str(folder)]) == 1
    assert "CHECK:aws_x.y#CKV_AWS_24" in capsys.readouterr().out
    review = review_of(folder)
    assert [risk.id for risk in review.risks] == ["CHECK:aws_x.y#CKV_AWS_24"]
    assert re.fullmatch(r"accept prod [a-z2-7]{16}", review.risks[0].label), "bound to what was seen"
    assert review.risks[0].sentence == "aws_x.y fails CKV_AWS_24, and no waiver covers it as planned: ensure no SSH"
    assert main(["review", "--plan", str(folder), "--accept", "CHECK:aws_x.y#CKV_AWS_24"]) == 0


def test_a_scan_of_another_plan_is_refused(folder: Path) -> None:
    folder_scan.scan(folder)
    (folder / "plan.json").write_text(json.dumps({**stored_plan("first_deploy"), "timestamp": "later"}))
    with pytest.raises(PlanError, match=r"scan\.json: is of another plan; review the plan again"):
        review_of(folder)


def test_where_checkov_is_missing_the_review_says_so_or_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checkov, "is_set_up", lambda: False)
    assert main(["review", "--plan", str(folder)]) == 0
    assert "The plan was not checked against checkov's rules: checkov is not set up" in capsys.readouterr().out
    assert main(["review", "--plan", str(folder), "--require-scan"]) == 1
    assert "edge setup --policy" in capsys.readouterr().err


def test_after_a_plan_that_destroys_all_there_is_nothing_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkov, "is_set_up", lambda: True)
    monkeypatch.setattr(checkov, "run", lambda *_, **__: pytest.fail("started checkov"))
    assert checkov.check({"planned_values": {"root_module": {}}}) == Result(0, ())
    monkeypatch.setattr(checkov, "is_set_up", lambda: False)
    with pytest.raises(ScanError, match=r"^Checkov is not set up"):
        checkov.check({})
