"""What a listener answers by itself: redirects, fixed responses, sign-in."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from embedded_aws.data_plane.actions import Request, fixed, redirect, sign_in

REQUEST = Request("HTTP", 80, "GET", "link.getorcha.com", "/health", "a=b&c=d")
COGNITO = {
    "UserPoolArn": "arn:aws:cognito-idp:eu-central-1:111111111111:userpool/eu-central-1_abc",
    "UserPoolClientId": "client",
    "UserPoolDomain": "v1-orcha",
}
OIDC = {
    "Issuer": "https://id.example.com",
    "AuthorizationEndpoint": "https://id.example.com/authorize",
    "ClientId": "board",
}


@pytest.mark.parametrize(
    ("config", "location"),
    [
        ({"Protocol": "HTTPS", "Port": "443"}, "https://link.getorcha.com:443/health?a=b&c=d"),
        ({"Host": "www.getorcha.com"}, "http://www.getorcha.com:80/health?a=b&c=d"),
        ({"Path": "/new/#{path}", "Query": "x=#{host}"}, "http://link.getorcha.com:80/new/health?x=link.getorcha.com"),
        ({"Path": "/", "Query": "#{query}&e"}, "http://link.getorcha.com:80/?a=b&c=d&e"),
    ],
)
def test_a_redirect_keeps_what_it_does_not_set(config: dict[str, str], location: str) -> None:
    response = redirect({**config, "StatusCode": "HTTP_301"}, REQUEST)
    assert (response.status, response.headers) == (301, (("Location", location),))


def test_a_fixed_response_is_that() -> None:
    response = fixed({"StatusCode": "404", "ContentType": "text/html", "MessageBody": "gone"})
    assert (response.status, response.headers, response.body) == (404, (("Content-Type", "text/html"),), b"gone")


def test_who_has_no_session_is_sent_to_the_sign_in_even_without_a_way_to_it() -> None:
    response = sign_in(COGNITO, REQUEST, can_reach_provider=False)
    assert response is not None
    assert response.status == 302
    parts = urlsplit(dict(response.headers)["Location"])
    assert (parts.netloc, parts.path) == ("v1-orcha.auth.eu-central-1.amazoncognito.com", "/oauth2/authorize")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert query.pop("state")
    assert query == {
        "client_id": "client",
        "redirect_uri": "https://link.getorcha.com/oauth2/idpresponse",
        "response_type": "code",
        "scope": "openid",
    }


def test_a_domain_of_ones_own_is_taken_as_it_is() -> None:
    response = sign_in({**COGNITO, "UserPoolDomain": "login.getorcha.com"}, REQUEST, can_reach_provider=True)
    assert response is not None
    assert dict(response.headers)["Location"].startswith("https://login.getorcha.com/oauth2/authorize?")


def test_who_has_no_session_is_sent_to_the_provider_of_an_oidc_action() -> None:
    response = sign_in({**OIDC, "Scope": "openid email"}, REQUEST, can_reach_provider=True)
    assert response is not None
    parts = urlsplit(dict(response.headers)["Location"])
    assert (response.status, parts.netloc, parts.path) == (302, "id.example.com", "/authorize")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (query["client_id"], query["scope"]) == ("board", "openid email")
    assert query["redirect_uri"] == "https://link.getorcha.com/oauth2/idpresponse"


@pytest.mark.parametrize("kind", [COGNITO, OIDC], ids=["cognito", "oidc"])
@pytest.mark.parametrize(
    ("path", "more", "can_reach", "status"),
    [
        ("/oauth2/idpresponse", {}, False, 500),
        ("/oauth2/idpresponse", {}, True, 561),
        ("/", {"OnUnauthenticatedRequest": "deny"}, True, 401),
        ("/", {"OnUnauthenticatedRequest": "allow"}, True, None),
    ],
)
def test_the_other_ways_of_a_sign_in(
    kind: dict[str, Any], path: str, more: dict[str, Any], can_reach: bool, status: int | None
) -> None:
    request = Request("HTTPS", 443, "GET", "link.getorcha.com", path, "")
    response = sign_in({**kind, **more}, request, can_reach_provider=can_reach)
    assert (response.status if response else None) == status
