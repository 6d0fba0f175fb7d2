"""The files beside an environment's are read wherever they are there, and their faults come with all others."""

import os
from pathlib import Path

import pytest

from environments.faults import InvalidEnvironmentError
from environments.loader import load, load_all
from tests.support.files import PROD_TOML

PROD = PROD_TOML.read_text(encoding="utf-8")
BESIDE = ("imports", "released")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prod.toml").write_text(PROD, encoding="utf-8")
    return tmp_path


def lines() -> list[str]:
    with pytest.raises(InvalidEnvironmentError) as error:
        load_all()
    return str(error.value).splitlines()


@pytest.mark.parametrize("kind", BESIDE)
def test_a_link_that_leads_nowhere_is_no_absent_file(kind: str, folder: Path) -> None:
    (folder / f"prod.{kind}.toml").symlink_to("missing")
    assert lines() == [f"prod.{kind}.toml: cannot be read: No such file or directory; make it a file that you may read"]


@pytest.mark.parametrize("kind", BESIDE)
def test_a_file_about_no_environment_is_reported(kind: str, folder: Path) -> None:
    (folder / f"prd.{kind}.toml").write_text("", encoding="utf-8")
    assert lines() == [
        f'prd.{kind}.toml: is about an environment "prd", and prd.toml is not there; rename it, or remove it'
    ]
    assert [environment.name for environment in load(["prod"])] == ["prod"]


def test_their_faults_come_with_those_of_the_environment(folder: Path) -> None:
    (folder / "prod.toml").write_text(PROD.replace("= 9999", "= 0"), encoding="utf-8")
    for kind in BESIDE:
        (folder / f"prod.{kind}.toml").write_text("x =", encoding="utf-8")
    assert [line.split(": ")[0] for line in lines()] == ["prod.toml", "prod.imports.toml", "prod.released.toml"]


def test_a_folder_that_may_be_listed_and_not_entered_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.stat

    def refuse(file: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if file.parent == folder:
            raise PermissionError(13, "Permission denied", str(file))
        return whole(file, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", refuse)
    assert lines() == ["prod.toml: cannot be read: Permission denied; make it a file that you may read"]


def test_what_stands_twice_is_named(folder: Path) -> None:
    (folder / "prod.toml").write_text("a = 1\na = 2\n", encoding="utf-8")
    (folder / "staging.toml").write_text('[services."a.b"]\n[services."a.b"]\n', encoding="utf-8")
    assert lines() == [
        "prod.toml: is not valid TOML: this key stands there twice (at line 2, column 6); keep one of them",
        'staging.toml: is not valid TOML: [services."a.b"] stands there twice (at line 2, column 16); '
        "write all of its keys below one of them",
    ]
