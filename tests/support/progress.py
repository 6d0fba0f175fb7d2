"""How far a run of tests is, as one line: what is done, what is left, what is running and for how long."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

_MINUTE = 60


@dataclass
class Progress:
    """What is known of a run.

    `tests` are pytest's ids, `minutes` how long a file takes on an idle machine, `clock` gives seconds, and the run
    `began` at a time of that clock.
    """

    tests: Sequence[str]
    minutes: Callable[[str], float]
    workers: int
    clock: Callable[[], float]
    began: float
    failed: int = 0
    _running: dict[str, float] = field(default_factory=dict)
    _files_began: dict[str, float] = field(default_factory=dict)
    _left: Counter[str] = field(init=False)
    _slowness: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with all tests to be done."""
        self._left = Counter(map(_file, self.tests))

    def started(self, test: str) -> None:
        """Note that a test begins."""
        self._running[test] = self.clock()
        self._files_began.setdefault(_file(test), self.clock())

    def ended(self, test: str) -> None:
        """Note that a test is over; what is over already, such as a test whose worker has died, does no harm."""
        if self._running.pop(test, None) is not None:
            file = _file(test)
            self._left[file] -= 1
            if not self._left[file] and (minutes := self.minutes(file)):
                self._slowness.append((self.clock() - self._files_began[file]) / _MINUTE / minutes)

    def line(self) -> str:
        """Give the line, with what has been running the longest first."""
        done = len(self.tests) - self._left.total()
        files_done = sum(not left for left in self._left.values())
        parts = [
            _duration(self.clock() - self.began),
            f"{files_done:,} of {len(self._left):,} files, {done:,} of {len(self.tests):,} tests",
        ]
        if self.failed:
            parts[-1] += f", {self.failed:,} failed"
        if minutes := math.ceil(self._minutes_left()):
            parts.append(f"about {minutes} min left")
        if running := sorted(self._running.items(), key=lambda item: item[1]):
            tests = (f"{_short(test)} {_duration(self.clock() - began)}" for test, began in running)
            parts.append("running: " + ", ".join(tests))
        return " | ".join(parts)

    def _minutes_left(self) -> float:
        """Estimate by the files' marks: the workers share what is left, but no file is split between them.

        How much slower than an idle machine this one is, the marked files that have ended tell, by their median.
        """
        left = [self._file_minutes_left(file) for file, tests in self._left.items() if tests]
        return max([sum(left) / self.workers, *left]) if left else 0.0

    def _file_minutes_left(self, file: str) -> float:
        began = self._files_began.get(file)
        passed = 0.0 if began is None else (self.clock() - began) / _MINUTE
        slowness = max(1.0, median(self._slowness or [1.0]))
        return max(0.0, self.minutes(file) * slowness - passed)


def _file(test: str) -> str:
    return test.partition("::")[0]


def _short(test: str) -> str:
    """Name a test without its folders and its parameters, which can be long."""
    file, _, name = test.partition("::")
    return f"{file.rpartition('/')[2]}::{name.partition('[')[0]}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), _MINUTE)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
