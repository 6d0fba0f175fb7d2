"""What the tests synthesize in their own process is what main.py writes as a process of its own."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from edge.terraform.child_processes import run
from tests.support import synthesizing
from tests.support.checkout import link_app
from tests.support.files import ENVIRONMENTS, PROD_TOML


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


def test_threads_take_turns(tmp_path: Path) -> None:
    """Stored plans are made some at a time, each in a thread, from files of one name in folders of their own."""
    ports = {port: tmp_path / str(port) for port in range(9001, 9007)}
    for port, folder in ports.items():
        folder.mkdir()
        (folder / "prod.toml").write_text(PROD_TOML.read_text(encoding="utf-8").replace("9999", str(port)), "utf-8")
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda folder: synthesizing.write(folder, "prod", folder / "out"), ports.values()))
    for port, folder in ports.items():
        assert f'"port": {port},' in (folder / "out" / "stacks" / "prod" / "cdk.tf.json").read_text(encoding="utf-8")


def contents(folder: Path) -> dict[Path, bytes]:
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
