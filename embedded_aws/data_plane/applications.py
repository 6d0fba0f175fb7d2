"""What runs on the instances: one small HTTP server for each place and published port, which answers from a file.

The file is read for each request, so that a test, or a person, changes an answer by writing it again. A port that is
not in it is looked up in the environment file and the compose file, to which somebody may have added a service.

    {"111111111111 eu-central-1 9999": {"/health": {"status": 200, "content_type": "text/plain", "body": "ok"}}}
"""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

from embedded_aws.data_plane.serving import serve

_HOST = "127.0.0.1"
Answers = dict[str, dict[str, dict[str, str | int]]]
"""Account id, region and port in one text -> path -> status, content_type and body."""
Place = tuple[str, str, int]
"""Account id, region and port."""
Again = Callable[[], Answers]
"""What the instances answer by the files as they are now."""


def key(account_id: str, region: str, port: int) -> str:
    """Write the key under which the answers of one port stand."""
    return f"{account_id} {region} {port}"


class Ports(Protocol):
    """Gives the loopback port that stands for a port of the instances in an account and region."""

    def get(self, place: Place, /) -> int | None:
        """Give it; None where nothing listens there."""


class Instances:
    """The loopback port that stands for each published port of a place."""

    def __init__(self, file: Path, again: Again) -> None:
        """Start a server for each key of the file; `again` is asked about a port that has none."""
        self._file, self._again, self._turn = file, again, threading.Lock()
        self._ports = {name: _start(file, name) for name in json.loads(file.read_text(encoding="utf-8"))}

    def get(self, place: Place) -> int | None:
        """Give the loopback port of a place; None where nothing listens there."""
        name = key(*place)
        with self._turn:
            if name not in self._ports:
                self._add(name)
            return self._ports.get(name)

    def _add(self, name: str) -> None:
        if (answers := self._again().get(name)) is None:
            return
        present: Answers = json.loads(self._file.read_text(encoding="utf-8"))
        self._file.write_text(json.dumps(present | {name: answers}, indent=2), encoding="utf-8")
        self._ports[name] = _start(self._file, name)


def _start(file: Path, key: str) -> int:
    class Application(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answers: Answers = json.loads(file.read_text(encoding="utf-8"))
            path = self.path.partition("?")[0]
            answer = answers.get(key, {}).get(path, {"status": 404, "body": "not found\n"})
            body = str(answer.get("body", "")).encode()
            self.send_response(int(answer.get("status", 200)))
            self.send_header("Content-Type", str(answer.get("content_type", "text/plain")))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Log nothing: what a client does is none of our failures."""

    server = ThreadingHTTPServer((_HOST, 0), Application)
    server.daemon_threads = True
    serve(server)
    return int(server.server_address[1])
