"""What set-up says while it waits: never longer than ten seconds nothing, with what it waits for and what is there."""

import fcntl
import re
import threading
import time
from pathlib import Path

import pytest

from bootstrap import progress, run
from bootstrap.places import Places
from bootstrap.processes import Session


def test_a_long_step_says_what_it_waits_for_and_how_much_is_there(
    session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.05)
    folder = session.places.root / "node_modules"
    with session.step("Installing.", waiting_for="npm", into=folder):
        time.sleep(0.12)
        (folder / "a" / "b").mkdir(parents=True)
        (folder / "a" / "b" / "c").write_bytes(b"x" * 2_600_000)
        (folder / "link").symlink_to(folder / "a")
        time.sleep(0.12)
    first, *between, last = capsys.readouterr().err.splitlines()
    assert first == "Installing."
    assert between[0] == "  0 s: waiting for npm; node_modules holds 0 MB"
    assert between[-1] == "  0 s: waiting for npm; node_modules holds 3 MB"
    assert re.fullmatch(r"  npm: done in 0\.\d s; node_modules holds 3 MB\.", last)


def test_nobody_speaks_after_a_step_that_failed(
    session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.05)
    with pytest.raises(ZeroDivisionError), session.step("Installing.", waiting_for="npm"):
        raise ZeroDivisionError
    time.sleep(0.12)
    assert capsys.readouterr().err == "Installing.\n"


def test_a_wait_is_at_most_ten_seconds_without_a_word() -> None:
    assert progress.EVERY_SECONDS <= 10


def test_the_size_of_a_folder_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert progress.megabytes(tmp_path / "none") == 0


def test_to_count_a_large_folder_makes_no_silence_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    class Noting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            return super().wait(0.01)

    def count(_: Path) -> int:
        time.sleep(0.1)
        return 1

    monkeypatch.setattr(progress, "Event", Noting)
    monkeypatch.setattr(progress, "megabytes", count)
    with progress.progress("npm", tmp_path, tmp_path):
        time.sleep(0.5)
    first, second, *_ = waits
    assert first == progress.EVERY_SECONDS
    assert 0 <= second <= progress.EVERY_SECONDS - 0.1, "the time for counting comes on top"


def test_whoever_waits_for_another_set_up_hears_of_it(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.05)
    places.tools.mkdir()
    with (places.tools / "setup.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        threading.Timer(0.3, lambda: fcntl.flock(held, fcntl.LOCK_UN)).start()
        with run._alone(places):
            lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Another set-up is at work in this clone; waiting for it to finish."
    assert lines[1] == "  0 s: waiting for the other set-up"
