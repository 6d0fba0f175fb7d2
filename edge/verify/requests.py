"""What the checks have sent, and how new what they build on must be."""

import threading


class _OfThread(threading.local):
    """What one thread has sent, and the attempt since which it must have read anything that is still good."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.since = 0


class Requests:
    """Every request that was sent, in order and by each thread apart; whoever sends one notes it here first.

    `attempts` grows whenever a check is about to be asked again: what was read before that is no longer good to the
    check, nor to what begins after it. `since` says so for this thread.
    """

    def __init__(self) -> None:
        self.attempts = 0
        self._of_thread, self._lock = _OfThread(), threading.Lock()

    @property
    def sent(self) -> list[str]:
        """What this thread has sent."""
        return self._of_thread.sent

    @property
    def since(self) -> int:
        """The attempt since which this thread must have read what it builds on."""
        return self._of_thread.since

    def note(self, request: str) -> None:
        """Note one request, such as `dns A link.getorcha.com at 192.0.2.53`."""
        self.sent.append(request)

    def begin(self) -> None:
        """Begin something in this thread, for which nothing is good that was read before any attempt so far."""
        self._of_thread.since = self.attempts

    def ask_again(self) -> None:
        """Begin another attempt in this thread."""
        with self._lock:
            self.attempts += 1
        self.begin()
