"""The whole run: exit codes, what is printed, and Pythons that are too old."""

import ast
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import run, warm
from bootstrap.__main__ import refusal
from bootstrap.places import Places
from bootstrap.processes import Session, SetupError
from bootstrap.terraform import Engine
from tests.unit.setup.conftest import FakeProgram

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def outcome(places: Places, monkeypatch: pytest.MonkeyPatch, error: BaseException | None) -> int:
    def set_up(_: Session, *, policy: bool, deploy: bool) -> None:
        assert not policy
        assert not deploy
        if error:
            raise error

    monkeypatch.setattr(run, "set_up", set_up)
    return run.main(places, {})


def test_a_run_with_nothing_to_do_prints_one_line(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(places, monkeypatch, None) == 0
    assert capsys.readouterr() == ("", "Set-up is complete; nothing has changed.\n")


def test_a_failure_is_its_sentence_and_exit_1(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(places, monkeypatch, SetupError("Install it.")) == 1
    assert capsys.readouterr() == ("", "Install it.\n")


def test_an_interruption_says_that_the_next_run_goes_on(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(places, monkeypatch, KeyboardInterrupt()) == 130
    assert "run `make setup` again" in capsys.readouterr().err


def test_an_interruption_ends_what_the_program_had_started(session: Session, machine: Path) -> None:
    stubborn = machine / "npm"
    stubborn.write_text("#!/bin/sh\nsleep 20 &\nwait\nsleep 20\n", encoding="utf-8")
    stubborn.chmod(0o755)
    started = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        session.attempt([stubborn], environ={"PATH": "/usr/bin:/bin"}, seconds=0.3)
    assert time.monotonic() - started < 15, "something was left that held the output open"


@pytest.mark.parametrize(
    ("version", "system", "problem"),
    [
        ((3, 11, 0), "posix", ""),
        ((3, 14, 1), "posix", ""),
        ((3, 9, 18), "posix", "this is 3.9.18"),
        ((3, 12, 0), "nt", "Windows Subsystem for Linux"),
    ],
)
def test_a_python_or_system_that_is_not_supported_gets_a_sentence(
    version: tuple[int, ...], system: str, problem: str
) -> None:
    output = refusal(version, system)
    assert problem in output
    assert bool(output) == bool(problem)


@pytest.mark.parametrize("file", ["bootstrap/__init__.py", "bootstrap/__main__.py"])
def test_an_old_python_can_parse_what_it_reads_before_it_is_refused(file: str) -> None:
    ast.parse((ROOT / file).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_set_up_imports_nothing_but_the_standard_library_and_itself() -> None:
    imported = set()
    for file in (ROOT / "bootstrap").glob("*.py"):
        for statement in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(statement, ast.Import):
                imported |= {alias.name for alias in statement.names}
            elif isinstance(statement, ast.ImportFrom):
                imported.add(str(statement.module))
    foreign = {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith("bootstrap")} == set()


def warmed(session: Session, program: FakeProgram, *, exit_code: int) -> bool:
    session.places.root.joinpath("main.py").touch()
    program(
        "python", "environments/prod.toml: port: 9999 is taken", exit_code=exit_code, folder=session.places.venv / "bin"
    )
    warm.warm(session, Engine("/bin/terraform", "Terraform", "1.11.4"))
    return session.places.stamps.joinpath("warm").exists()


def test_a_faulty_environment_file_is_shown_and_does_not_fail_set_up(
    session: Session, program: FakeProgram, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not warmed(session, program, exit_code=2)
    assert "environments/prod.toml: port: 9999 is taken" in capsys.readouterr().err


def test_the_caches_are_warmed_once(session: Session, program: FakeProgram) -> None:
    assert warmed(session, program, exit_code=0)
    steps = session.steps
    assert warmed(session, program, exit_code=2)
    assert session.steps == steps


@pytest.mark.parametrize(("arguments", "code"), [((), 1), ((run.ENGINE_OPTIONAL,), 0)])
def test_a_missing_terraform_is_reported_and_fails_only_where_it_is_needed(
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
) -> None:
    def set_up(_: Session, *, policy: bool, deploy: bool) -> None:
        assert not policy
        assert not deploy
        message = "There is no Terraform; install it."
        raise run.EngineMissingError(message)

    monkeypatch.setattr(run, "set_up", set_up)
    assert run.main(places, {}, arguments) == code
    assert capsys.readouterr().err == "There is no Terraform; install it.\n"
