"""A run synthesizes what it is asked for, and checks every file."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from environments.asked import asked_for
from environments.faults import InvalidEnvironmentError
from tests.support.files import PROD_TOML, ROOT, STAGING_TOML, environment_of

ENVIRONMENTS = [environment_of(PROD_TOML.read_text(encoding="utf-8")), environment_of(STAGING_TOML, "staging")]
BOTH = ["prod", "staging"]


def names(*arguments: str, line: str = "") -> list[str]:
    found = asked_for(ENVIRONMENTS, arguments, lambda _: shlex.split(line))
    return [environment.name for environment in found]


def test_without_arguments_all_are_asked_for() -> None:
    assert names() == BOTH


def test_an_argument_names_one() -> None:
    assert names("staging") == ["staging"]
    assert names("prod", "prod") == ["prod"]
    assert names("staging", "--asked-by=1", line="cdktf deploy prod") == ["staging"]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(
        InvalidEnvironmentError, match=r"^main\.py: prd: is not an environment; choose one of prod, staging$"
    ):
        names("prd")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("node /project/node_modules/.bin/cdktf deploy prod", ["prod"]),
        ("node /project/node_modules/.bin/cdktf diff staging --output x", ["staging"]),
        ("/usr/bin/node cdktf.js destroy prod --auto-approve", ["prod"]),
        ("node cdktf deploy prod staging", BOTH),
        ("node cdktf deploy staging --auto-approve prod", ["staging", "prod"]),
        ("node cdktn deploy prod", ["prod"]),
        # The name of the only stack may be left out, and an option's value is none.
        ("node cdktf deploy --output prod", BOTH),
        ("node cdktf deploy", BOTH),
        ("node cdktf deploy other", BOTH),
        # Patterns, and what takes no stacks.
        ("node cdktf deploy prod 'sta*'", BOTH),
        ("node cdktf deploy 'p*'", BOTH),
        ("node cdktf synth prod", BOTH),
        ("node cdktf --log-level info deploy prod", BOTH),
        ("make deploy prod", BOTH),
        ("", BOTH),
    ],
)
def test_of_cdktfs_command_line_what_is_plain_to_see_is_taken(line: str, wanted: list[str]) -> None:
    assert names("--asked-by=4711", line=line) == wanted


@pytest.mark.parametrize("process", ["", "x", "999999999", "$PPID"])
def test_a_process_that_cannot_be_read_asks_for_all(process: str) -> None:
    assert asked_for(ENVIRONMENTS, [f"--asked-by={process}"]) == ENVIRONMENTS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "environments"
    folder.mkdir()
    (folder / "prod.toml").write_text(PROD_TOML.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "staging.toml").write_text(STAGING_TOML, encoding="utf-8")
    return folder


def started(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "ENVIRONMENTS_DIR": str(folder), "CDKTF_OUTDIR": str(folder.parent / "out")}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def stacks(folder: Path) -> dict[str, bytes]:
    return {file.parent.name: file.read_bytes() for file in (folder.parent / "out").glob("stacks/*/cdk.tf.json")}


def test_one_of_them_is_the_same_byte_for_byte(folder: Path) -> None:
    assert started([sys.executable, "main.py", "prod"], folder).returncode == 0
    alone = stacks(folder)
    assert list(alone) == ["prod"]
    assert started([sys.executable, "main.py"], folder).returncode == 0
    assert stacks(folder)["prod"] == alone["prod"]


def test_the_files_that_are_not_asked_for_are_checked(folder: Path) -> None:
    (folder / "staging.toml").write_text(STAGING_TOML.replace("9999", "0"), encoding="utf-8")
    done = started([sys.executable, "main.py", "prod"], folder)
    assert done.returncode == 2
    assert "staging.toml: services.link.port: 0 is below 1" in done.stderr
    assert stacks(folder) == {}


def test_the_projects_own_command_hands_cdktfs_question_on(folder: Path, tmp_path: Path) -> None:
    """As cdktf runs it: a shell below a process whose command line names the stack."""
    app = json.loads((ROOT / "cdktf.json").read_bytes())["app"].replace(".venv/bin/python", shlex.quote(sys.executable))
    program = tmp_path / "cdktf"
    program.write_text(f"import subprocess\nraise SystemExit(subprocess.call({app!r}, shell=True))\n", encoding="utf-8")
    done = started([sys.executable, str(program), "deploy", "staging", "--auto-approve"], folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(stacks(folder)) == ["staging"]
