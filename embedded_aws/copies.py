"""Copies of a running embedded AWS: what is done to one is done to none of the others.

A copy is a fork of the server's process, so that it has all that stands, byte for byte, and takes milliseconds instead
of a deploy. Its data plane is not copied: DNS, TLS and HTTP are served by the first one alone.
"""

import gc
import os
import stat
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

PATH = "/embedded-aws/copies"


class Copies:
    """Makes copies of this process.

    `turn` is held while the process forks, so that no request is half done in a copy. `serve` runs in the copy, takes
    what to call with the copy's URL once it serves, and gives nothing back until the copy's end.
    """

    def __init__(self, *, turn: Lock, serve: Callable[[Callable[[str], None]], None]) -> None:
        self._turn, self._serve = turn, serve

    def make(self) -> dict[str, str]:
        """Give the URL and the process id of a new copy, once it serves."""
        readable, writable = os.pipe()
        with self._turn:
            gc.freeze()  # else the collector would write into, and so double, all that the two share
            number = os.fork()
        if number == 0:
            os.close(readable)
            self._live(writable)
        os.close(writable)
        threading.Thread(target=os.waitpid, args=(number, 0), daemon=True).start()  # else a zombie stays at its end
        with os.fdopen(readable) as pipe:
            return {"url": pipe.read(), "pid": str(number)}

    def _live(self, writable: int) -> None:
        """Serve in the copy until its end; never comes back to the request that asked for it."""

        def say(url: str) -> None:
            os.write(writable, url.encode())
            os.close(writable)

        _close_sockets()
        try:
            self._serve(say)
        finally:  # nothing of the first process may run on here, whatever happened
            if any(sys.exc_info()):
                traceback.print_exc()
            os._exit(0)


def _close_sockets() -> None:
    """Leave the first process's connections and its port to itself; the objects that hold them here are never freed."""
    for number in [int(file.name) for file in Path("/dev/fd").iterdir()]:
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.close(number)
