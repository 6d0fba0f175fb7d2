"""Whoever waits hears what for, and a short wait says nothing."""

import re
import time

import pytest

from edge.cli.exits import ended
from edge.cli.waiting import _Silence, waiting


@pytest.fixture(autouse=True)
def nothing_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.cli.waiting._silence", _Silence())


def test_a_long_wait_says_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    with waiting("synthesizing", every=0.05):
        time.sleep(0.3)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 2
    assert all(re.fullmatch(r"  waiting: synthesizing, \d+ s", line) for line in lines)
    time.sleep(0.1)
    assert capsys.readouterr().err == "", "it goes on after its end"


def test_a_short_wait_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with waiting("synthesizing"):
        pass
    assert capsys.readouterr().err == ""


def test_what_fails_meanwhile_ends_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), waiting("synthesizing", every=0.02):
        raise KeyError
    capsys.readouterr()
    time.sleep(0.06)
    assert capsys.readouterr().err == ""


def test_what_follows_at_once_does_not_begin_a_silence_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with waiting("planning", every=0.6):
        time.sleep(0.3)
    started = time.monotonic()
    with waiting("reading the plan", every=0.6):
        while not (said := capsys.readouterr().err) and time.monotonic() < started + 5:
            time.sleep(0.02)
        took = time.monotonic() - started
    assert said == "  waiting: reading the plan, 0 s\n"
    assert took < 0.6, "it waits for all of its own time"


def test_what_follows_later_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.cli.waiting._AT_ONCE_SECONDS", 0.02)
    silence = _Silence()
    monkeypatch.setattr("edge.cli.waiting._silence", silence)
    with waiting("planning", every=60):
        first = silence.since
    time.sleep(0.1)
    with waiting("reading the plan", every=60):
        assert silence.since > first


def test_another_command_of_the_same_process_begins_again(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> int:
        with waiting("planning", every=0.3):
            time.sleep(0.2)
        return 0

    assert [ended(command), ended(command)] == [0, 0]
    assert capsys.readouterr().err == ""
