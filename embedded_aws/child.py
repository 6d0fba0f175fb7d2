"""The server process as its parent sees it: start, hear where it serves, end."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any, ClassVar, cast
from weakref import WeakSet

from embedded_aws.data_plane.start import PlaneOptions
from embedded_aws.errors import LocalAwsError

_PROJECT = Path(__file__).resolve().parents[1]
_START_SECONDS = 60
_STOP_SECONDS = 5
_TAIL_BYTES = 4000


class Server:
    """A running server: its `pid`, `url`, the `folder` that it removes when it ends, and its `plane`'s variables.

    `started` holds those of this process that are not yet forgotten, for whoever has to explain a failure.
    """

    started: ClassVar[WeakSet["Server"]] = WeakSet()

    def __init__(
        self, zones: Mapping[str, str], *, keep: bool, lifetime_seconds: float, plane: PlaneOptions | None = None
    ) -> None:
        """Start it; `zones` maps each hosted zone to an account id, and `plane` says what its data plane serves.

        Raises LocalAwsError, with the end of what it wrote on standard error, where it does not serve in a minute.
        """
        with ExitStack() as resources:
            self._final_words = ""
            self._errors = resources.enter_context(tempfile.TemporaryFile())
            self._process = _spawn(_options(zones, lifetime_seconds, plane), keep=keep, errors=self._errors)
            resources.callback(self._end)
            hello = self._hello()
            self._resources = resources.pop_all()
        self.pid = self._process.pid
        self.url = hello["url"]
        self.folder = Path(hello["folder"])
        self.plane: dict[str, str] = hello["plane"]
        self.started.add(self)

    def last_words(self) -> str:
        """Give the end of what the server has written on standard error: its own failures; empty where it had none."""
        if self._errors.closed:
            return self._final_words
        # The server shares the file's position: read at a place of our own.
        start = max(0, os.fstat(self._errors.fileno()).st_size - _TAIL_BYTES)
        return os.pread(self._errors.fileno(), _TAIL_BYTES, start).decode(errors="replace").strip()

    def _hello(self) -> dict[str, Any]:
        output = cast("IO[bytes]", self._process.stdout)
        ready, _, _ = select.select([output], [], [], _START_SECONDS)
        line = output.readline() if ready else b""
        if not line:
            self._end()
            words = self.last_words() or "(none)"
            raise LocalAwsError(f"The embedded AWS did not start. Its server's last words:\n{words}")
        hello: dict[str, Any] = json.loads(line)
        return hello

    def stop(self) -> None:
        """End the server and remove its folder; stopping twice does no harm."""
        self._final_words = self.last_words()
        self._resources.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def let_go(self) -> None:
        """Close this side of the pipes and leave the server to its own lifetime; only for one started with `keep`."""
        for stream in filter(None, (self._process.stdin, self._process.stdout)):
            stream.close()

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.let_go()


class ServerCopy:
    """A copy of a running server, as its parent's parent sees it; it has no folder of its own."""

    def __init__(self, server: "Server | ServerCopy", *, url: str, pid: int) -> None:
        self.url, self.pid = url, pid
        self.folder: Path = server.folder
        self.plane: dict[str, str] = {}
        self._server, self._runs = server, True

    def last_words(self) -> str:
        """Give what the first server and its copies have written."""
        return self._server.last_words()

    def stop(self) -> None:
        """End the copy; stopping twice does no harm."""
        if self._runs:
            self._runs = False  # its number may be another process's by the next time
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def let_go(self) -> None:
        """End it too: a copy does not outlive what it was copied from."""
        self.stop()


def _options(zones: Mapping[str, str], lifetime_seconds: float, plane: PlaneOptions | None) -> list[str]:
    always = ["--zones", json.dumps(zones), "--lifetime-seconds", str(lifetime_seconds)]
    return [*always, "--plane", plane.as_json()] if plane else always


def _spawn(options: list[str], *, keep: bool, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own, so that Ctrl-C reaches the parent first."""
    return subprocess.Popen(
        [sys.executable, "-m", "embedded_aws.server", *options, *(["--keep"] if keep else [])],
        cwd=_PROJECT,
        stdin=subprocess.DEVNULL if keep else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        start_new_session=True,
    )
