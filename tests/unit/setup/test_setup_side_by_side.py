"""pip and npm side by side: where one fails or set-up is interrupted, the other ends at once, with one sentence."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bootstrap import command, node, programs, python_packages, run, terraform
from bootstrap.places import Places
from bootstrap.processes import FULL, Session, SetupError
from bootstrap.programs import Programs, StoppedError
from tests.support.processes import outlive
from tests.unit.setup.conftest import FakeProgram

ROOT = Path(__file__).resolve().parents[3]
AT_ONCE_SECONDS = 40.0  # on a machine with much else to do; a program that is not ended takes three times that
LASTS = "#!/bin/sh\necho $$ > '{mark}'\nsleep 120 &\nwait\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "LAST_SECONDS", 0.5)


@pytest.fixture
def lasting(machine: Path) -> Callable[[str], Path]:
    """A program that starts another one and lasts two minutes, and writes its process id into a file beside it."""

    def write(name: str) -> Path:
        file = machine / name
        file.write_text(LASTS.format(mark=machine / f"{name}.pid"), encoding="utf-8")
        file.chmod(0o755)
        return file

    return write


def step(session: Session, program: Path, advice: str) -> Callable[[], None]:
    return lambda: session.run([program], environ={"PATH": "/usr/bin:/bin"}, advice=advice)


def wait_for(file: Path) -> int:
    deadline = time.monotonic() + AT_ONCE_SECONDS
    while not (file.is_file() and file.read_text(encoding="utf-8").strip()):
        assert time.monotonic() < deadline, f"{file} is not written"
        time.sleep(0.02)
    return int(file.read_text(encoding="utf-8"))


def group_is_gone(group: int) -> bool:
    members = [process.pid for process in psutil.process_iter() if with_group(process) == group]
    return outlive(members, seconds=1) == []


def with_group(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return None


def test_steps_go_on_at_the_same_time(session: Session) -> None:
    met: list[str] = []

    def meet(mine: str, other: str) -> None:
        met.append(mine)
        deadline = time.monotonic() + 5
        while other not in met:
            assert time.monotonic() < deadline, "the other one has not begun"
            time.sleep(0.01)

    session.programs.side_by_side(lambda: meet("pip", "npm"), lambda: meet("npm", "pip"))
    assert sorted(met) == ["npm", "pip"]


@pytest.mark.parametrize("words", ["no such package", "npm error code ENOSPC"])
def test_where_one_fails_the_other_ends_at_once_and_its_sentence_alone_is_said(
    session: Session, machine: Path, program: FakeProgram, lasting: Callable[[str], Path], words: str
) -> None:
    other = lasting("pip")

    def fail_once_both_run() -> None:
        wait_for(machine / "pip.pid")
        step(session, program("npm", words, exit_code=1), "Check the registry.")()

    started = time.monotonic()
    with pytest.raises(SetupError) as failed:
        session.programs.side_by_side(step(session, other, "Check the index."), fail_once_both_run)
    assert time.monotonic() - started < AT_ONCE_SECONDS
    last = f"{session.places.root}: {FULL}" if "ENOSPC" in words else "Check the registry."
    assert str(failed.value) == f"  | {words}\n{last}"
    assert group_is_gone(wait_for(machine / "pip.pid"))


def test_where_one_has_failed_the_other_starts_nothing_more(
    session: Session, machine: Path, program: FakeProgram
) -> None:
    fails = step(session, program("npm", "no", exit_code=1), "Check the registry.")
    seen: list[type[BaseException]] = []

    def late() -> None:
        deadline = time.monotonic() + 5
        while not session.programs.is_stopped and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            session.run([machine / "never"], environ={}, advice="")
        except StoppedError as error:
            seen.append(type(error))
            raise

    with pytest.raises(SetupError, match=r"Check the registry\.$"):
        session.programs.side_by_side(late, fails)
    assert seen == [StoppedError]


def test_a_program_that_hears_no_signal_ends_all_the_same(
    session: Session, machine: Path, program: FakeProgram
) -> None:
    deaf = machine / "deaf"
    deaf.write_text(f"#!/bin/sh\ntrap '' INT TERM\necho $$ > '{machine / 'deaf.pid'}'\nsleep 120\n", encoding="utf-8")
    deaf.chmod(0o755)

    def fail_later() -> None:
        wait_for(machine / "deaf.pid")
        step(session, program("npm", "no", exit_code=1), "Check the registry.")()

    started = time.monotonic()
    with pytest.raises(SetupError, match=r"Check the registry\.$"):
        session.programs.side_by_side(step(session, deaf, "x"), fail_later)
    assert time.monotonic() - started < AT_ONCE_SECONDS
    assert group_is_gone(wait_for(machine / "deaf.pid"))


INTERRUPTED = """
import sys
from functools import partial
from pathlib import Path
from bootstrap import programs, run
from bootstrap.places import Places

def set_up(session, **_):
    for name in ("pip", "npm"):
        assert Path(sys.argv[2], name).is_file()
    steps = [partial(session.run, [Path(sys.argv[2], name)], environ={"PATH": "/usr/bin:/bin"}, advice="x")
             for name in ("pip", "npm")]
    session.programs.side_by_side(*steps)

programs.LAST_SECONDS = 0.5
run.set_up = set_up
sys.exit(run.main(Places(Path(sys.argv[1])), {}))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_ends_both_at_once_with_one_sentence(
    places: Places, machine: Path, lasting: Callable[[str], Path], number: signal.Signals
) -> None:
    for name in ("pip", "npm"):
        lasting(name)
    line = [sys.executable, "-c", INTERRUPTED, str(places.root), str(machine)]
    with subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE, text=True) as child:
        groups = [wait_for(machine / f"{name}.pid") for name in ("pip", "npm")]
        started = time.monotonic()
        child.send_signal(number)
        _, said = child.communicate(timeout=2 * AT_ONCE_SECONDS)
    assert time.monotonic() - started < AT_ONCE_SECONDS
    assert child.returncode == 130
    assert said == "\nSet-up was interrupted; run `make setup` again, and it does the unfinished step again.\n"
    assert all(map(group_is_gone, groups))


def test_an_interruption_that_the_system_gives_to_a_steps_thread_is_heard_at_once(
    session: Session, machine: Path, lasting: Callable[[str], Path]
) -> None:
    other = lasting("pip")

    def hear_once_both_run() -> None:
        wait_for(machine / "pip.pid")
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        step(session, lasting("npm"), "x")()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    started = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            session.programs.side_by_side(step(session, other, "x"), hear_once_both_run)
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - started < AT_ONCE_SECONDS
    assert group_is_gone(wait_for(machine / "pip.pid"))


def test_nothing_is_stopped_where_all_went_well(session: Session, program: FakeProgram) -> None:
    quick = step(session, program("quick", "well"), "x")
    session.programs.side_by_side(quick, quick)
    quick()
    assert not session.programs.is_stopped


def test_other_failures_come_through() -> None:
    def full() -> None:
        raise OSError(28, "No space left on device", "/a/stamp")

    with pytest.raises(OSError, match="/a/stamp"):
        Programs().side_by_side(full, lambda: None)


# What set-up does side by side


@pytest.mark.parametrize("machine_node", [None, Path("/usr/bin")])
def test_node_comes_first_where_the_machine_has_none_and_then_npm_beside_pip(
    session: Session, monkeypatch: pytest.MonkeyPatch, machine_node: Path | None
) -> None:
    lines: list[str] = []
    beside: list[str] = []

    def ran(line: list[str | Path], **_: object) -> None:
        lines.append(" ".join(str(word).rpartition("/")[2] for word in line))

    monkeypatch.setattr(session, "run", ran)
    monkeypatch.setattr(session, "attempt", lambda *_, **__: (0, ""))
    monkeypatch.setattr(node, "on_machine", lambda _: machine_node)
    monkeypatch.setattr(node, "link", lambda *_: lines.append("link"))

    def side_by_side(*steps: Callable[[], None]) -> None:
        for each in steps:
            before = len(lines)
            each()
            beside.append(lines[before])

    monkeypatch.setattr(session.programs, "side_by_side", side_by_side)
    monkeypatch.setattr(command, "write", lambda _: lines.append("edge"))
    monkeypatch.setattr(terraform, "choose", lambda _: pytest.fail("enough"))
    with pytest.raises(pytest.fail.Exception, match="enough"):
        run.set_up(session)
    assert [line.split()[0] for line in lines].index("link") < lines.index(beside[1])
    words = ("pip.txt", "node.txt", "project.txt")
    assert [[word for word in words if word in line] for line in lines if " pip " in line] == [
        ["pip.txt"] if machine_node else ["pip.txt", "node.txt"],
        ["project.txt"],
    ]
    assert "project.txt" in beside[0]
    assert beside[1].startswith("npm ci ")
    assert lines[-1] == "edge"


def test_a_folder_of_another_checkout_is_refused_before_anything_is_installed(session: Session, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    session.places.node_modules.symlink_to(tmp_path / "theirs")
    with pytest.raises(SetupError, match="node_modules is a link to"):
        run.set_up(session)
    assert session.steps == 0


def test_an_interrupted_filling_is_done_again_with_node_in_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    def ran(line: list[str | Path], **_: object) -> None:
        lines.append(" ".join(map(str, line)))
        if "project.txt" in lines[-1] and len(lines) == 3:
            raise StoppedError

    monkeypatch.setattr(session, "run", ran)
    monkeypatch.setattr(session, "attempt", lambda *_, **__: (0, ""))
    wanted = python_packages.project(session.places, "project.txt", node=True)
    with pytest.raises(StoppedError):
        python_packages.install(session, wanted)
    python_packages.install(session, wanted)
    assert [next(word for word in ("--clear", "node.txt", "project.txt") if word in line) for line in lines] == [
        "--clear",
        "node.txt",
        "project.txt",
    ] * 2
