"""OAuth metadata by RFC 8414, and the HTTP around it."""

import json
from typing import Any

import httpx
import pytest

from edge.verify import web
from edge.verify.check import CheckFailedError
from edge.verify.discovery import discovery, faults
from embedded_aws.service_answers import metadata
from environments.oauth import DISCOVERY_PATH
from environments.watching import HealthCheck

HOST = "link.prod.getorcha.com"
ISSUER = f"https://{HOST}"


def changed(**changes: Any) -> dict[str, Any]:
    """The right document with some members changed; None leaves one out."""
    return {name: value for name, value in {**metadata(ISSUER), **changes}.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"scopes_supported": ["openid"]}, []),
        ({"jwks_uri": None}, []),
        ({"grant_types_supported": None}, []),
        ({"grant_types_supported": ["client_credentials"], "authorization_endpoint": None}, []),
        ({"grant_types_supported": ["implicit"], "token_endpoint": None}, []),
        ({"issuer": None}, ["issuer is missing (section 2 requires it)"]),
        ({"response_types_supported": None}, ["response_types_supported is missing (section 2 requires it)"]),
        ({"response_types_supported": []}, ["response_types_supported is missing (section 2 requires it)"]),
        ({"response_types_supported": "code"}, ["response_types_supported is not a list (section 2)"]),
        ({"authorization_endpoint": None}, ["authorization_endpoint is missing (section 2 requires it)"]),
        ({"token_endpoint": None}, ["token_endpoint is missing (section 2 requires it)"]),
        (
            {"grant_types_supported": None, "token_endpoint": None},
            ["token_endpoint is missing (section 2 requires it)"],
        ),
        ({"token_endpoint": "/token"}, ['token_endpoint is "/token", not a URL with https (section 2)']),
        ({"jwks_uri": "http://a.example"}, ['jwks_uri is "http://a.example", not a URL with https (section 2)']),
        ({"jwks_uri": "https://[::"}, ['jwks_uri is "https://[::", not a URL with https (section 2)']),
        ({"revocation_endpoint": 7}, ['revocation_endpoint is "7", not a URL with https (section 2)']),
        (
            {"issuer": f"{ISSUER}/"},
            [f'issuer is "{ISSUER}/", not "{ISSUER}" (section 3.3 demands the same characters)'],
        ),
        (
            {"issuer": f"{ISSUER}?a=b"},
            [
                f'issuer is "{ISSUER}?a=b", not "{ISSUER}" (section 3.3 demands the same characters)',
                f'issuer "{ISSUER}?a=b" is not https without query and fragment (section 2)',
            ],
        ),
    ],
)
def test_a_document_is_judged_by_rfc_8414(changes: dict[str, Any], found: list[str]) -> None:
    assert list(faults(changed(**changes), issuer=ISSUER)) == found


def answering(status: int = 200, text: str = "", **headers: str) -> web.Get:
    """Answer every URL alike."""
    written = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda url: httpx.Response(status, text=text, headers=written, request=httpx.Request("GET", url))


JSON = {"content_type": "application/json"}


def test_the_document_is_asked_at_its_well_known_path() -> None:
    asked: list[str] = []

    def get(url: str) -> httpx.Response:
        asked.append(url)
        return answering(200, json.dumps(changed()), **JSON)(url)

    assert discovery(HOST, get, issuer=ISSUER).value == changed()
    assert asked == [f"https://{HOST}/.well-known/oauth-authorization-server"]


@pytest.mark.parametrize(
    ("get", "found"),
    [
        (answering(404, "{}", **JSON), f"{ISSUER}{DISCOVERY_PATH} answers 404, not 200 (RFC 8414 section 3.2)"),
        (
            answering(302, "{}", location="/login"),
            f"{ISSUER}{DISCOVERY_PATH} answers 302, not 200 (RFC 8414 section 3.2)",
        ),
        (answering(200, "{}", content_type="text/html"), "is text/html, not application/json"),
        (answering(200, "{", **JSON), "holds no JSON object"),
        (answering(200, "[]", **JSON), "holds no JSON object"),
        (answering(200, "[" * 100_000, **JSON), "holds no JSON object"),
        (answering(200, json.dumps(changed(issuer="https://x.example")), **JSON), 'issuer is "https://x.example"'),
    ],
)
def test_a_wrong_answer_says_what_is_wrong(get: web.Get, found: str) -> None:
    with pytest.raises(CheckFailedError) as caught:
        discovery(HOST, get, issuer=ISSUER)
    assert found in caught.value.found


def test_a_charset_does_no_harm() -> None:
    get = answering(200, json.dumps(changed()), content_type="Application/JSON; charset=utf-8")
    assert discovery(HOST, get, issuer=ISSUER).value


def test_every_host_serves_the_canonical_hosts_document() -> None:
    get = answering(200, json.dumps(changed()), **JSON)
    assert discovery("link.getorcha.com", get, issuer=ISSUER, canonical=changed()).value
    with pytest.raises(CheckFailedError, match="another document"):
        discovery("link.getorcha.com", get, issuer=ISSUER, canonical=changed(scopes_supported=["other"]))


@pytest.mark.parametrize(
    ("status", "location", "is_right"),
    [
        (301, f"https://{HOST}:443/health?from=orcha-verify", True),
        (308, f"https://{HOST}/health?from=orcha-verify", True),
        (200, f"https://{HOST}/health?from=orcha-verify", False),
        (301, f"http://{HOST}/health?from=orcha-verify", False),
        (301, f"https://{HOST}:8443/health?from=orcha-verify", False),
        (301, f"https://{HOST}/health", False),
        (301, f"https://{HOST}/?from=orcha-verify", False),
        (301, "https://www.getorcha.com/health?from=orcha-verify", False),
        (301, "/health?from=orcha-verify", False),
        (301, "", False),
        (301, "https://[::", False),
        (301, "https://link.prod.getorcha.com:port/health?from=orcha-verify", False),
    ],
)
def test_port_80_leads_to_the_same_place_on_https(status: int, location: str, is_right: bool) -> None:
    try:
        web.redirect(HOST, "/health", answering(status, location=location))
    except CheckFailedError:
        assert not is_right
    else:
        assert is_right


@pytest.mark.parametrize(
    ("matcher", "status", "taken"),
    [("200", 200, True), ("200", 204, False), ("200,202", 202, True), ("200-299", 299, True), ("200-299", 300, False)],
)
def test_the_health_answer_is_one_that_makes_a_target_healthy(matcher: str, status: int, taken: bool) -> None:
    assert web.accepts(matcher, status) is taken
    check = HealthCheck(path="/health", matcher=matcher)
    if taken:
        assert web.health(HOST, check, answering(status)).detail
    else:
        with pytest.raises(CheckFailedError, match=f"answers {status}, not {matcher}"):
            web.health(HOST, check, answering(status))
