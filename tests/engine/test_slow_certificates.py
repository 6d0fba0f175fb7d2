"""The embedded AWS takes over a certificate as long as it is asked to, and ends one when it is asked to."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from embedded_aws import certificate_states
from embedded_aws.certificate_delays import PATH, VARIABLE, parse
from embedded_aws.errors import LocalAwsError
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.aws_calls import PROD, describe, prove, request, status

pytestmark = pytest.mark.takes(minutes=0.1)

(ENVIRONMENT,) = load(["prod"])
ZONE = "prod.getorcha.com"
SLOW, NEVER, QUICK = (f"{name}.{ZONE}" for name in ("slow", "never", "quick"))
SECONDS = 2.0


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, json.dumps({SLOW: SECONDS, NEVER: None}))
        with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
            yield aws


def proven(aws: LocalAws, *names: str) -> str:
    arn = request(aws, *names)
    for name in names:
        prove(aws, arn, name, account=PROD, zone=ZONE)
    return arn


def asked(aws: LocalAws, method: str, body: str | None = None, path: str = PATH) -> tuple[int, Any]:
    connection = HTTPConnection(urlsplit(aws.url).netloc)
    connection.request(method, path, body)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def test_a_delayed_certificate_comes_after_its_time_and_others_at_once(aws: LocalAws) -> None:
    assert asked(aws, "GET") == (200, {SLOW: SECONDS, NEVER: None})  # by the variable, from the start
    aws.delay_certificates({SLOW: 3600, NEVER: None})
    start = time.monotonic()
    slow, quick = proven(aws, SLOW), proven(aws, QUICK, f"more.{ZONE}")
    assert (status(aws, slow), status(aws, quick)) == ("PENDING_VALIDATION", "ISSUED")
    aws.delay_certificates({SLOW: SECONDS, NEVER: None})  # since it was requested
    while status(aws, slow) != "ISSUED":
        time.sleep(0.05)
    assert time.monotonic() - start >= SECONDS


def test_a_certificate_that_never_comes_does_come_once_nothing_delays_it(aws: LocalAws) -> None:
    never = proven(aws, NEVER)
    assert status(aws, never) == "PENDING_VALIDATION"
    aws.delay_certificates({QUICK: 3600})
    assert status(aws, never) == "ISSUED"
    assert status(aws, proven(aws, QUICK)) == "PENDING_VALIDATION"
    assert asked(aws, "GET") == (200, {QUICK: 3600})


@pytest.mark.parametrize(("method", "body", "code"), [("PUT", "[]", 400), ("DELETE", "{}", 405)])
def test_a_wrong_request_is_refused_and_changes_nothing(aws: LocalAws, method: str, body: str, code: int) -> None:
    aws.delay_certificates({SLOW: 1})
    assert asked(aws, method, body)[0] == code
    assert asked(aws, "GET") == (200, {SLOW: 1})


@pytest.mark.parametrize("text", ["", "[]", '{"a.com": -1}', '{"a.com": "1"}', '{"a.com": true}'])
def test_what_is_no_delay_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"are no certificate delays; give a JSON object"):
        parse(text)


def test_a_server_with_a_wrong_delay_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "soon")
    with pytest.raises(LocalAwsError, match=f"{VARIABLE}: 'soon' are no certificate delays"):
        LocalAws.start([ENVIRONMENT], lifetime_seconds=60)


@pytest.mark.parametrize("state", ["EXPIRED", "FAILED", "REVOKED"])
def test_a_certificate_that_is_ended_stays_so_and_the_next_over_its_name_is_issued(aws: LocalAws, state: str) -> None:
    name = f"{state.lower()}.{ZONE}"
    first, other = proven(aws, name), proven(aws, f"beside-{name}")
    assert status(aws, first) == "ISSUED"
    aws.end_certificates(name, state)
    assert (status(aws, first), status(aws, first), status(aws, other)) == (state, state, "ISSUED")
    assert status(aws, request(aws, name)) == "ISSUED", "the record stands"
    until = describe(aws, first).get("NotAfter")
    assert (until is None) == (state == "FAILED")
    assert (until is not None and until < datetime.now(UTC)) == (state == "EXPIRED")


@pytest.mark.parametrize(
    ("method", "body", "code"),
    [("PUT", '{"a.com": "ISSUED"}', 400), ("PUT", "[]", 400), ("PUT", "x", 400), ("GET", None, 405)],
)
def test_what_ends_no_certificate_is_refused(aws: LocalAws, method: str, body: str | None, code: int) -> None:
    assert asked(aws, method, body, certificate_states.PATH)[0] == code


def test_a_name_without_a_certificate_is_reported(aws: LocalAws) -> None:
    with pytest.raises(LocalAwsError, match=r"ended no certificate over nobody\.example"):
        aws.end_certificates("nobody.example", "EXPIRED")
