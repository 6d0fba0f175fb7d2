"""The plans of the tests' environments against checkov's rules: what fails is waived, and every waiver is needed."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from edge import scan
from edge.__main__ import main
from edge.scan import Finding, Result, Waiver, check, plan, unwaived, waivers
from environments.loader import load_all
from tests.support import files

pytestmark = pytest.mark.takes(minutes=0.7)

ENVIRONMENTS = load_all()
WAIVERS = waivers(files.WAIVERS)


@pytest.fixture(scope="module")
def plans() -> dict[str, dict[str, Any]]:
    return {environment.name: plan(environment) for environment in ENVIRONMENTS}


@pytest.fixture(scope="module")
def results(plans: dict[str, dict[str, Any]]) -> dict[str, Result]:
    return {name: check(item) for name, item in plans.items()}


@pytest.mark.parametrize("name", [environment.name for environment in ENVIRONMENTS])
def test_nothing_fails_without_a_waiver(results: dict[str, Result], name: str) -> None:
    assert unwaived(results[name].failed, WAIVERS) == []
    assert results[name].passed > 10


@pytest.mark.parametrize("waiver", WAIVERS, ids=lambda waiver: f"{waiver.check} {waiver.resource}")
def test_every_waiver_waives_something_and_says_why(results: dict[str, Result], waiver: Waiver) -> None:
    assert any(waiver.covers(finding) for result in results.values() for finding in result.failed)
    assert waiver.reason.endswith(".")
    assert len(waiver.reason.split()) > 8


def test_a_security_group_that_is_open_to_the_world_fails(plans: dict[str, dict[str, Any]]) -> None:
    """Without this, a checkov that checks nothing would pass."""
    opened = deepcopy(plans["prod"])
    rules = opened["planned_values"]["root_module"]["resources"]
    rule = next(item for item in rules if item["address"] == "aws_vpc_security_group_ingress_rule.link")
    rule["values"] |= {"cidr_ipv4": "0.0.0.0/0", "referenced_security_group_id": None, "from_port": 22, "to_port": 22}
    found = unwaived(check(opened).failed, WAIVERS)
    assert Finding("CKV_AWS_24", rule["address"], found[0].demand) in found


def test_failures_and_idle_waivers_end_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    finding = Finding("CKV_AWS_24", "aws_lb.shared", "Ensure something")
    waiver = Waiver(check="CKV_AWS_24", resource="aws_lb.*", reason="It is so.")
    idle = Waiver(check="CKV_AWS_25", resource="*", reason="It was so.")

    assert scan._report({"prod": Result(3, (finding,))}, [waiver], complete=True) == 0
    assert capsys.readouterr().out == "prod: 3 checks passed, 1 waived, 0 failed\n"
    assert scan._report({"prod": Result(3, (finding,))}, [], complete=True) == 1
    assert "Ensure something" in capsys.readouterr().out
    assert scan._report({"prod": Result(3, (finding,))}, [waiver, idle], complete=True) == 1
    assert "CKV_AWS_25 on * waives nothing; remove it" in capsys.readouterr().err
    assert scan._report({"prod": Result(3, (finding,))}, [waiver, idle], complete=False) == 0


def test_the_findings_are_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    failing, waived = (Finding(check, "aws_lb.shared", "Ensure something") for check in ("CKV_AWS_24", "CKV_AWS_25"))
    waivers = [Waiver(check=check, resource="*", reason="It is so.") for check in ("CKV_AWS_25", "CKV_AWS_26")]
    assert scan._report({"prod": Result(3, (failing, waived))}, waivers, complete=True, as_json=True) == 1
    assert json.loads(capsys.readouterr().out) == {
        "environments": {
            "prod": {
                "passed": 3,
                "waived": 1,
                "failed": [{"check": "CKV_AWS_24", "resource": "aws_lb.shared", "demand": "Ensure something"}],
            }
        },
        "idle_waivers": [{"check": "CKV_AWS_26", "resource": "*", "reason": "It is so."}],
    }


@pytest.mark.parametrize("text", ["[[waiver]", '[[waiver]]\ncheck = "CKV_AWS_24"\n', "[[waiver]]\nresorce = 1\n"])
def test_a_file_of_waivers_that_is_wrong_is_one_sentence_and_2(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "waivers.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(scan, "WAIVERS", tmp_path / "waivers.toml")
    assert main(["scan", "prod"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert printed.err.startswith("policy/waivers.toml: cannot be used: ")
