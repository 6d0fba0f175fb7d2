"""Is a call that an SDK sends again done once, and answered as the first time?"""

import io
from typing import Any

import pytest

from embedded_aws.sent_again import SentAgain

BODY = b"Action=CreateRule&Priority=20"


class Moto:
    """A WSGI application that counts what it did, and refuses what it did already."""

    def __init__(self, *statuses: str) -> None:
        self.done, self.closed = 0, 0
        self._statuses = list(statuses)

    def __call__(self, environ: Any, start_response: Any) -> "Moto":
        assert environ["wsgi.input"].read(len(BODY)) == BODY
        self.done += 1
        start_response(self._statuses.pop(0), [("x-amzn-requestid", str(self.done))])
        return self

    def __iter__(self) -> Any:
        return iter((b"rule ", str(self.done).encode()))

    def close(self) -> None:
        self.closed += 1


def ask(application: SentAgain, call: str = "") -> tuple[str, list[tuple[str, str]], bytes]:
    started: list[Any] = []

    def start(*words: Any) -> Any:
        started.append(words)

    body = io.BytesIO(BODY)
    environ: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": str(len(BODY))}
    environ |= {"HTTP_AMZ_SDK_INVOCATION_ID": call} if call else {}
    parts = application(environ, start)
    (words,) = started
    assert body.read() == b"", "what is left unread resets the connection"
    return words[0], words[1], b"".join(parts)


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "403 Forbidden"])
def test_a_call_that_is_sent_again_is_done_once_and_answered_as_before(status: str) -> None:
    moto = Moto(status, "400 Bad Request")
    application = SentAgain(moto)
    first = ask(application, "c-1")
    assert first == (status, [("x-amzn-requestid", "1")], b"rule 1")
    assert [ask(application, "c-1") for _ in range(3)] == [first] * 3
    assert (moto.done, moto.closed) == (1, 1)


def test_a_failure_of_the_server_is_asked_again() -> None:
    moto = Moto("500 Internal Server Error", "503 Service Unavailable", "200 OK")
    application = SentAgain(moto)
    assert [ask(application, "c-1")[0][:3] for _ in range(4)] == ["500", "503", "200", "200"]
    assert moto.done == 3


def test_other_calls_and_those_without_an_id_are_done_each_time() -> None:
    moto = Moto(*["200 OK"] * 4)
    application = SentAgain(moto)
    assert [ask(application, call)[2] for call in ("c-1", "c-2", "", "")] == [b"rule %d" % n for n in (1, 2, 3, 4)]


def test_what_was_answered_long_ago_is_forgotten() -> None:
    calls = 600
    moto = Moto(*["200 OK"] * (calls + 1))
    application = SentAgain(moto)
    for number in range(calls):
        ask(application, f"c-{number}")
    ask(application, "c-0")
    ask(application, f"c-{calls - 1}")
    assert moto.done == calls + 1
