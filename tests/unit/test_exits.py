"""How commands end: one table of exit codes, and never a traceback for what a user wrote."""

import ast
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import bench.command
import bootstrap.run
import embedded_aws.__main__ as embedded
from edge.__main__ import COMMANDS, main
from edge.cli.exits import MEANINGS, BadInputError, Exit, FailedError, TerminatedError, ended
from edge.demo.command import DemoError
from edge.pipeline.errors import GitHubError
from edge.plan.errors import RefusedError
from edge.policy.checkov import ScanError
from edge.terraform.errors import EngineError
from edge.terraform.toolchain import ToolMissingError
from edge.tfplan.model import PlanError
from edge.verify.endpoints import SettingsError
from embedded_aws.errors import LocalAwsError
from embedded_aws.process import LocalAws
from environments.faults import Fault, InvalidEnvironmentError
from tests.support.command_line import edge, example_of
from tests.support.files import ROOT

PROFILE = "[{}]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n"
FAULT = InvalidEnvironmentError([Fault("prod.toml", "prefix", "1 is not text; write it in quotes")])


def raising(error: BaseException) -> Callable[[], int]:
    def action() -> int:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FAULT, Exit.BAD_INPUT),
        *(
            (kind("It is so; do this."), Exit.BAD_INPUT)
            for kind in (BadInputError, PlanError, RefusedError, SettingsError)
        ),
        *(
            (kind("It is so; do this."), Exit.FAILED)
            for kind in (FailedError, DemoError, EngineError, GitHubError, LocalAwsError, ScanError, ToolMissingError)
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_is_its_message_and_the_code_of_its_kind(
    error: Exception, code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(raising(error)) == code
    assert capsys.readouterr() == ("", f"{error}\n")


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), TerminatedError("SIGTERM")], ids=lambda error: type(error).__name__
)
def test_an_interruption_is_130(error: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(raising(error)) == Exit.INTERRUPTED == 128 + signal.SIGINT
    assert capsys.readouterr() == ("", "")


def test_a_mistake_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        ended(raising(ZeroDivisionError()))


def test_the_codes_are_those_that_the_rooms_without_edge_use() -> None:
    assert set(MEANINGS) == set(Exit)
    assert (bench.command._FAILED, bench.command._BAD_INPUT) == (Exit.FAILED, Exit.BAD_INPUT)
    assert bootstrap.run._INTERRUPTED == Exit.INTERRUPTED
    codes = (embedded._FAILED, embedded._BAD_INPUT, embedded._INTERRUPTED)
    assert codes == (Exit.FAILED, Exit.BAD_INPUT, Exit.INTERRUPTED)


def test_no_other_file_of_edge_has_a_code_of_its_own() -> None:
    """A number that is returned, and an exit beside `edge.__main__`, would be a second home."""
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sorted((ROOT / "edge").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and type(node.value.value) is int)
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in {"sys.exit", "exit", "SystemExit"})
    ]
    assert [place.partition(":")[0] for place in found] == ["edge/__main__.py"], found


def test_the_embedded_aws_by_hand_ends_alike_with_and_without_edge(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m embedded_aws` knows nothing of edge, and has a ladder of its own."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        for error, code in ((FAULT, 2), (LocalAwsError("It did not start."), 1), (KeyboardInterrupt(), 130)):
            monkeypatch.setattr(LocalAws, "start", lambda *_, error=error, **__: raising(error)())
            assert [embedded.main(["prod"]), main(["embedded-aws", "prod"])] == [code, code]
            first, *rest = capsys.readouterr().err.splitlines()
            assert [first] == rest
    finally:
        signal.signal(signal.SIGTERM, before)


READS_FILES = {"validate", "synth", "diff", "plan", "review", "deploy", "destroy", "verify", "scan", "roles", "demo"}
READS_FILES |= {"embedded-aws", "adopt", "recover", "bootstrap", "release", "export", "picture", "report"}
LINES = {
    "review": ["review", "prod"],
    "deploy": ["deploy", "prod"],
    "pipeline": ["pipeline", "sign-in", "prod", "plan"],
}


@pytest.mark.parametrize("name", sorted(READS_FILES | {"pipeline"}))
def test_a_faulty_file_ends_every_command_with_2_and_its_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prod.toml").write_text("prefix = 1\n", encoding="utf-8")
    (tmp_path / "staging.toml").write_text("prefix = 1\n", encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(LINES.get(name, example_of([name]))) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert all(line.startswith(("prod.toml: ", "staging.toml: ")) for line in printed.err.splitlines())
    assert "prefix: 1 is not text" in printed.err


def test_every_other_command_reads_no_environment_file() -> None:
    """So that a new command is not forgotten above."""
    rest = {command.name for command in COMMANDS} - READS_FILES - {"pipeline"}
    assert rest == {"setup", "bench", "tool", "completion"}


def test_an_unknown_environment_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    for name in sorted(READS_FILES - {"validate", "synth"}):
        assert main([name, "nowhere"]) == 2, name
        assert 'has no environment "nowhere"; choose one of prod, staging' in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_interrupted_ends_with_130_and_no_traceback(number: signal.Signals, tmp_path: Path) -> None:
    """An AWS that never answers keeps it at work."""
    profiles = tmp_path / "credentials"
    profiles.write_text(PROFILE.format("orcha") + PROFILE.format("orcha-prod"), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as aws:
        aws.settimeout(60)
        endpoint = f"http://127.0.0.1:{aws.getsockname()[1]}"
        environ = {**os.environ, "AWS_ENDPOINT_URL": endpoint, "AWS_SHARED_CREDENTIALS_FILE": str(profiles)}
        process = subprocess.Popen(
            [sys.executable, "-m", "edge", "verify", "prod"], cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True
        )
        try:
            with aws.accept()[0]:
                process.send_signal(number)
                _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, errors) == (Exit.INTERRUPTED, "")


def test_a_reader_that_has_gone_ends_it_without_a_traceback() -> None:
    script = f"{sys.executable} -m edge validate --schema | head -c 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout.splitlines()[-1], done.stderr) in {("{1", ""), ("{0", "")}


def test_a_program_that_is_not_there_is_127(fake_terraform: str) -> None:
    done = edge("tool", "there-is-no-such-program", environ={"TERRAFORM_BINARY_NAME": fake_terraform})
    assert done.returncode == Exit.COMMAND_NOT_FOUND
    assert done.stderr.startswith("There is no command there-is-no-such-program here; ")


def test_a_program_that_is_there_keeps_its_own_code(fake_terraform: str) -> None:
    done = edge("tool", "python", "-c", "raise SystemExit(42)", environ={"TERRAFORM_BINARY_NAME": fake_terraform})
    assert done.returncode == 42
