"""A proxy before the embedded AWS that fails at chosen calls, as networks, services and people do."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from moto.core.request import Request

from tests.support.call_recorder import routed
from tests.support.write_gate import Answer, Gate, is_write

Kind = Literal[
    "SIGKILL",
    "SIGINT",
    "SIGTERM",
    "lost reply",
    "5xx after the write",
    "denial",
    "throttling",
    "latency",
    "broken connection",
]
SIGNALS = {"SIGKILL": signal.SIGKILL, "SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM}
LOST: Answer = (0, [], b"")  # an answer that never arrives: the handler closes the connection

LATENCY_SECONDS = 8.0
# For how many calls in a row each kind strikes: a permission does not come back, a throttled call passes in the end.
_CALLS_STRUCK = {"denial": float("inf"), "throttling": 3, "broken connection": 2}

# What AWS answers in each protocol; the SDK reads the code, and repeats a request after a 500.
_DENIED = {
    "json": b'{"__type":"AccessDeniedException","message":"not authorized (injected)"}',
    "query": b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized (injected)"
    b"</Message></Error><RequestId>1</RequestId></ErrorResponse>",
    "ec2": b"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>not authorized (injected)</Message>"
    b"</Error></Errors><RequestID>1</RequestID></Response>",
    "rest-xml": b"<Error><Code>AccessDenied</Code><Message>not authorized (injected)</Message></Error>",
}
# Each service's own code: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
_THROTTLED = {
    protocol: answer.replace(old, new).replace(b"not authorized", b"Rate exceeded")
    for (protocol, answer), (old, new) in zip(
        _DENIED.items(),
        [
            (b"AccessDeniedException", b"ThrottlingException"),
            (b"AccessDenied", b"Throttling"),
            (b"UnauthorizedOperation", b"RequestLimitExceeded"),
            (b"AccessDenied", b"SlowDown"),
        ],
        strict=True,
    )
}
_FORBIDDEN, _TOO_MANY, _SERVER_ERROR = 403, 429, 500


@dataclass(frozen=True)
class Fault:
    """What goes wrong: a kind, at the nth call (from 1) of an operation, or at the nth write of any (operation `*`)."""

    kind: Kind
    operation: str = "*"
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.kind} at {self.operation} {self.nth}"

    def strikes(self, operation: str, seen: Sequence[str]) -> bool:
        """Tell whether the last of the writes seen, this operation, is one that fails."""
        if self.operation not in {operation, "*"}:
            return False
        counted = sum(self.operation in {name, "*"} for name in seen)
        return self.nth <= counted < self.nth + _CALLS_STRUCK.get(self.kind, 1)


class FaultProxy(Gate):
    """Passes everything on to `url` but at the faults.

    `writes_seen` are all writes in order, and `struck` names the write at which each fault struck first. A signal goes
    to the process that `pid` names, after the write.
    """

    def __init__(self, url: str, faults: Sequence[Fault], pid: Callable[[], int] | None = None) -> None:
        super().__init__(url, lambda: None)
        self._faults, self._pid = faults, pid
        self._counting = threading.Lock()
        self.writes_seen: list[str] = []
        self.struck: dict[Fault, str] = {}

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a sender that is gone: here it was often killed."""

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Pass on as the gate does. What a fault struck is done again if it is repeated, as AWS would."""
        if not is_write(method, headers, body):
            return self.pass_on(method, path, headers, body)
        with self._counting:
            if self.has_answered(headers):
                return super().answer(method, path, headers, body)
            operation = self._operation(method, path, headers, body)
            self.writes_seen.append(operation)
            due = [fault for fault in self._faults if fault.strikes(operation, self.writes_seen)]
            for fault in due[:1]:
                self.struck.setdefault(fault, operation)
        if due:
            return self._strike(due[0].kind, method, path, headers, body)
        return super().answer(method, path, headers, body)

    def pass_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Pass on without the SDK's id of the call: the embedded AWS would repeat its answer, as to a lost one."""
        kept = {name: value for name, value in headers.items() if not name.lower().startswith("amz-sdk-")}
        return super().pass_on(method, path, kept, body)

    def _operation(self, method: str, path: str, headers: dict[str, str], body: bytes) -> str:
        """Name a write by its operation, and a write of the state or its lock by what it writes."""
        name = str(routed(Request.from_primitives(method, self.url + path, headers, body))[2].name)
        thing = "Lock" if path.partition("?")[0].endswith(".tflock") else "State"
        return name.replace("Object", thing) if name in {"PutObject", "DeleteObject"} else name

    def _strike(self, kind: Kind, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if kind in {"denial", "throttling"}:
            status, answers = (_FORBIDDEN, _DENIED) if kind == "denial" else (_TOO_MANY, _THROTTLED)
            return status, [("Content-Type", "application/x-amz-json-1.1")], answers[_protocol(headers, body)]
        if kind == "broken connection":  # before anything arrived
            return LOST
        answer = self.pass_on(method, path, headers, body)
        if kind in SIGNALS:
            assert self._pid is not None
            os.kill(self._pid(), SIGNALS[kind])
        if kind == "latency":
            time.sleep(LATENCY_SECONDS)
        if kind == "5xx after the write":
            return _SERVER_ERROR, [], b""
        return LOST if kind in {"lost reply", "SIGKILL"} else answer


def _protocol(headers: dict[str, str], body: bytes) -> str:
    if any(name.lower() == "x-amz-target" for name in headers):
        return "json"
    if b"Version=2016-11-15" in body:
        return "ec2"
    return "query" if b"Action=" in body else "rest-xml"
