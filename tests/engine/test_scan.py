"""The plans of the tests' environments against checkov's rules: what fails is waived, and every waiver is needed."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from edge import scan
from edge.__main__ import main
from edge.policy import checkov
from edge.policy.checkov import Finding, Result
from edge.policy.planned import Planned
from edge.policy.waivers import Waiver, waivers
from edge.scan import Scanned, plan
from environments.loader import load_all
from tests.support import files

pytestmark = pytest.mark.takes(minutes=0.7)

ENVIRONMENTS = load_all()
WAIVERS = waivers(files.WAIVERS)


@pytest.fixture(scope="module")
def plans() -> dict[str, dict[str, Any]]:
    return {environment.name: plan(environment) for environment in ENVIRONMENTS}


@pytest.fixture(scope="module")
def results(plans: dict[str, dict[str, Any]]) -> dict[str, Scanned]:
    return {name: Scanned.of(item) for name, item in plans.items()}


@pytest.mark.parametrize("name", [environment.name for environment in ENVIRONMENTS])
def test_nothing_fails_without_a_waiver(results: dict[str, Scanned], name: str) -> None:
    assert results[name].left(WAIVERS) == []
    assert results[name].result.passed > 10


@pytest.mark.parametrize("waiver", WAIVERS, ids=lambda waiver: f"{waiver.check} {waiver.resource}")
def test_every_waiver_waives_something_and_says_why(results: dict[str, Scanned], waiver: Waiver) -> None:
    assert any(scanned.needs(waiver) for scanned in results.values())
    assert waiver.reason.endswith(".")
    assert len(waiver.reason.split()) > 8


def test_what_is_read_without_lines_and_with_garbage_left_is_found_all_the_same(
    plans: dict[str, dict[str, Any]], results: dict[str, Scanned], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkov, "_QUICKLY", {})
    monkeypatch.setattr(checkov, "_MAIN", "import runpy; runpy.run_module('checkov.main', run_name='__main__')")
    found = checkov.check(plans["prod"])
    assert found == results["prod"].result
    assert found.failed


def test_a_security_group_that_is_open_to_the_world_and_an_address_elsewhere_fail(
    plans: dict[str, dict[str, Any]],
) -> None:
    """Without this, a checkov that checks nothing would pass; and that ours is waived must not waive another's."""
    opened = deepcopy(plans["prod"])
    will = opened["planned_values"]["root_module"]["resources"]
    rule = next(item for item in will if item["address"] == "aws_vpc_security_group_ingress_rule.link")
    rule["values"] |= {"cidr_ipv4": "0.0.0.0/0", "referenced_security_group_id": None, "from_port": 22, "to_port": 22}
    record = next(item for item in will if item["address"] == "aws_route53_record.link_prod_getorcha_com")
    values = {"type": "A", "name": "www.getorcha.com", "ttl": 60, "records": ["203.0.113.7"]}
    will.append({**record, "address": "aws_route53_record.www", "name": "www", "values": values})
    written = opened["configuration"]["root_module"]["resources"]
    ours = next(item for item in written if item["address"] == record["address"])
    constant = {key: {"constant_value": value} for key, value in values.items()}
    expressions = {**constant, "zone_id": ours["expressions"]["zone_id"]}
    written.append({**ours, "address": "aws_route53_record.www", "name": "www", "expressions": expressions})
    found = {(finding.check, finding.resource) for finding in Scanned.of(opened).left(WAIVERS)}
    assert {("CKV_AWS_24", rule["address"]), ("CKV2_AWS_23", "aws_route53_record.www")} <= found
    assert ("CKV2_AWS_23", record["address"]) not in found


def scanned(*findings: Finding) -> Scanned:
    return Scanned(Result(3, findings), Planned({"aws_lb.shared": {"internal": False}}, {}))


def waiver(check: str, resource: str = "*", reason: str = "It is so.") -> Waiver:
    return Waiver(check=check, resource=resource, reason=reason, values={"internal": False})


def test_failures_and_idle_waivers_end_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    results = {"prod": scanned(Finding("CKV_AWS_24", "aws_lb.shared", "Ensure something"))}
    needed, idle = waiver("CKV_AWS_24", "aws_lb.*"), waiver("CKV_AWS_25")

    assert scan._report(results, [needed], complete=True) == 0
    assert capsys.readouterr().out == "prod: 3 checks passed, 1 waived, 0 failed\n"
    assert scan._report(results, [], complete=True) == 1
    assert "Ensure something" in capsys.readouterr().out
    assert scan._report(results, [needed, idle], complete=True) == 1
    assert "CKV_AWS_25 on * waives nothing; remove it" in capsys.readouterr().err
    assert scan._report(results, [needed, idle], complete=False) == 0


def test_the_findings_are_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    failing, waived = (Finding(check, "aws_lb.shared", "Ensure something") for check in ("CKV_AWS_24", "CKV_AWS_25"))
    waivers = [waiver("CKV_AWS_25"), waiver("CKV_AWS_26")]
    assert scan._report({"prod": scanned(failing, waived)}, waivers, complete=True, as_json=True) == 1
    assert json.loads(capsys.readouterr().out) == {
        "environments": {
            "prod": {
                "passed": 3,
                "waived": 1,
                "failed": [{"check": "CKV_AWS_24", "resource": "aws_lb.shared", "demand": "Ensure something"}],
            }
        },
        "idle_waivers": [
            {"check": "CKV_AWS_26", "resource": "*", "reason": "It is so.", "values": {"internal": False}}
        ],
    }


NO_BOUNDS = '[[waiver]]\ncheck = "CKV_AWS_24"\nresource = "*"\nreason = "It is so."\n'


@pytest.mark.parametrize(
    "text",
    [
        "[[waiver]",
        '[[waiver]]\ncheck = "CKV_AWS_24"\n',
        "[[waiver]]\nresorce = 1\n",
        NO_BOUNDS,
        f"{NO_BOUNDS}values = 1\n",
        f"{NO_BOUNDS}values = {{}}\n",
    ],
)
def test_a_file_of_waivers_that_is_wrong_is_one_sentence_and_2(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "waivers.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(scan, "WAIVERS", tmp_path / "waivers.toml")
    assert main(["scan", "prod"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert printed.err.startswith("policy/waivers.toml: cannot be used: ")
