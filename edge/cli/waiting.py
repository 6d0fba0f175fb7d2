"""A word every ten seconds for whoever waits, about what takes so long; a short wait says nothing.

Where one wait follows another, the silence of the first counts too: two of nine seconds are eighteen to whoever waits.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SILENT_SECONDS = 10.0
_AT_ONCE_SECONDS = 0.5  # what follows so soon is the same wait to a person


@dataclass
class _Silence:
    """Since when nothing was said, and when the last wait ended; both in seconds of the monotonic clock."""

    since: float = 0.0
    ended: float = 0.0


_silence = _Silence()


def begin() -> None:
    """Forget the silence of the command before, where one process runs several."""
    _silence.ended = 0.0


@contextmanager
def waiting(what: str, every: float = SILENT_SECONDS) -> Iterator[None]:
    """Say on standard error what is waited for, as in `  waiting: synthesizing, 20 s`, until the block ends."""
    over = threading.Event()
    if time.monotonic() - _silence.ended > _AT_ONCE_SECONDS:
        _silence.since = time.monotonic()
    speaker = threading.Thread(target=_speak, args=(what, every, over), daemon=True)
    speaker.start()
    try:
        yield
    finally:
        over.set()
        speaker.join()
        _silence.ended = time.monotonic()


def _speak(what: str, every: float, over: threading.Event) -> None:
    started = time.monotonic()
    while not over.wait(max(_silence.since + every - time.monotonic(), 0)):
        _silence.since = time.monotonic()
        print(f"  waiting: {what}, {_silence.since - started:.0f} s", file=sys.stderr, flush=True)
