"""Does the embedded AWS answer one request after the other, body and all?"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
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


def form(body: bytes) -> dict[str, Any]:
    content = {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8", "CONTENT_LENGTH": str(len(body))}
    return {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": BytesIO(body), **content}


@pytest.mark.parametrize(
    ("environ", "counted"),
    [
        (form(b"Action=DescribeRules&Version=2015-12-01"), 0),
        (form(b"Version=2016-11-15&Action=DescribeSecurityGroupRules"), 0),
        (form(b"Action=CreateRule&Name=Action=DescribeRules"), 1),
        (form(b"Action=DescribeRulesAndMore"), 1),
        (form(b"Action=DescribeLoadBalancers"), 1),  # by which moto lets one become active
        ({"REQUEST_METHOD": "GET", "PATH_INFO": "/2013-04-01/hostedzone/Z1/rrset"}, 0),
        ({"REQUEST_METHOD": "POST", "PATH_INFO": "/2013-04-01/hostedzone/Z1/rrset/"}, 1),
        ({"REQUEST_METHOD": "GET", "PATH_INFO": "/bucket/key"}, 1),
        ({"REQUEST_METHOD": "POST", "HTTP_X_AMZ_TARGET": "GraniteServiceVersion20100801.DescribeAlarms"}, 0),
        ({"REQUEST_METHOD": "POST", "HTTP_X_AMZ_TARGET": "CertificateManager.DescribeCertificate"}, 1),  # it may issue
    ],
)
def test_what_changes_nothing_is_not_counted_and_its_body_is_passed_on(environ: dict[str, Any], counted: int) -> None:
    body = environ["wsgi.input"].getvalue() if "wsgi.input" in environ else b""
    seen: list[bytes] = []

    def application(environ: Any, _start: Any) -> list[bytes]:
        seen.append(environ["wsgi.input"].read() if "wsgi.input" in environ else b"")
        return [b""]

    counting = OneAtATime(application)
    counting(environ, lambda *_: lambda _: None)
    assert (counting.changes, seen) == (counted, [body])
