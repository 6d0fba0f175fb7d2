"""`edge validate` and the JSON Schema: the files alone, without jsii, and what editors know of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from edge.__main__ import main
from environments.editor_schema import json_schema
from tests.support.files import PROD_TOML, ROOT

SCHEMA_FILE = ROOT / "environments" / "environment.schema.json"
PROD = PROD_TOML.read_text(encoding="utf-8")


def test_the_schema_that_is_checked_in_is_current() -> None:
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == json_schema(), (
        "run `.venv/bin/edge validate --schema > environments/environment.schema.json`"
    )


def test_it_says_what_each_file_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 0
    assert "prod is right; services: link\n" in capsys.readouterr().out


def test_it_shows_the_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 0
    assert "      2 of    25 certificates, with the one more that a replacement needs\n" in capsys.readouterr().out


def test_the_ledger_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--json"]) == 0
    prod = json.loads(capsys.readouterr().out)["prod"]
    assert prod["services"] == ["link"]
    assert {"what": "listener rules", "used": 1, "limit": 100} in prod["quotas"]


def test_it_says_so_where_it_has_no_ports_to_compare_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["validate"])
    assert capsys.readouterr().err == ""
    (tmp_path / "prod.toml").write_text(PROD, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert main(["validate"]) == 0
    assert "ports were not compared" in capsys.readouterr().err


def test_it_ends_with_2_and_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prod.toml").write_text(PROD.replace("9999", "0"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert main(["validate"]) == 2
    assert "services.link.port: 0 is below 1" in capsys.readouterr().err


def test_it_starts_no_jsii() -> None:
    listed = "print([name for name in sys.modules if 'jsii' in name])"
    code = f"import sys; from edge.__main__ import main; main(['validate']); {listed}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.endswith("[]\n")


def test_the_engine_that_is_set_is_checked_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGE_ENGINE", "pulumi")
    assert main(["validate"]) == 2
    assert capsys.readouterr().err == ("EDGE_ENGINE: pulumi is not an engine; write one of cdktf, cdktf-aws6, cdktn.\n")
