"""Whoever waits hears what for, and a short wait says nothing."""

import re
import time

import pytest

from edge.cli.waiting import waiting


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
