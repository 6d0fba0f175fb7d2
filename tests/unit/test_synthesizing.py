"""What the tests synthesize in their own process is what main.py writes as a process of its own."""

import os
import sys
from pathlib import Path

import pytest

from edge.terraform.child_processes import run
from tests.support import synthesizing
from tests.support.checkout import link_app
from tests.support.files import ENVIRONMENTS


@pytest.mark.parametrize("name", ["prod", "staging"])
def test_it_is_what_main_writes_byte_for_byte(name: str, tmp_path: Path) -> None:
    environments, here, by_main = tmp_path / "environments", tmp_path / "here", tmp_path / "by_main"
    environments.mkdir()
    (environments / f"{name}.toml").write_bytes((ENVIRONMENTS / f"{name}.toml").read_bytes())
    synthesizing.write(environments, name, here)
    environ = {**os.environ, "ENVIRONMENTS_DIR": str(environments), "CDKTF_OUTDIR": str(by_main)}
    done = run([sys.executable, "-m", "main"], environ=environ, folder=link_app(tmp_path / "app"), capture=True)
    assert done.returncode == 0, done.stderr
    assert contents(here) == contents(by_main) != {}


def contents(folder: Path) -> dict[Path, bytes]:
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
