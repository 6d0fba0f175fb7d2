"""Checks side by side: reported in their order, at most sixteen at once, never silent, and ended at once."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from edge.verify import side_by_side
from edge.verify.check import Answered, CheckFailedError, Outcome, Run
from edge.verify.read_once import ReadOnce
from edge.verify.requests import Requests
from edge.verify.side_by_side import AT_ONCE, SideBySide

_SECONDS = 20.0  # longer than anything here takes, so that what hangs fails


def answering(requests: Requests, name: str, *, wait_for: threading.Event | None = None) -> Callable[[], Answered[str]]:
    def question() -> Answered[str]:
        requests.note(name)
        assert wait_for is None or wait_for.wait(_SECONDS)
        return Answered(name, name)

    return question


def test_results_are_reported_in_the_order_in_which_they_were_begun() -> None:
    requests, heard, late = Requests(), list[str](), threading.Event()
    run = Run(requests, on_result=lambda result: heard.append(result.subject))
    with SideBySide(run) as beside:
        beside.ask("first", "health", answering(requests, "first", wait_for=late))
        second = beside.ask("second", "health", answering(requests, "second"))
        assert second.value().value == "second"
        assert heard == []
        late.set()
    assert heard == [result.subject for result in run.results] == ["first", "second"]
    assert [result.requests for result in run.results] == [("first",), ("second",)]


def test_a_lane_asks_one_after_the_other_and_may_build_on_an_earlier_lane() -> None:
    requests = Requests()
    run = Run(requests)

    def two(part: Run) -> Outcome[str]:
        first = part.ask("host", "TLS", answering(requests, "tls"))
        return part.ask("host", "expiry", answering(requests, "expiry"), after=[first])

    with SideBySide(run) as beside:
        lane = beside.begin(two)
        failed = beside.ask("zone", "delegation", failing(requests))
        beside.ask("service", "health", answering(requests, "health"), after=[lane])
        beside.ask("service", "records", answering(requests, "records"), after=[lane, failed])
    assert [(result.check, result.outcome) for result in run.results] == [
        ("TLS", "passed"),
        ("expiry", "passed"),
        ("delegation", "failed"),
        ("health", "passed"),
        ("records", "not asked"),
    ]


def failing(requests: Requests) -> Callable[[], Answered[None]]:
    def question() -> Answered[None]:
        requests.note("request")
        raise CheckFailedError("it answers 503", "wait")

    return question


def test_no_more_than_sixteen_are_asked_at_once() -> None:
    requests, turn, now, most = Requests(), threading.Lock(), 0, 0

    def question() -> Answered[None]:
        nonlocal now, most
        requests.note("request")
        with turn:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with turn:
            now -= 1
        return Answered("fine", None)

    with SideBySide(Run(requests)) as beside:
        for number in range(3 * AT_ONCE):
            beside.ask(str(number), "health", question)
    assert 1 < most <= AT_ONCE == 16


def test_what_asks_again_until_the_end_of_the_wait_does_so_beside_others() -> None:
    requests, failures = Requests(), {str(number): 1 for number in range(AT_ONCE)}
    run = Run(requests, wait_seconds=_SECONDS)

    def warming_up(name: str) -> Answered[None]:
        requests.note(name)
        failures[name] -= 1
        if failures[name] >= 0:
            raise CheckFailedError("no answer", "wait")
        return Answered("fine", None)

    started = time.monotonic()
    with SideBySide(run) as beside:
        for name in failures:
            beside.ask(name, "health", lambda name=name: warming_up(name))  # type: ignore[misc]
    assert all(result.outcome == "passed" and len(result.requests) == 2 for result in run.results)
    assert time.monotonic() - started < 0.5 * AT_ONCE  # each paused for half a second


def test_a_mistake_in_a_lane_is_raised_while_another_hangs() -> None:
    requests, never = Requests(), threading.Event()

    def verify() -> None:
        with SideBySide(Run(requests)) as beside:
            beside.ask("first", "health", answering(requests, "first", wait_for=never))
            beside.ask("second", "health", lambda: Answered("fine", None))

    with pytest.raises(AssertionError, match="passed without a request"):
        verify()
    never.set()


def test_it_says_what_it_waits_for_when_nothing_was_said_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "SILENT_SECONDS", 0.05)
    requests, heard, late = Requests(), list[str](), threading.Event()

    def on_wait(text: str) -> None:
        heard.append(text)
        if len(heard) == 2:
            late.set()

    with SideBySide(Run(requests, on_wait=on_wait)) as beside:
        beside.ask("link", "health", answering(requests, "link", wait_for=late))
    assert heard[:2] == ["link: health: no answer yet"] * 2


def test_what_another_waited_for_and_has_is_not_named_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "SILENT_SECONDS", 1.0)
    requests, heard, late, failures = Requests(), list[str](), threading.Event(), [1]

    def on_wait(text: str) -> None:
        heard.append(text)
        if len(heard) == 2:
            late.set()

    def warming_up() -> Answered[None]:
        requests.note("docs")
        if failures:
            failures.pop()
            raise CheckFailedError("no answer", "wait")
        return Answered("fine", None)

    with SideBySide(Run(requests, wait_seconds=_SECONDS, on_wait=on_wait)) as beside:
        beside.ask("link", "health", answering(requests, "link", wait_for=late))
        beside.ask("docs", "health", warming_up)
    assert "docs" in heard[0]
    assert heard[1] == "link: health: no answer yet"


def test_of_many_that_wait_one_is_named_at_once() -> None:
    requests, heard = Requests(), list[str]()
    run = Run(requests, wait_seconds=1.0, on_wait=heard.append)
    with SideBySide(run) as beside:
        for number in range(AT_ONCE):
            beside.ask(str(number), "health", failing(requests))
    assert len(heard) == 1
    assert heard[0].endswith(": health: it answers 503; asked again, for up to 1 s")


def test_what_several_threads_ask_is_read_once_and_again_after_a_failure() -> None:
    requests, read = Requests(), list[int]()
    once = ReadOnce(requests)

    def reading() -> int:
        requests.note("aws rules")
        time.sleep(0.05)
        read.append(len(read))
        return read[-1]

    def question() -> Answered[int]:
        return Answered("all", once.ask(reading, "rules"))

    run = Run(requests)
    with SideBySide(run) as beside:
        lanes = [beside.ask(str(number), "rules", question) for number in range(AT_ONCE)]
    assert [lane.value().value for lane in lanes] == [0] * AT_ONCE
    assert sorted(result.requests for result in run.results)[-2:] == [("aws rules, as read before",)] * 2
    requests.ask_again()
    with SideBySide(run) as beside:
        assert beside.ask("again", "rules", question).value().value == 1


_HANGING = """
import time
from edge.verify.check import Run
from edge.verify.requests import Requests
from edge.verify.side_by_side import SideBySide
with SideBySide(Run(Requests())) as beside:
    for name in "abc":
        beside.ask(name, "health", lambda: time.sleep(600))
    print("begun", flush=True)
"""


def test_ctrl_c_ends_it_at_once() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HANGING], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=_SECONDS)
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert process.returncode == -signal.SIGINT
