"""Two load balancers in one account are two files: the example of docs/environment-file.md, beside production."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from environments.faults import InvalidEnvironmentError
from environments.loader import load_all
from tests.support.files import PROD_TOML, ROOT
from tests.unit.test_docs import ENVIRONMENT_FILE, fenced

PROD = PROD_TOML.read_text(encoding="utf-8")
(PARTNERS,) = [body for body in fenced(ENVIRONMENT_FILE, "toml") if body.startswith("prefix")]


@pytest.fixture
def environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "prod.toml").write_text(PROD, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    return tmp_path


def test_the_example_stands_beside_production(environments: Path) -> None:
    (environments / "partners.toml").write_text(PARTNERS, encoding="utf-8")
    partners, prod = load_all()
    assert partners.load_balancer_name != prod.load_balancer_name
    assert (partners.accounts, partners.zones) == (prod.accounts, prod.zones)
    for one, other in ((partners, prod), (prod, partners)):
        assert one.services["link"].port == other.services["link"].port
        assert one.services["link"].priorities == other.services["link"].priorities


def test_it_is_a_stack_with_a_state_and_records_of_its_own(environments: Path, tmp_path: Path) -> None:
    (environments / "partners.toml").write_text(PARTNERS, encoding="utf-8")
    environ = {**os.environ, "CDKTF_OUTDIR": str(tmp_path / "out")}
    subprocess.run([sys.executable, "main.py"], cwd=ROOT, env=environ, check=True)
    partners, prod = (read(tmp_path / "out", name) for name in ("partners", "prod"))
    assert partners["terraform"]["backend"]["s3"]["key"] == "edge/partners.tfstate"
    assert prod["terraform"]["backend"]["s3"]["key"] == "edge/prod.tfstate"
    assert partners["data"]["aws_lbs"] != prod["data"]["aws_lbs"]
    records = [
        {record["name"] for record in stack["resource"]["aws_route53_record"].values() if "${" not in record["name"]}
        for stack in (partners, prod)
    ]
    assert records[0] == {"partners.prod.getorcha.com", "partners.getorcha.com"}
    assert records[0].isdisjoint(records[1])


def read(folder: Path, name: str) -> dict[str, Any]:
    stack: dict[str, Any] = json.loads((folder / "stacks" / name / "cdk.tf.json").read_text(encoding="utf-8"))
    return stack


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "edge/partners.tfstate",
            "edge/prod.tfstate",
            'backend.key: the state "v1-orcha-terraform-state/edge/prod.tfstate"',
        ),
        ('"partners.getorcha.com"', '"link.getorcha.com"', 'services.link.hosts[1]: the record "link.getorcha.com"'),
        ('"v1-orcha-partners"', '"v1-orcha"', 'services.link: the target group "v1-orcha-link-tg"'),
        ('"v1-orcha-partners-alb"', '"v1-orcha-alb"', "services.link.priority: priority 20 on v1-orcha-alb"),
    ],
)
def test_what_both_would_write_is_refused(old: str, new: str, fault: str, environments: Path) -> None:
    assert old in PARTNERS
    (environments / "partners.toml").write_text(PARTNERS.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidEnvironmentError) as refusal:
        load_all()
    lines = str(refusal.value).splitlines()
    assert len(lines) == 1
    assert f"prod.toml: {fault} is also that of " in lines[0]
