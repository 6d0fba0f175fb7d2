"""The user's own files, whatever they are called and say: they are right, and the app can make something of them.

What stands here holds for any right file, for any number of them, and for none. Whether what they make is wise is for
`edge scan` to say: a wildcard, for one, is right and still needs a waiver.
"""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from environments.loader import ENVIRONMENTS_DIR
from tests.support.files import ROOT
from tests.support.workflow_files import steps

FILES = sorted((ROOT / "environments").glob("*.toml"))
NAMES = sorted(file.stem for file in FILES)
NONE = "environments: holds no environment file; add one, such as prod.toml\n"


def run(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run Python in the project as a user does who has not named another folder of environments."""
    environ = {name: value for name, value in os.environ.items() if name != ENVIRONMENTS_DIR}
    environ["CDKTF_OUTDIR"] = str(folder)
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_every_environment_is_right_and_becomes_a_stack(tmp_path: Path) -> None:
    """This is what fails where a service's port is not published."""
    done = run("main.py", folder=tmp_path)
    assert done.returncode == (0 if FILES else 2), f"\n{done.stderr}"
    assert FILES or done.stderr == NONE
    assert sorted(file.parent.name for file in tmp_path.glob("stacks/*/cdk.tf.json")) == NAMES


def test_the_workflows_plan_every_environment(tmp_path: Path) -> None:
    """Without any package, since nothing is installed yet where they ask."""
    asking = [step.run or "" for step in steps() if step.name == "Name the environments"]
    (module,) = {name for script in asking for name in re.findall(r"python3 -m (\S+)", script)}
    listed = ", ".join(f'"{name}"' for name in NAMES)
    assert f"names=[{listed}]" in run("-S", "-m", module, folder=tmp_path).stdout.splitlines()


def test_a_schema_that_a_file_names_is_there() -> None:
    first_lines = [file.read_text(encoding="utf-8-sig").partition("\n")[0] for file in FILES]
    named = [line.removeprefix("#:schema ").strip() for line in first_lines if line.startswith("#:schema ")]
    assert [path for path in named if "://" not in path and not (ROOT / "environments" / path).is_file()] == []


def test_every_waiver_says_why() -> None:
    content = tomllib.loads((ROOT / "policy" / "waivers.toml").read_text(encoding="utf-8"))
    assert [waiver for waiver in content.get("waiver", []) if not waiver["reason"].strip()] == []
