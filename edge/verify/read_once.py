"""What the checks of every service build on is read once: else fifty services would read all rules a hundred times."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from edge.verify.check import Requests

T = TypeVar("T")


class ReadOnce:
    """Keeps answers until a check fails and is about to be asked again, for which all is read again."""

    def __init__(self, requests: Requests) -> None:
        self._requests, self._attempts = requests, requests.attempts
        self._kept: dict[tuple[str, ...], tuple[Any, Sequence[str]]] = {}

    def ask(self, read: Callable[[], T], *question: str) -> T:
        """Read, or give what was read; the requests by which it was read are then noted as earlier ones."""
        if self._attempts != self._requests.attempts:
            self._kept, self._attempts = {}, self._requests.attempts
        if question not in self._kept:
            before = len(self._requests.sent)
            found = read()
            self._kept[question] = found, self._requests.sent[before:]
            return found
        answer, sent = self._kept[question]
        for request in sent:
            self._requests.note(f"{request}, as read before")
        kept: T = answer
        return kept
