"""The whole run: exit codes, what is printed, and Pythons that are too old."""

import ast
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import node, python_packages, run, warm
from bootstrap.__main__ import refusal
from bootstrap.places import Places
from bootstrap.processes import FULL, Session, SetupError, UnusableError
from bootstrap.stamps import digest, sources
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


def clone_behind_a_link(places: Places, tmp_path: Path, name: str) -> Path:
    others = tmp_path / "another clone" / name
    others.mkdir(parents=True)
    (others / "theirs").write_text("", encoding="utf-8")
    (places.root / name).symlink_to(others)
    return others


def test_what_another_checkout_uses_is_not_changed(session: Session, tmp_path: Path) -> None:
    others = clone_behind_a_link(session.places, tmp_path, ".venv")
    with pytest.raises(UnusableError, match=r"\.venv is a link to .*another clone.*; remove the link and run"):
        python_packages.install(session, python_packages.project(session.places, "project.txt", node=False))
    modules = clone_behind_a_link(session.places, tmp_path, "node_modules")
    with pytest.raises(UnusableError, match="node_modules is a link to"):
        node.install_packages(session)
    assert [file.name for folder in (others, modules) for file in folder.iterdir()] == ["theirs", "theirs"]


def test_what_another_checkout_set_up_is_shared_where_nothing_has_to_change(session: Session, tmp_path: Path) -> None:
    modules = clone_behind_a_link(session.places, tmp_path, "node_modules")
    (modules / ".bin").mkdir()
    (modules / ".bin" / "cdktf").write_text("#!/bin/sh\n", encoding="utf-8")
    (modules / ".bin" / "cdktf").chmod(0o755)
    inputs = (session.places.root / "package.json", session.places.root / "package-lock.json")
    session.stamps.keep("node_modules", digest(*inputs, *sources()))
    node.install_packages(session)
    assert session.steps == 0


@pytest.mark.parametrize(
    "words", ["[Errno 28] No space left on device", "npm error code ENOSPC", "OSError: Disk quota exceeded"]
)
def test_a_full_disk_is_named_and_no_package_index(words: str, session: Session, program: FakeProgram) -> None:
    tool = program("tool", words, exit_code=1)
    with pytest.raises(SetupError) as error:
        session.run([tool], environ=session.environ, advice="Check the package index.")
    assert str(error.value).endswith(f"{session.places.root}: {FULL}")
    assert "package index" not in str(error.value)


def test_a_full_disk_for_a_file_of_its_own_is_named_too(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/a/stamp")
    assert outcome(places, monkeypatch, full) == 1
    assert capsys.readouterr().err == f"/a/stamp: {FULL}\n"


def test_a_checkout_that_cannot_be_written_is_named_and_ends_with_2(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (places.root / ".tools").write_text("in the way", encoding="utf-8")
    assert outcome(places, monkeypatch, None) == 2
    assert capsys.readouterr().err.endswith("so give it a checkout that you may write.\n")


def test_help_is_printed_and_nothing_is_set_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "set_up", lambda *_, **__: pytest.fail("it sets up"))
    for asking in (["--help"], ["-h"], ["--deploy", "--help"]):
        assert run.command_line(asking) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        assert {run.DEPLOY, run.POLICY, run.ENGINE_OPTIONAL} <= set(printed.out.split())


def test_an_unknown_word_is_refused_and_nothing_is_set_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "set_up", lambda *_, **__: pytest.fail("it sets up"))
    assert run.command_line(["--deplyo", run.POLICY]) == 2
    assert capsys.readouterr().err == (
        "Set-up does not take --deplyo; `python3 -m bootstrap --help` lists what it takes.\n"
    )
