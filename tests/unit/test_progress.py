"""The line that `make test` shows: what is done, what is left, what runs. Pytest's last line stays as it is."""

import ast
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import takes
from tests.support.files import ROOT
from tests.support.progress import Progress

A, B, C = "tests/engine/test_a.py", "tests/engine/test_b.py", "tests/unit/test_c.py"
TESTS = [f"{A}::test_one[x/y]", f"{A}::test_two", f"{B}::test_one", f"{C}::test_one"]
MINUTES = {A: 5.0, B: 3.0, C: 0.0}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def progress(clock: Clock) -> Progress:
    return Progress(TESTS, minutes=MINUTES.__getitem__, workers=2, clock=clock, began=90.0)


def test_it_shows_what_is_done_and_what_runs_the_longest_first(progress: Progress, clock: Clock) -> None:
    progress.started(TESTS[0])
    clock.now += 30
    progress.started(TESTS[3])
    progress.ended(TESTS[3])
    progress.started(TESTS[2])
    clock.now += 35
    assert progress.line() == (
        "1 min 15 s | 1 of 3 files, 1 of 4 tests | about 4 min left"
        " | running: test_a.py::test_one 1 min 05 s, test_b.py::test_one 35 s"
    )


@pytest.mark.parametrize(
    ("workers", "passed_seconds", "ended", "left"),
    [
        (1, 0, [], 8),  # one after the other
        (2, 0, [], 5),  # the longest file decides
        (8, 0, [], 5),
        (2, 120, [], 3),
        (2, 120, TESTS[:2], 3),  # the other has not begun
        (2, 3000, [], 3),  # longer than its mark says: it may end at any time
    ],
)
def test_it_estimates_by_the_marks(
    clock: Clock, workers: int, passed_seconds: int, ended: list[str], left: int
) -> None:
    progress = Progress(TESTS, minutes=MINUTES.__getitem__, workers=workers, clock=clock, began=clock.now)
    for test in TESTS[:2]:
        progress.started(test)
    clock.now += passed_seconds
    for test in ended:
        progress.ended(test)
    assert f"about {left} min left" in progress.line()


def test_it_estimates_by_how_slow_the_machine_was(progress: Progress, clock: Clock) -> None:
    for test in TESTS[:2]:
        progress.started(test)
    clock.now += 600  # twice as long as the mark says
    for test in TESTS[:2]:
        progress.ended(test)
    assert "about 6 min left" in progress.line()


def test_a_test_that_ends_twice_counts_once(progress: Progress) -> None:
    progress.started(TESTS[3])
    progress.ended(TESTS[3])
    progress.ended(TESTS[3])
    progress.failed += 1
    assert "1 of 3 files, 1 of 4 tests, 1 failed" in progress.line()


@pytest.mark.parametrize(
    ("place", "text", "minutes"),
    [
        ("engine/test_x.py", "pytestmark = pytest.mark.takes(minutes=0.7)", 0.7),
        ("unit/test_x.py", "pytestmark = [pytest.mark.slow, pytest.mark.takes(minutes=1)]", 1.0),
        ("engine/test_y.py", "", 2.0),
        ("unit/test_y.py", "", 0.0),
    ],
)
def test_a_file_says_how_long_it_takes(
    place: str, text: str, minutes: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takes, "ROOT", tmp_path)
    file = tmp_path / "tests" / place
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    assert takes.minutes(file) == minutes


def test_every_mark_is_read() -> None:
    marks = {
        file: node.keywords[0].value
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.takes"
    }
    assert len(marks) > 10
    assert {file: takes.minutes(file) for file in marks} == {
        file: float(ast.literal_eval(mark)) for file, mark in marks.items()
    }


SUITE = {
    "test_good.py": "import time, pytest\n@pytest.mark.parametrize('n', range(3))\ndef test_good(n): time.sleep(0.6)\n",
    "test_bad.py": "def test_bad(): assert 1 == 2\n",
    "test_crash.py": "import os\ndef test_crash(): os._exit(3)\ndef test_after(): pass\n",
    "test_skip.py": "import pytest\ndef test_skip(): pytest.skip('not here')\n",
}
LAST = r"=+ (.*2 failed, 4 passed, 1 skipped.*) in [\d.]+s =+"


def command(folder: Path) -> list[str]:
    for name, text in SUITE.items():
        (folder / name).write_text(text, encoding="utf-8")
    options = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-n", "2", "--dist", "load", "-c", os.devnull]
    return [sys.executable, "-m", "pytest", *options, "--rootdir", str(folder), str(folder)]


@pytest.mark.timeout(300)
def test_without_a_terminal_failures_and_the_end_are_lines(tmp_path: Path) -> None:
    done = subprocess.run(command(tmp_path), cwd=ROOT, capture_output=True, text=True, check=False)
    before, _, after = done.stdout.partition("= FAILURES =")
    lines = before.splitlines()
    assert "FAILED test_bad.py::test_bad" in lines
    assert any(re.fullmatch(r"\d+ s \| 4 of 4 files, 7 of 7 tests, 2 failed", line) for line in lines)
    assert not any(re.match(r"[.Fs]+( |$)", line) for line in lines)
    assert re.search(r"FAILED \S*test_bad.py::test_bad", after)
    assert re.fullmatch(LAST, done.stdout.splitlines()[-1])
    assert done.returncode == 1


@pytest.mark.timeout(300)
def test_on_a_terminal_one_line_is_refreshed(tmp_path: Path) -> None:
    ours, its = pty.openpty()
    environ = {**os.environ, "COLUMNS": "70"}
    process = subprocess.Popen(command(tmp_path), cwd=ROOT, env=environ, stdout=its, stderr=its)
    os.close(its)
    shown = b""
    while chunk := read(ours):
        shown += chunk
    process.wait(60)
    text = re.sub(r"\x1b\[[\d;]*m", "", shown.decode())
    refreshed = re.findall(r"\r(\d+ s \| \d of 4 files, \d of 7 tests[^\r\n]*)", text)
    assert len(refreshed) >= 2
    assert max(map(len, refreshed)) < 70
    assert not any("[gw" in line for line in refreshed)  # what xdist says of a dead worker has a line of its own
    assert any("running: test_" in line for line in refreshed)
    assert re.fullmatch(LAST, text.splitlines()[-1])


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's answer once the last process at the terminal is gone
        return b""
