"""The checks of a sign-in: where a request without a session is sent, and what the provider says of itself."""

from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from edge.verify import sign_in
from edge.verify.asked_paths import AskedPath
from edge.verify.aws_client import AwsClient
from edge.verify.check import CheckFailedError
from edge.verify.requests import Requests
from edge.verify.service_checks import asked_without_session
from environments.schema import Service
from environments.sign_in import OidcSignIn
from tests.support.files import environment, prod
from tests.unit.properties.right_sign_ins import OIDC

SETTINGS = OidcSignIn.model_validate({**OIDC, "scope": "openid email"})
HOST, PATH = "board.getorcha.com", "/health"
RIGHT = (
    "https://id.example.com/oauth2/authorize?client_id=0oa1-desk.apps%2Fx&redirect_uri=https%3A%2F%2F"
    "board.getorcha.com%2Foauth2%2Fidpresponse&response_type=code&scope=openid+email&state=x"
)
DOCUMENT: dict[str, Any] = {
    "issuer": OIDC["issuer"],
    "authorization_endpoint": OIDC["authorization_endpoint"],
    "token_endpoint": OIDC["token_endpoint"],
    "userinfo_endpoint": OIDC["user_info_endpoint"],
    "response_types_supported": ["code", "id_token"],
}


class Http:
    """Answers every request alike, and keeps what was asked of whom."""

    def __init__(self, status: int, **answer: Any) -> None:
        self.response, self.asked = httpx.Response(status, **answer), list[str]()

    def get(self, url: str, *, address: str = "192.0.2.1") -> httpx.Response:
        self.asked.append(f"{url} at {address}")
        return self.response


class Dns:
    """Knows one address for every name, or none."""

    def __init__(self, *values: str) -> None:
        self.values = values

    def chain(self, _name: str, _kind: str) -> "Dns":
        return self


def redirected(location: str, status: int = 302) -> str:
    http = Http(status, headers={"location": location})
    return sign_in.redirects(HOST, PATH, http.get, expecting=lambda: sign_in.by_oidc(SETTINGS)).detail


def test_a_redirect_to_the_provider_passes() -> None:
    assert redirected(RIGHT) == "302 to id.example.com as client 0oa1-desk.apps/x"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("https://id", "http://id", "scheme http, not https"),
        ("id.example.com", "evil.example.com", "domain evil.example.com, not id.example.com"),
        ("/oauth2/authorize", "/authorize", "path /authorize, not /oauth2/authorize"),
        ("client_id=0oa1", "client_id=other", "client_id other-desk.apps/x, not 0oa1-desk.apps/x"),
        ("board.getorcha.com", "a.b", "redirect_uri https://a.b/oauth2/idpresponse, not https://board.getorcha.com"),
        ("response_type=code", "response_type=token", "response_type token, not code"),
        ("scope=openid+email", "scope=openid", "scope openid, not openid email"),
        ("&scope=openid+email", "", "scope nothing, not openid email"),
    ],
)
def test_each_part_of_the_redirect_is_compared(old: str, new: str, wrong: str) -> None:
    assert old in RIGHT
    with pytest.raises(CheckFailedError) as error:
        redirected(RIGHT.replace(old, new))
    assert wrong in error.value.found
    assert "authenticate-oidc" in error.value.remedy


def test_a_service_that_answers_asks_for_no_sign_in() -> None:
    with pytest.raises(CheckFailedError, match="it answers 200, and asks for no sign-in"):
        redirected(RIGHT, status=200)


def test_where_the_file_says_deny_only_401_will_do() -> None:
    assert sign_in.refuses(HOST, PATH, Http(401).get).detail == "401 without a session"
    with pytest.raises(CheckFailedError, match="it answers 302 to a request without a session, not 401"):
        sign_in.refuses(HOST, PATH, Http(302).get)


def asked_provider(http: Http, settings: OidcSignIn = SETTINGS, *addresses: str) -> str:
    dns: Any = Dns(*(addresses or ("203.0.113.80",)))
    answering: Any = http
    return sign_in.provider(settings, dns=dns, http=answering).detail


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://id.example.com", "https://id.example.com/.well-known/openid-configuration"),
        ("https://id.example.com/", "https://id.example.com/.well-known/openid-configuration"),
        ("https://id.example.com/a/v2.0", "https://id.example.com/a/v2.0/.well-known/openid-configuration"),
    ],
)
def test_the_document_lies_below_the_issuer(issuer: str, url: str) -> None:
    """OpenID Connect Discovery 1.0 section 4.1 gives the second and the third as examples."""
    http = Http(200, json={**DOCUMENT, "issuer": issuer})
    asked_provider(http, SETTINGS.model_copy(update={"issuer": issuer}))
    assert http.asked == [f"{url} at 203.0.113.80"]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("issuer", "https://id.example.com/", "the provider's issuer is https://id.example.com/, and the file has"),
        ("authorization_endpoint", None, "the provider's authorization_endpoint is missing"),
        ("token_endpoint", "https://x.y/t", "the provider's token_endpoint is https://x.y/t, and the file has"),
        ("userinfo_endpoint", "https://x.y/u", "the provider's userinfo_endpoint is https://x.y/u, and the file has"),
        ("response_types_supported", ["id_token"], "response_types_supported has no code"),
        ("response_types_supported", 7, "response_types_supported has no code"),
    ],
)
def test_a_document_that_says_otherwise_is_found(name: str, value: Any, found: str) -> None:
    document = {key: item for key, item in {**DOCUMENT, name: value}.items() if item is not None}
    with pytest.raises(CheckFailedError) as error:
        asked_provider(Http(200, json=document))
    assert found in error.value.found


@pytest.mark.parametrize(
    ("http", "found"),
    [
        (Http(404), "answers 404, not 200"),
        (Http(200, text="<html>"), "holds no JSON object (OpenID Connect Discovery 1.0 section 4.2)"),
        (Http(200, json=[DOCUMENT]), "holds no JSON object (OpenID Connect Discovery 1.0 section 4.2)"),
    ],
)
def test_a_provider_without_a_document_is_found(http: Http, found: str) -> None:
    with pytest.raises(CheckFailedError) as error:
        asked_provider(http)
    assert found in error.value.found


def test_a_provider_without_an_address_is_found() -> None:
    nowhere: Any = Dns()
    http: Any = Http(200)
    with pytest.raises(CheckFailedError, match=r"id\.example\.com has no address"):
        sign_in.provider(SETTINGS, dns=nowhere, http=http)
    assert http.asked == []


class Asked:
    """A host of a service that answers every request alike."""

    name = asked = HOST

    def __init__(self, status: int) -> None:
        self.get = Http(status, headers={"location": RIGHT}).get


@pytest.mark.parametrize(
    ("settings", "check", "status", "detail"),
    [
        ({}, "health", 200, "answers 200"),
        ({"sign_in": {**OIDC, "scope": "openid email"}}, "sign-in", 302, "302 to id.example.com"),
        ({"sign_in": {**OIDC, "on_unauthenticated_request": "deny"}}, "sign-in", 401, "401 without a session"),
        ({"sign_in": {**OIDC, "on_unauthenticated_request": "allow"}}, "health", 200, "answers 200"),
        ({}, "answers", 404, "answers 404"),
    ],
)
def test_what_a_client_without_a_session_is_owed_follows_from_the_file(
    settings: dict[str, Any], check: str, status: int, detail: str
) -> None:
    service = Service.model_validate({"port": 1, "priority": 1, "hosts": [HOST], **settings})
    right: Any = Asked(status)
    wrong: Any = Asked(503)
    clients: Any = SimpleNamespace(aws=None)
    place = AskedPath(HOST, PATH, is_health=check != "answers")
    asked, question = asked_without_session("board", service, right, place, clients)
    assert asked == check
    assert detail in question().detail
    with pytest.raises(CheckFailedError):
        asked_without_session("board", service, wrong, place, clients)[1]()


def test_a_user_pool_without_sign_in_pages_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unused(*_: Any) -> Any:
        return None

    aws = AwsClient(environment(prod()), unused, Requests())
    monkeypatch.setattr(aws, "user_pool", lambda: {"Name": "v1-orcha-users", "Id": "x"})
    monkeypatch.setattr(aws, "client", unused)
    with pytest.raises(CheckFailedError, match="v1-orcha-users has no sign-in pages"):
        aws.sign_in("admin")
