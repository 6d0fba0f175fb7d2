"""`make lint` and the JSON Schema: the files alone, without jsii, and what editors know of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.files import PROD_TOML, ROOT
from tools import lint

SCHEMA_FILE = ROOT / "environments" / "environment.schema.json"
PROD = PROD_TOML.read_text(encoding="utf-8")


def test_the_schema_that_is_checked_in_is_current() -> None:
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == lint.json_schema(), (
        "run `.venv/bin/python -m tools.lint --schema > environments/environment.schema.json`"
    )


def test_it_says_what_each_file_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint.main([]) == 0
    assert "prod is right; services: link\n" in capsys.readouterr().out


def test_it_shows_the_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint.main([]) == 0
    assert "      2 of    25 certificates, with the one more that a replacement needs\n" in capsys.readouterr().out


def test_it_says_so_where_it_has_no_ports_to_compare_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lint.main([])
    assert capsys.readouterr().err == ""
    (tmp_path / "prod.toml").write_text(PROD, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert lint.main([]) == 0
    assert "ports were not compared" in capsys.readouterr().err


def test_it_ends_with_2_and_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prod.toml").write_text(PROD.replace("9999", "0"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert lint.main([]) == 2
    assert "services.link.port: 0 is below 1" in capsys.readouterr().err


def test_it_starts_no_jsii() -> None:
    code = "import sys; from tools import lint; lint.main([]); print([name for name in sys.modules if 'jsii' in name])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.endswith("[]\n")
