"""docs/everyday.md: what it tells people to write is right, beside the files that it says it stands beside."""

import tomllib
from pathlib import Path

import pytest

from environments import loader
from environments.checked import Environment
from tests.support.files import PROD_TOML, ROOT
from tests.unit.test_docs import fenced

PAGE = ROOT / "docs" / "everyday.md"
BLOCKS = fenced(PAGE, "toml")
PROD = PROD_TOML.read_text(encoding="utf-8")


def loaded(folder: Path, patch: pytest.MonkeyPatch, **files: str) -> dict[str, Environment]:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    patch.setenv("ENVIRONMENTS_DIR", str(folder))
    return {environment.name: environment for environment in loader.load_all()}


def block(start: str) -> str:
    (found,) = (text for text in BLOCKS if text.startswith(start))
    return found


def test_app_and_then_admin_are_right_in_prod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app, admin = block("[services.app]"), block("[services.admin]")
    assert list(loaded(tmp_path, monkeypatch, prod=PROD + app)["prod"].services) == ["link", "app"]
    pool = 'user_pool = "v1-orcha-users"\nopens_sign_in_port = false\nalert_topic '
    both = PROD.replace("alert_topic ", pool) + app + admin
    assert list(loaded(tmp_path, monkeypatch, prod=both)["prod"].services) == ["link", "app", "admin"]


def test_a_second_region_stands_beside_prod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environments = loaded(tmp_path, monkeypatch, **{"prod": PROD, "prod-us": block('prefix = "v1-orcha-us"')})
    assert {environment.region for environment in environments.values()} == {"eu-central-1", "us-east-1"}


def test_every_block_is_asked_about() -> None:
    assert len(BLOCKS) == 3
    assert all(tomllib.loads(text) for text in BLOCKS)


def test_the_license_is_one_everywhere() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License\n")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    for name in ("package.json", "package-lock.json"):
        assert '"license": "Apache-2.0"' in (ROOT / name).read_text(encoding="utf-8")
