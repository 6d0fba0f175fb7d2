"""A word every ten seconds for whoever waits, about what takes so long; a short wait says nothing."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SILENT_SECONDS = 10.0


@contextmanager
def waiting(what: str, every: float = SILENT_SECONDS) -> Iterator[None]:
    """Say on standard error what is waited for, as in `  waiting: synthesizing, 20 s`, until the block ends."""
    over = threading.Event()
    speaker = threading.Thread(target=_speak, args=(what, every, over), daemon=True)
    speaker.start()
    try:
        yield
    finally:
        over.set()
        speaker.join()


def _speak(what: str, every: float, over: threading.Event) -> None:
    started = time.monotonic()
    while not over.wait(every):
        print(f"  waiting: {what}, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
