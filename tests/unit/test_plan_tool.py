"""`edge plan` and `edge deploy --plan`: bad input ends with 2 and one sentence, before anything is asked or written."""

import os
import subprocess
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.aws import listener_priorities
from edge.aws.listener_priorities import LiveRule
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder
from edge.plan.seal import Seal
from edge.terraform import synthesis
from edge.tfplan.digest import digest_of
from tests.support.files import PROD_TOML, ROOT

PROD = PROD_TOML.read_text(encoding="utf-8")
DIGEST = "sha256:" + "0" * 64


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object) -> None:
        pytest.fail("started the synthesis")

    monkeypatch.setattr(synthesis, "synthesize", start)
    monkeypatch.setattr(listener_priorities, "live_rules", lambda *_: {})  # no test asks the AWS of whoever runs it


def planned(tmp_path: Path, *, digest: str = DIGEST) -> Path:
    """Make a folder of a plan that is sound as far as it goes."""
    for name in ("plan.json", "cdk.tf.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    seal = Seal(
        environment="prod",
        digest=digest,
        configuration=DIGEST,
        terraform="Terraform 0.1.0",
        state=None,
        commit=None,
        time="2026-01-01T00:00:00+00:00",
        files={},
    )
    (tmp_path / "seal.json").write_text(seal.sealed().model_dump_json(), encoding="utf-8")
    return tmp_path


def test_a_plan_names_its_environment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", ""]) == 2
    assert capsys.readouterr().err == "Name the environment, as in `edge plan prod`; choose one of prod, staging\n"


def test_a_faulty_file_is_not_planned_and_the_old_plan_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prod.toml").write_text(PROD.replace("9999", "0"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    old = planned(tmp_path)
    assert main(["plan", "prod", "--write", str(old)]) == 2
    assert "services.link.port: 0 is below 1" in capsys.readouterr().err
    assert (old / "seal.json").exists()


def test_a_priority_that_another_rule_holds_is_not_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for asking in ("demand_readiness", "missing_zones"):
        monkeypatch.setattr(f"edge.plan.make.{asking}", lambda *_, **__: [])
    monkeypatch.setattr(listener_priorities, "live_rules", lambda *_: {20: LiveRule(("app.prod.getorcha.com",), None)})
    assert main(["plan", "prod", "--write", str(tmp_path)]) == 2
    assert "services.link.priority: 20 is held on v1-orcha-alb by a rule" in capsys.readouterr().err


def test_an_unknown_environment_is_not_planned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "prd", "--write", str(tmp_path)]) == 2
    assert 'has no environment "prd"' in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"environment": 1}', "\x00"])
def test_a_seal_that_is_none_is_damaged(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    (planned(tmp_path) / "seal.json").write_text(content, encoding="utf-8")
    assert main(["deploy", "--plan", str(tmp_path), "--auto-approve"]) == 2
    assert "has a damaged seal.json; plan again" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", "1"])
def test_a_plan_that_is_no_json_is_damaged(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    (planned(tmp_path) / "plan.json").write_text(content, encoding="utf-8")
    assert main(["deploy", "--plan", str(tmp_path), "--auto-approve"]) == 2
    assert "has a damaged plan.json; plan again" in capsys.readouterr().err


def test_a_plan_json_of_another_plan_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "--plan", str(planned(tmp_path)), "--auto-approve"]) == 2
    assert "holds a plan.json of another plan than the sealed one; plan again" in capsys.readouterr().err


def test_a_plan_of_another_terraform_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "--plan", str(planned(tmp_path, digest=digest_of({}, {}))), "--auto-approve"]) == 2
    assert "was made with Terraform 0.1.0, and here is " in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "environments", "README.md"])
def test_a_folder_of_something_else_is_left_alone(name: str, tmp_path: Path) -> None:
    """An empty name is this folder, and a plan would take its files and its mode."""
    (tmp_path / "environments").mkdir()
    for file in (tmp_path / "environments" / "prod.toml", tmp_path / "README.md", tmp_path / "plan.json"):
        file.write_text("mine", encoding="utf-8")
    place = tmp_path / name
    mode = place.stat().st_mode
    with pytest.raises(RefusedError, match="name another folder with --write"):
        PlanFolder(place).clear()
    assert place.stat().st_mode == mode
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == "mine"


def test_what_a_label_says_is_not_run_by_make(tmp_path: Path) -> None:
    """In the environment, as the workflows give it; make would expand it in a recipe."""
    hostile = f"$(shell touch {tmp_path}/make) `touch {tmp_path}/shell` $(touch {tmp_path}/shell)"
    environ = {**os.environ, "PLAN": str(tmp_path / "nothing"), "ACCEPT": hostile, "DIGEST": hostile}
    command = ["make", "--old-file=setup", "deploy"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert "is not a digest; copy the reviewed one" in done.stderr
    assert list(tmp_path.iterdir()) == []
