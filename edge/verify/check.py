"""Checks and their outcomes: a check asks, passes or fails with a reason and a remedy, and is tried again for a while.

A check passes only if it made at least one request. One that cannot be made because an earlier one did not pass is
"not asked", which counts as not passed.
Each result has a severity: its check's own, unless what was found is worse or milder.
"""

import math
import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any, Generic, Literal, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from edge.verify.requests import Requests
from edge.verify.severity import OF_CHECKS, Severity, worst

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 8.0
_SILENT_SECONDS = 10.0
# A result is one line, which somebody reads at night.
_MOST_IN_A_LINE = 6
T = TypeVar("T")
_Verdict = tuple[Literal["passed", "failed", "not asked"], str, str, Severity | None]
_SIGN_IN = "sign in to the account again, or ask for the permission to read it"


@dataclass(frozen=True)
class Fault:
    """One of several things that a check finds wrong; `severity` is None where it is the check's own."""

    found: str
    remedy: str
    severity: Severity | None = None


class CheckFailedError(Exception):
    """A check did not pass: `found` says what stands there instead, `remedy` what to do about it.

    `severity` is None where the failure is as bad as the check's failures are in general.
    """

    def __init__(self, found: str, remedy: str, severity: Severity | None = None) -> None:
        super().__init__(found)
        self.found, self.remedy, self.severity = found, remedy, severity


def expect_none(check: str, faults: Sequence[Fault]) -> None:
    """Raise CheckFailedError for the faults of a check, if there are any: as bad as the worst, which come first."""
    if faults:
        severity = worst([fault.severity or OF_CHECKS[check] for fault in faults])
        order = list(Severity)
        ordered = sorted(faults, key=lambda fault: order.index(fault.severity or OF_CHECKS[check]))
        shown = ordered[:_MOST_IN_A_LINE]
        found, remedies = (dict.fromkeys(texts) for texts in zip(*((f.found, f.remedy) for f in shown), strict=True))
        more = [f"and {len(faults) - len(shown)} more"] if len(faults) > len(shown) else []
        raise CheckFailedError("; ".join([*found, *more]), "; ".join(remedies), severity)


@dataclass(frozen=True)
class Answered(Generic[T]):
    """What a check found to be right: a phrase for people, and a value for the checks that build on it.

    `notes` are sentences on what is no failure and still worth a line.
    """

    detail: str
    value: T
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """One line of the report; `requests` lists what was sent, to whom, in order.

    `severity` says how bad it is that this failed, or would be if it did.
    """

    subject: str
    check: str
    outcome: Literal["passed", "failed", "not asked"]
    detail: str
    remedy: str
    requests: tuple[str, ...]
    severity: Severity
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give the result as JSON takes it."""
        return asdict(self)


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """A result with the value that later checks need; asking for the value of one that did not pass is a mistake."""

    result: Result
    answered: Answered[T] | None

    @property
    def passed(self) -> bool:
        """Whether the check was asked and passed."""
        return self.answered is not None

    @property
    def value(self) -> T:
        """The value that the check found; raises ValueError where it did not pass."""
        if self.answered is None:
            message = f"{self.result.subject}: {self.result.check} has no value, since it did not pass"
            raise ValueError(message)
        return self.answered.value


class Run:
    """All checks of one verification, in order; `results` grows with each, and `tell` hears of each at once.

    What fails is asked again, with growing pauses, until `wait_seconds` have passed since the start of the whole run:
    DNS and targets take a while to warm up after a deploy. `on_wait` hears at least every ten seconds of what is waited
    for, and why.
    """

    def __init__(
        self,
        requests: Requests,
        *,
        wait_seconds: float = 0,
        on_result: Callable[[Result], None] = lambda _: None,
        on_wait: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.results: list[Result] = []
        self._requests, self._on_result, self._sleep, self._clock = requests, on_result, sleep, clock
        self._on_wait = on_wait
        self._on_asking: Callable[[str], None] = lambda _: None
        self._deadline = clock() + wait_seconds

    def ask(
        self,
        subject: str,
        check: str,
        question: Callable[[], Answered[T]],
        *,
        after: Sequence[Outcome[Any]] = (),
    ) -> Outcome[T]:
        """Make one check, once all of `after` have passed."""
        before = len(self._requests.sent)
        answered: Answered[T] | None = None
        missing = next((earlier.result for earlier in after if not earlier.passed), None)
        if missing is not None:
            verdict = _not_asked(missing)
        else:
            name = f"{subject}: {check}"
            self._on_asking(name)
            answered, verdict = self._try(question, name)
        sent = tuple(self._requests.sent[before:])
        if answered is not None and not sent:
            message = f"{subject}: {check} passed without a request"
            raise AssertionError(message)
        outcome, detail, remedy, severity = verdict
        notes = answered.notes if answered else ()
        result = Result(subject, check, outcome, detail, remedy, sent, severity or OF_CHECKS[check], notes)
        self.take(result)
        return Outcome(result, answered)

    def take(self, result: Result) -> None:
        """Keep a result as the last one so far, and tell of it."""
        self.results.append(result)
        self._on_result(result)

    def lane(
        self,
        *,
        on_asking: Callable[[str], None],
        on_result: Callable[[Result], None],
        on_wait: Callable[[str], None],
    ) -> "Run":
        """Give a run for checks that this thread asks beside those of others, until the same moment.

        Its results are its own; `on_asking` hears of each check before it is asked.
        """
        lane = copy(self)
        lane.results, lane._on_asking, lane._on_result, lane._on_wait = [], on_asking, on_result, on_wait
        self._requests.begin()
        return lane

    def tell_of_waiting(self, text: str) -> None:
        """Say what is waited for."""
        self._on_wait(text)

    def _try(self, question: Callable[[], Answered[T]], name: str) -> tuple[Answered[T] | None, _Verdict]:
        pause, spoke = _FIRST_PAUSE_SECONDS, -math.inf
        while True:
            try:
                answered = question()
            except CheckFailedError as error:
                verdict: _Verdict = ("failed", error.found, error.remedy, error.severity)
            except (BotoCoreError, ClientError) as error:
                # No waiting fixes a missing sign-in or permission, and botocore has tried again where time does.
                return None, ("failed", f"AWS did not answer: {' '.join(str(error).split())}", _SIGN_IN, None)
            else:
                return answered, ("passed", answered.detail, "", None)
            if self._clock() + pause > self._deadline:
                return None, verdict
            if self._clock() + pause - spoke >= _SILENT_SECONDS:
                left, spoke = self._deadline - self._clock(), self._clock()
                self._on_wait(f"{name}: {verdict[1]}; asked again, for up to {left:.0f} s")
            self._sleep(pause)
            self._requests.ask_again()
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def _not_asked(missing: Result) -> _Verdict:
    """Name the check that stopped this one; where that one was not asked either, the first of them all."""
    if missing.outcome == "not asked":
        return "not asked", missing.detail, missing.remedy, None
    return "not asked", f"not asked: {missing.subject}: {missing.check} did not pass", missing.remedy, None
