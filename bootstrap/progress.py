"""What set-up says while a step goes on: what it waits for, and how much is there."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

EVERY_SECONDS = 10.0


def say(sentence: str) -> None:
    """Print progress on stderr, at once."""
    sys.stderr.write(f"{sentence}\n")  # whole, since two steps may speak at the same time
    sys.stderr.flush()


@contextmanager
def progress(waiting_for: str, into: Path | None, root: Path) -> Iterator[None]:
    """Say every ten seconds what is waited for, and how much `into` holds; nothing where nobody is waited for."""
    ended = Event()
    started = time.monotonic()

    def speak() -> None:
        counting = 0.0  # to add up the files of a folder takes its time, which is no reason for a longer silence
        while not ended.wait(max(EVERY_SECONDS - counting, 0)):
            began = time.monotonic()
            size = f"; {into.relative_to(root)} holds {megabytes(into)} MB" if into else ""
            counting = min(time.monotonic() - began, EVERY_SECONDS / 2)
            say(f"  {time.monotonic() - started:.0f} s: waiting for {waiting_for}{size}")

    speaker = Thread(target=speak, daemon=True)
    if waiting_for:
        speaker.start()
    try:
        yield
    finally:
        ended.set()
        if waiting_for:
            speaker.join()


def megabytes(folder: Path) -> int:
    """Add up the files of a folder, in 10^6 bytes; what comes and goes meanwhile counts or not."""
    return round(_bytes(folder) / 1_000_000)


def _bytes(folder: Path) -> int:
    total = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    total += _bytes(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        pass
    return total
