"""Does the embedded AWS answer one request after the other, body and all?"""

import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from embedded_aws.one_at_a_time import OneAtATime

CLIENTS = 8


class Application:
    """A WSGI application that counts how many requests it answers at once; its body takes a while too."""

    def __init__(self) -> None:
        self.inside, self.most, self.closed = 0, 0, 0
        self._counting = threading.Lock()

    def __call__(self, _environ: Any, _start_response: Any) -> "Application":
        self._come(1)
        time.sleep(0.01)
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield b"one"
        time.sleep(0.01)
        yield b"two"

    def close(self) -> None:
        self._come(-1)
        self.closed += 1

    def _come(self, number: int) -> None:
        with self._counting:
            self.inside += number
            self.most = max(self.most, self.inside)


def ask_all_at_once(application: Any) -> list[list[bytes]]:
    ready = threading.Barrier(CLIENTS)

    def ask(_number: int) -> list[bytes]:
        ready.wait()
        body = application({}, lambda *_: None)
        answer = list(body)
        getattr(body, "close", lambda: None)()
        return answer

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(ask, range(CLIENTS)))


def test_no_two_requests_are_answered_at_once() -> None:
    alone = Application()
    assert ask_all_at_once(OneAtATime(alone)) == [[b"one", b"two"]] * CLIENTS
    assert (alone.most, alone.closed) == (1, CLIENTS)


def test_without_it_they_are() -> None:
    together = Application()
    ask_all_at_once(together)
    assert together.most > 1


def test_a_failure_lets_the_next_request_through() -> None:
    def failing(_environ: Any, _start_response: Any) -> list[bytes]:
        raise RuntimeError

    application: Any = OneAtATime(failing)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            application({}, lambda *_: None)


def test_requests_are_counted_without_those_of_the_reader() -> None:
    application = OneAtATime(lambda _environ, _start: [b""], reader="reads-only")
    for agent in ("aws-sdk", "aws-sdk reads-only", "terraform"):
        application({"HTTP_USER_AGENT": agent}, lambda *_: lambda _: None)
    application({}, lambda *_: lambda _: None)
    assert application.changes == 3


def attempt(number: int, call: str = "c-1") -> dict[str, str]:
    """Give an SDK's headers of one attempt at a call."""
    return {
        "HTTP_AMZ_SDK_INVOCATION_ID": call,
        "HTTP_AMZ_SDK_REQUEST": f"attempt={number}; max=25",
        "HTTP_AUTHORIZATION": "AWS4-HMAC-SHA256 Credential=k/20261127/eu-central-1/acm/aws4_request, Signature=s",
        "HTTP_X_AMZ_TARGET": "CertificateManager.RequestCertificate",
    }


def answers(*statuses: str) -> tuple[OneAtATime, io.StringIO]:
    """Give an application that answers one status after the other, and what it writes on standard error."""
    left = iter(statuses)

    def moto(_environ: Any, start_response: Any) -> list[bytes]:
        start_response(next(left), [])
        return [b""]

    return OneAtATime(moto), io.StringIO()


def test_a_request_that_is_sent_again_is_reported_with_the_answer_before() -> None:
    application, errors = answers("200 OK", "400 Bad Request")
    for number in (1, 2):
        application({**attempt(number), "wsgi.errors": errors}, lambda *_: lambda _: None)
    expected = "sent again: acm CertificateManager.RequestCertificate; the attempt before was answered 200 OK\n"
    assert errors.getvalue() == expected


def test_first_attempts_and_what_never_came_here_are_not_reported() -> None:
    application, errors = answers(*["200 OK"] * 4)
    for headers in (attempt(1), attempt(1, "c-2"), attempt(2, "never-answered-before"), {}):
        application({**headers, "wsgi.errors": errors}, lambda *_: lambda _: None)
    assert errors.getvalue() == ""


def test_the_answers_of_long_ago_are_forgotten() -> None:
    calls = 600
    application, errors = answers(*["200 OK"] * (calls + 1))
    for number in range(calls):
        application({**attempt(1, f"c-{number}"), "wsgi.errors": errors}, lambda *_: lambda _: None)
    application({**attempt(2, "c-0"), "wsgi.errors": errors}, lambda *_: lambda _: None)
    assert errors.getvalue() == ""
