"""Checks that do not build on one another, asked side by side and reported as if they were asked one by one.

A thread asks in a lane, in which each check waits for the one before; whoever began the lanes reports what they find.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from multiprocessing.pool import ThreadPool
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Generic, TypeVar

from edge.cli.waiting import SILENT_SECONDS
from edge.verify.check import Answered, Outcome, Result, Run

AT_ONCE = 16
T = TypeVar("T")


class Lane(Generic[T]):
    """What was begun: its results that are not reported yet, what it asks and waits for, and whether it has ended."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.asking, self.waiting, self.has_ended = "", "", False
        self.answer: Future[T] = Future()

    def value(self) -> T:
        """Wait for the end, and give what the lane returns; in a lane, ask only for one that was begun before it."""
        return self.answer.result()


class SideBySide:
    """The lanes of a run. They are asked by 16 threads in the order in which they begin, and reported in that order.

    Used as a context, whose end waits for all of them. An exception in a lane, and one in the block, such as Ctrl-C,
    ends it at once: the threads are daemons, and what they still ask is heard by nobody.
    """

    def __init__(self, run: Run, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._run, self._clock = run, clock
        self._pool = ThreadPool(AT_ONCE)
        self._events: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lanes: deque[Lane[Any]] = deque()
        self._spoke_at, self._has_waited = clock(), False

    def __enter__(self) -> "SideBySide":
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        try:
            if kind is None:
                self.finish()
        finally:
            self._pool.terminate()

    def begin(self, ask: Callable[[Run], T]) -> Lane[T]:
        """Begin a lane: `ask` makes its checks by the run that it is given."""
        lane: Lane[T] = Lane()
        self._lanes.append(lane)
        self._pool.apply_async(self._go, (lane, ask))
        return lane

    def ask(
        self,
        subject: str,
        check: str,
        question: Callable[[], Answered[T]],
        *,
        after: Sequence[Outcome[Any] | Lane[Outcome[Any]]] = (),
    ) -> Lane[Outcome[T]]:
        """Begin a lane of one check, asked once those of `after` have passed."""

        def ask(run: Run) -> Outcome[T]:
            earlier = [it.value() if isinstance(it, Lane) else it for it in after]
            return run.ask(subject, check, question, after=earlier)

        return self.begin(ask)

    def finish(self) -> None:
        """Report what was begun, until all of it has ended; raises what a lane has raised."""
        self._spoke_at = self._clock()
        while self._lanes:
            try:
                event = self._events.get(timeout=max(self._spoke_at + SILENT_SECONDS - self._clock(), 0))
            except Empty:
                first = self._lanes[0]
                self._speak(first.waiting or f"{first.asking}: no answer yet")
            else:
                event()
                self._report()

    def _go(self, lane: Lane[T], ask: Callable[[Run], T]) -> None:
        """Ask in a thread, which tells of everything by events alone."""
        tell = self._events.put
        try:
            answer = ask(
                self._run.lane(
                    on_asking=lambda name: tell(partial(setattr, lane, "asking", name)),
                    on_result=lambda result: tell(partial(_hear_result, lane, result)),
                    on_wait=lambda text: tell(partial(self._hear, lane, text)),
                )
            )
        except BaseException as error:
            lane.answer.set_exception(error)
            tell(partial(_raise, error))
            raise
        lane.answer.set_result(answer)
        tell(partial(setattr, lane, "has_ended", True))

    def _report(self) -> None:
        """Report what the first lanes have found, up to the first that has not ended."""
        while self._lanes:
            lane = self._lanes[0]
            for result in lane.results:
                self._run.take(result)
                self._spoke_at = self._clock()
            lane.results.clear()
            if not lane.has_ended:
                break
            self._lanes.popleft()

    def _hear(self, lane: Lane[Any], text: str) -> None:
        """Say at once that a lane waits, and from then on when nothing was said for a while: many may wait."""
        lane.waiting = text
        if not self._has_waited:
            self._speak(text)

    def _speak(self, text: str) -> None:
        self._run.tell_of_waiting(text)
        self._spoke_at, self._has_waited = self._clock(), True


def _hear_result(lane: Lane[Any], result: Result) -> None:
    lane.results.append(result)
    lane.waiting = ""


def _raise(error: BaseException) -> None:
    raise error
