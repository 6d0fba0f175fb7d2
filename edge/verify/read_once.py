"""What the checks of every service build on is read once: else fifty services would read all rules a hundred times."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from edge.verify.requests import Requests

T = TypeVar("T")


@dataclass(frozen=True)
class _Kept:
    """An answer, the requests by which it was read, and the attempt at which the reading began."""

    answer: Any
    sent: Sequence[str]
    attempt: int


class ReadOnce:
    """Keeps answers until a check fails and is about to be asked again, which then reads again.

    Several threads may ask: of those that ask the same, one reads, and the others wait for its answer.
    """

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._kept: dict[tuple[str, ...], _Kept] = {}
        self._turns: dict[tuple[str, ...], threading.Lock] = {}

    def ask(self, read: Callable[[], T], *question: str) -> T:
        """Read, or give what was read; the requests by which it was read are then noted as earlier ones."""
        with self._turns.setdefault(question, threading.Lock()):
            kept = self._kept.get(question)
            if kept is None or kept.attempt < self._requests.since:
                return self._read(read, question)
        for request in kept.sent:
            self._requests.note(f"{request.removesuffix(_EARLIER)}{_EARLIER}")
        answer: T = kept.answer
        return answer

    def _read(self, read: Callable[[], T], question: tuple[str, ...]) -> T:
        attempt, before = self._requests.attempts, len(self._requests.sent)
        answer = read()
        self._kept[question] = _Kept(answer, tuple(self._requests.sent[before:]), attempt)
        return answer


_EARLIER = ", as read before"
