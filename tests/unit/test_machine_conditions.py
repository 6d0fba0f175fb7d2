"""On odd machines a command says what is wrong in one sentence: no traceback, and nothing half done."""

import errno
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.aws.embedded_endpoint import ENDPOINT, demand_that_it_runs, embedded
from edge.aws.sessions import client_of
from edge.cli.exits import BadInputError, Exit, ended
from edge.preflight.accounts import accounts
from tests.support.files import ENVIRONMENTS, PROD_TOML, ROOT, environment_of
from tests.support.synthesizing import write

ROOMS = ("bench", "bootstrap", "edge", "embedded_aws", "environments", "imports", "modules", "deploy")


@pytest.fixture(scope="module")
def odd_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what runs into a folder whose path holds a space and a letter that is not ASCII."""
    root = tmp_path_factory.mktemp("a checkout of Jörg's")
    for room in ROOMS:
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("main.py", "pyproject.toml", "cdktf.json", ".terraform.lock.hcl"):
        shutil.copy(ROOT / file, root / file)
    return root


def run(root: Path, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "ENVIRONMENTS_DIR": str(ENVIRONMENTS), **variables}
    return subprocess.run(
        [sys.executable, *command], cwd=root, env=environ, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_checkout_at_any_path_synthesizes_the_same(odd_checkout: Path, tmp_path: Path) -> None:
    done = run(odd_checkout, "main.py", CDKTF_OUTDIR=str(tmp_path / "öther out"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    write(ENVIRONMENTS, "prod", tmp_path / "ours")
    stacks = [tmp_path / folder / "stacks" / "prod" / "cdk.tf.json" for folder in ("öther out", "ours")]
    assert stacks[0].read_bytes() == stacks[1].read_bytes()


def test_a_checkout_at_any_path_runs_the_commands(odd_checkout: Path) -> None:
    done = run(odd_checkout, "-m", "edge", "validate")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", [["picture", "prod"], ["export", "prod"], ["synth"], ["plan", "prod"]])
def test_a_folder_for_temporary_files_that_is_not_there_is_2(command: list[str], tmp_path: Path) -> None:
    missing = str(tmp_path / "gone")
    variables = {"TMPDIR": missing, "CDKTF_OUTDIR": str(tmp_path / "out"), "AWS_PROFILE": ""}
    done = run(ROOT, "-m", "edge", *command, **variables)
    said = f"TMPDIR: {missing} cannot be written (No such file or directory); create it, or run `unset TMPDIR`\n"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(said)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("home", [None, "", "/nowhere/at/all"])
def test_no_home_is_needed_to_check_files(home: str | None) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "HOME"}
    environ |= {} if home is None else {"HOME": home}
    command = [sys.executable, "-m", "edge", "validate"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS])
def test_what_a_disk_says_is_a_sentence(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    def write_a_file() -> int:
        raise OSError(number, os.strerror(number), "/a/file")

    assert ended(write_a_file) == Exit.FAILED
    err = capsys.readouterr().err
    assert err.startswith(f"/a/file cannot be written ({os.strerror(number)}); ")
    assert err.count("\n") == 1


def test_an_output_that_takes_nothing_more_is_a_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "edge", "validate", "--schema"]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "A file cannot be written (No space left on device); free some space.\n",
    )


# An embedded AWS that the shell still names


@pytest.fixture
def listening() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def gone() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://localhost:5000", True),
        ("http://[::1]:5000", True),
        ("https://vpce-1.elasticloadbalancing.eu-central-1.vpce.amazonaws.com", False),
        ("http://10.0.0.7:5000", False),
        ("", False),
    ],
)
def test_only_an_address_of_this_machine_is_an_embedded_aws(url: str, expected: bool) -> None:
    assert (embedded({ENDPOINT: url}) is not None) is expected


def test_a_deploys_table_says_that_it_goes_to_the_embedded_aws(listening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = environment_of(PROD_TOML.read_text(encoding="utf-8"))
    monkeypatch.setenv(ENDPOINT, listening)
    assert next(accounts(environment)) == (
        f"prod changes these accounts, on the embedded AWS at {listening} and not on AWS:"
    )
    monkeypatch.delenv(ENDPOINT)
    assert next(accounts(environment)) == "prod changes these accounts:"


def test_an_embedded_aws_that_has_ended_is_named_with_the_way_back(gone: str, listening: str) -> None:
    demand_that_it_runs({})
    demand_that_it_runs({ENDPOINT: listening})
    with pytest.raises(BadInputError) as refused:
        demand_that_it_runs({ENDPOINT: gone, "AWS_PROFILE": "orcha-prod", "HOME": "/root"})
    assert f"nothing answers at {gone}" in str(refused.value)
    assert "`unset AWS_ENDPOINT_URL AWS_PROFILE`" in str(refused.value)


def test_every_command_that_asks_aws_says_so(
    gone: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ENDPOINT, gone)
    with pytest.raises(BadInputError):
        client_of(environment_of(PROD_TOML.read_text(encoding="utf-8")))
    for command in (["verify", "prod"], ["roles", "prod"], ["plan", "prod"], ["diff", "prod"]):
        assert main(command) == 2, command
        assert f"nothing answers at {gone}" in capsys.readouterr().err
