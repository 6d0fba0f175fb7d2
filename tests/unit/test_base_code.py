"""The base's code makes its own of the change's environment file, from a folder or a revision of git."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from edge.review.code_changes import Comparison
from edge.terraform.base_code import BaseConfiguration, BaseError, has_default_base, synthesize_with_base
from tests.support.files import COMPOSE_FILE, PROD_TOML, ROOT

ROOMS = ("environments", "imports", "modules")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose alarms wait for three periods instead of two, and that has no environment of its own."""
    folder = tmp_path_factory.mktemp("base")
    shutil.copyfile(ROOT / "main.py", folder / "main.py")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__", "*.toml"))
    watching = folder / "environments" / "watching.py"
    text = watching.read_text(encoding="utf-8")
    unhealthy = text.index('"unhealthy": AlarmShape(')
    changed = text[unhealthy:].replace("evaluation_periods=2,", "evaluation_periods=3,", 1)
    assert changed != text[unhealthy:]
    watching.write_text(text[:unhealthy] + changed, encoding="utf-8")
    return folder


def made_by(base: str, file: Path = PROD_TOML, repository: Path = ROOT) -> BaseConfiguration:
    return synthesize_with_base(
        base, environment="prod", file=file, compose_file=COMPOSE_FILE, environ=os.environ, repository=repository
    )


def test_what_the_code_changed_is_found_and_nothing_else(base: Path, prod_stack: dict[str, Any]) -> None:
    made = made_by(str(base))
    assert made.configuration is not None
    (change,) = Comparison.of(made.name, made.configuration, prod_stack).changes
    assert change.address == "aws_cloudwatch_metric_alarm.link_unhealthy"
    assert '-  "evaluation_periods": 3,' in change.diff
    assert '+  "evaluation_periods": 2,' in change.diff


def test_what_the_bases_own_file_has_elsewhere_is_named(base: Path, tmp_path: Path) -> None:
    own = tmp_path / "base"
    shutil.copytree(base, own)
    text = PROD_TOML.read_text(encoding="utf-8")
    (own / "environments" / "prod.toml").write_text(text.replace("edge/prod.tf", "edge/p.tf"), encoding="utf-8")
    bucket = "s3://v1-orcha-terraform-state"
    assert made_by(str(own)).moved == {"backend": (f"{bucket}/edge/p.tfstate", f"{bucket}/edge/prod.tfstate")}
    assert made_by(str(base)).moved == {}, "an environment that the base does not have moves nothing"


def test_a_file_that_the_bases_code_cannot_read_is_reported_in_its_words(base: Path, tmp_path: Path) -> None:
    file = tmp_path / "prod.toml"
    file.write_text(PROD_TOML.read_text(encoding="utf-8") + "novelty = true\n", encoding="utf-8")
    made = made_by(str(base), file)
    assert made.configuration is None
    assert made.failure.startswith("environments/prod.toml: services.link.health_check.novelty: true is given to a key")


def test_a_revision_is_read_from_git(base: Path, tmp_path: Path, prod_stack: dict[str, Any]) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-c", "commit.gpgsign=false", *arguments]
        return subprocess.run(command, cwd=tmp_path / "repository", check=True, capture_output=True, text=True).stdout

    shutil.copytree(base, tmp_path / "repository")
    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("commit", "--quiet", "--message=base")
    (tmp_path / "repository" / "main.py").write_text("raise SystemExit(1)", encoding="utf-8")  # the change's own code
    made = made_by("main", repository=tmp_path / "repository")
    assert made.commit == git("rev-parse", "main").strip()
    assert made.configuration is not None
    assert len(Comparison.of("main", made.configuration, prod_stack).changes) == 1
    assert has_default_base(tmp_path / "repository") is False


@pytest.mark.parametrize("base", ["no-such-revision", "--help", "tests/plans", ""])
def test_what_is_no_base_is_refused_in_one_sentence(base: str) -> None:
    with pytest.raises(BaseError) as refused:
        made_by(base)
    assert str(refused.value).count("\n") == 0
    assert "name " in str(refused.value)
