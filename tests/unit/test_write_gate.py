"""The gate before the embedded AWS does a write once, however often its sender repeats it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.support.write_gate import Gate


class Behind(ThreadingHTTPServer):
    """What stands behind the gate: answers with the number of requests that it got, and with `status`."""

    count = 0
    status = 200


class _Answers(BaseHTTPRequestHandler):
    server: Behind

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.count += 1
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(str(self.server.count).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def behind() -> Iterator[Behind]:
    server = Behind(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def gate(behind: Behind) -> Iterator[Gate]:
    gate = Gate(f"http://127.0.0.1:{behind.server_address[1]}", lambda: None)
    with gate.serving():
        yield gate


def send(gate: Gate, action: str, invocation: str) -> str:
    headers = {"Amz-Sdk-Invocation-Id": invocation}
    return httpx.post(gate.url, data={"Action": action}, headers=headers, trust_env=False).text


def test_a_repeated_write_gets_the_answer_that_it_had(gate: Gate) -> None:
    assert [send(gate, "CreateRule", text) for text in ("a", "a", "b", "a")] == ["1", "1", "2", "1"]
    assert gate.writes == 2


def test_a_repeated_read_is_asked_again(gate: Gate) -> None:
    assert [send(gate, "DescribeRules", "a") for _ in range(2)] == ["1", "2"]


def test_a_write_that_failed_at_the_server_is_done_again(gate: Gate, behind: Behind) -> None:
    behind.status = 503
    assert [send(gate, "CreateRule", "a") for _ in range(2)] == ["1", "2"]


def test_writes_without_an_id_are_each_done(gate: Gate) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    texts = [httpx.post(gate.url, content="Action=CreateRule", headers=headers, trust_env=False).text for _ in range(2)]
    assert texts == ["1", "2"]
