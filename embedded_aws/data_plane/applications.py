"""What runs on the instances: one small HTTP server for each place and published port, which answers from a file.

The file is read for each request, so that a test, or a person, changes an answer by writing it again:

    {"111111111111 eu-central-1 9999": {"/health": {"status": 200, "content_type": "text/plain", "body": "ok"}}}
"""

import json
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_HOST = "127.0.0.1"
_POLL_SECONDS = 0.1
Answers = dict[str, dict[str, dict[str, str | int]]]
"""Account id, region and port in one text -> path -> status, content_type and body."""
Instances = dict[tuple[str, str, int], int]
"""Account id, region and port -> the loopback port that stands for it."""


def key(account_id: str, region: str, port: int) -> str:
    """Write the key under which the answers of one port stand."""
    return f"{account_id} {region} {port}"


def start(file: Path, keys: Iterable[str]) -> Instances:
    """Start a server for each key of the file, and give the loopback port of each."""
    split = {name: name.split() for name in keys}
    return {(account_id, region, int(port)): _start(file, name) for name, (account_id, region, port) in split.items()}


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
    threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
    return int(server.server_address[1])
