"""The checked environment: what the rules have proven of a file is a value; what they have not is never made up."""

from pathlib import Path

import pytest

from environments.checked import Environment, Managed
from environments.loader import load, load_all
from environments.schema import EnvironmentFile
from tests.support.files import COMPOSE_FILE, MANAGED_TOML_FILE, STAGING_TOML, environment, environment_of, managed

STAGING = environment(managed(), "staging")


def folder_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    folder = tmp_path / "environments"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(folder))


def test_the_loader_gives_checked_environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_of(tmp_path, monkeypatch, staging=MANAGED_TOML_FILE.read_text(encoding="utf-8"))
    for found in (*load_all(), *load(["staging"])):
        assert type(found) is Environment
        assert found == STAGING


def test_a_managed_environment_knows_its_own_name_and_what_its_instances_run() -> None:
    assert STAGING.managed == Managed(
        settings=STAGING.platform,  # type: ignore[arg-type]
        own_name="v1-orcha-staging.staging.getorcha.com",
        own_zone="staging.getorcha.com",
        compose_file=COMPOSE_FILE.read_text(encoding="utf-8"),
    )


def test_the_compose_file_beside_the_folder_is_what_instances_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder_of(tmp_path, monkeypatch, staging=MANAGED_TOML_FILE.read_text(encoding="utf-8"))
    text = "# Ours.\n" + COMPOSE_FILE.read_text(encoding="utf-8")
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "docker-compose.yml").write_text(text, encoding="utf-8")
    (found,) = load_all()
    assert found.managed is not None
    assert found.managed.compose_file == text


def test_what_another_tool_made_is_no_managed_platform() -> None:
    existing = environment_of(STAGING_TOML, "staging")
    assert existing.managed is None
    assert existing.foundation is existing.platform


def test_what_no_rule_has_proven_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(LookupError, match=r"link\.example\.com lies in no declared zone"):
        STAGING.zone_of("link.example.com")
    with pytest.raises(LookupError, match=r"no declared zone delegates to getorcha\.com"):
        STAGING.parent_of("getorcha.com")


def test_a_file_that_no_rule_has_seen_says_that_it_does_not_know() -> None:
    file = EnvironmentFile.model_validate({**managed(), "name": "staging"})
    assert (file.find_zone("link.example.com"), file.find_parent("getorcha.com")) == (None, None)
