"""What a contributor's editor and git run: the hooks before a commit, and the container to develop in."""

import json
import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from environments.loader import ENVIRONMENTS_DIR
from tests.support.files import PROD_TOML, ROOT
from tests.unit.test_docs import targets

HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    for hook in repository["hooks"]
}
CONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
IMAGE = re.compile(r"python:(?P<version>\d+\.\d+)-\w+")


def run(hook: str, *files: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a hook as pre-commit does: from the root of the repository, with the files behind its command."""
    command = [*shlex.split(HOOKS[hook]["entry"]), *files]
    environ = {**os.environ, **variables}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_hooks_use_what_set_up_installed() -> None:
    for hook in HOOKS.values():
        assert hook["language"] == "system"
        assert (ROOT / shlex.split(hook["entry"])[0]).is_file()


def test_the_hook_of_environments_passes_right_files_and_stops_a_wrong_one(tmp_path: Path) -> None:
    text = PROD_TOML.read_text(encoding="utf-8")
    (tmp_path / "prod.toml").write_text(text, encoding="utf-8")
    assert run("edge-validate", **{ENVIRONMENTS_DIR: str(tmp_path)}).returncode == 0
    (tmp_path / "prod.toml").write_text(text.replace("9999", "22"), encoding="utf-8")
    done = run("edge-validate", **{ENVIRONMENTS_DIR: str(tmp_path)})
    assert done.returncode == 2
    assert "services.link.port: 22 is reserved for SSH" in done.stderr


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("environments/prod.toml", True),
        ("environments/new.toml", True),
        ("deploy/docker-compose.yml", True),
        ("environments/loader.py", False),
        ("tests/environments/prod.toml", False),
        ("pyproject.toml", False),
    ],
)
def test_the_hook_of_environments_runs_where_one_changes(file: str, expected: bool) -> None:
    assert bool(re.search(HOOKS["edge-validate"]["files"], file)) is expected


@pytest.mark.parametrize(
    ("hook", "wrong"), [("ruff-format", "x  =  1\n"), ("ruff-check", '"""A module."""\n\nimport os\n')]
)
def test_the_hooks_of_python_pass_ours_and_stop_others(hook: str, wrong: str, tmp_path: Path) -> None:
    assert run(hook, "main.py").returncode == 0
    (tmp_path / "wrong.py").write_text(wrong, encoding="utf-8")
    assert run(hook, str(tmp_path / "wrong.py")).returncode == 1


def test_the_container_has_the_python_that_the_project_needs_and_runs_set_up() -> None:
    image = IMAGE.fullmatch(CONTAINER["image"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert image
    assert f">={image['version']}" == project["requires-python"]
    program, target = shlex.split(CONTAINER["postCreateCommand"])
    assert program == "make"
    assert target in targets()


def test_the_container_finds_what_set_up_writes() -> None:
    folder = CONTAINER["remoteEnv"]["PATH"].partition(":")[0].removeprefix("${containerWorkspaceFolder}/")
    assert (ROOT / folder / "edge").is_file()
    python = CONTAINER["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert (ROOT / python.removeprefix("${containerWorkspaceFolder}/")).is_file()
    assert "tamasfe.even-better-toml" in CONTAINER["customizations"]["vscode"]["extensions"]
