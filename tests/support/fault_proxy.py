"""A proxy before the embedded AWS that fails at a chosen call, as networks, services and people do."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from moto.core.request import Request

from embedded_aws.process import LocalAws
from tests.support.call_recorder import routed
from tests.support.write_gate import Answer, Gate, is_write

Kind = Literal["lost reply", "5xx after the write", "denial", "SIGKILL", "SIGINT", "SIGTERM", "none"]
SIGNALS = {"SIGKILL": signal.SIGKILL, "SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM}
LOST: Answer = (0, [], b"")  # an answer that never arrives: the handler closes the connection

# What AWS answers in each protocol; the SDK reads the code, and repeats a request after a 500.
_DENIED = {
    "json": b'{"__type":"AccessDeniedException","message":"not authorized (injected)"}',
    "query": b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized (injected)"
    b"</Message></Error><RequestId>1</RequestId></ErrorResponse>",
    "ec2": b"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>not authorized (injected)</Message>"
    b"</Error></Errors><RequestID>1</RequestID></Response>",
    "rest-xml": b"<Error><Code>AccessDenied</Code><Message>not authorized (injected)</Message></Error>",
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong: a kind, at the nth call (from 1) of an operation, or at the nth write of any (operation `*`).

    `before` makes a signal arrive before the call is passed on instead of after it.
    """

    kind: Kind
    operation: str = "*"
    nth: int = 1
    before: bool = False

    def __str__(self) -> str:
        when = "before" if self.before else "at"
        return f"{self.kind} {when} {self.operation} {self.nth}" if self.kind != "none" else "no fault"


class FaultProxy(Gate):
    """Passes everything on but at the fault; `writes_seen` are all writes in order, `struck` the one that failed."""

    def __init__(self, aws: LocalAws, fault: Fault, pid: Callable[[], int] | None = None) -> None:
        super().__init__(aws.url, lambda: None)
        self._fault, self._pid = fault, pid
        self._counting = threading.Lock()
        self.writes_seen: list[str] = []
        self.struck = ""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a sender that is gone: here it was often killed."""

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Pass on without the gate's memory of repeated writes: repeating is what AWS and the SDK do here."""
        if not is_write(method, headers, body):
            return self.pass_on(method, path, headers, body)
        operation = self._operation(method, path, headers, body)
        with self._counting:
            self.writes_seen.append(operation)
            strikes = self._strikes(operation)
        if not strikes:
            return self.pass_on(method, path, headers, body)
        return self._strike(method, path, headers, body)

    def _operation(self, method: str, path: str, headers: dict[str, str], body: bytes) -> str:
        """Name a write by its operation, and a write of the state or its lock by what it writes."""
        name = str(routed(Request.from_primitives(method, self.url + path, headers, body))[2].name)
        thing = "Lock" if path.partition("?")[0].endswith(".tflock") else "State"
        return name.replace("Object", thing) if name in {"PutObject", "DeleteObject"} else name

    def _strikes(self, operation: str) -> bool:
        """Tell whether this call fails: the nth of its operation once, and for a denial every one from it on."""
        fault = self._fault
        if fault.operation not in {operation, "*"} or fault.kind == "none":
            return False
        counted = sum(fault.operation in {name, "*"} for name in self.writes_seen)
        due = counted >= fault.nth if fault.kind == "denial" else counted == fault.nth
        self.struck = self.struck or (operation if due else "")
        return due

    def _strike(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        kind = self._fault.kind
        if kind == "denial":
            return 403, [("Content-Type", "application/x-amz-json-1.1")], _DENIED[_protocol(headers, body)]
        if kind in SIGNALS and self._fault.before:
            self._signal(SIGNALS[kind])
        answer = self.pass_on(method, path, headers, body)
        if kind in SIGNALS and not self._fault.before:
            self._signal(SIGNALS[kind])
        if kind == "5xx after the write":
            return 500, [], b""
        return LOST if kind in {"lost reply", "SIGKILL"} else answer

    def _signal(self, number: signal.Signals) -> None:
        assert self._pid is not None
        os.kill(self._pid(), number)


def _protocol(headers: dict[str, str], body: bytes) -> str:
    if any(name.lower() == "x-amz-target" for name in headers):
        return "json"
    if b"Version=2016-11-15" in body:
        return "ec2"
    return "query" if b"Action=" in body else "rest-xml"
