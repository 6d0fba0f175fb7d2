"""Sign-in: a service sends whoever has no session to its identity provider, and the provider is as the file has it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from httpx import codes

from edge.verify import web
from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError
from edge.verify.discovery import parsed
from edge.verify.dns_client import DnsClient
from edge.verify.http_client import HttpClient
from edge.verify.severity import Severity
from edge.verify.web import Get
from environments.listener_rules import SIGN_IN_CALLBACK_PATH
from environments.sign_in import CognitoSignIn, OidcSignIn

# OpenID Connect Discovery 1.0 section 4: below the issuer, whose last slash goes.
# https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
DISCOVERY_PATH = "/.well-known/openid-configuration"
_COGNITO_PATH = "/oauth2/authorize"


@dataclass(frozen=True)
class Expected:
    """Where a request without a session must be sent: the authorization endpoint, and as whom; `action` is ELB's."""

    endpoint: str
    client_id: str
    scope: str
    action: str


def by_cognito(host: str, *, name: str, settings: CognitoSignIn, aws: AwsClient) -> Expected:
    """Ask AWS for the user pool's domain and the service's client, which must take the host's callback."""
    found = aws.sign_in(name)
    callback = callback_of(host)
    if callback not in found["callbacks"]:
        message = f"the user pool client takes no callback {callback}"
        raise CheckFailedError(message, "add it to the client's CallbackURLs; deploy again")
    endpoint = f"https://{found['domain']}{_COGNITO_PATH}"
    return Expected(endpoint, found["client_id"], settings.scope, "authenticate-cognito")


def by_oidc(settings: OidcSignIn) -> Expected:
    """Take what the environment file says of the provider; whether that is so is a check of its own."""
    return Expected(settings.authorization_endpoint, settings.client_id, settings.scope, "authenticate-oidc")


def expected_of(
    settings: CognitoSignIn | OidcSignIn, host: str, *, name: str, aws: AwsClient
) -> Callable[[], Expected]:
    """Choose by the kind of sign-in how to find what to expect."""
    match settings:
        case CognitoSignIn():
            return lambda: by_cognito(host, name=name, settings=settings, aws=aws)
        case OidcSignIn():
            return lambda: by_oidc(settings)


def callback_of(host: str) -> str:
    """Write where the provider sends a browser back to, which its client must allow."""
    return f"https://{host}{SIGN_IN_CALLBACK_PATH}"


def redirects(host: str, path: str, get: Get, *, expecting: Callable[[], Expected]) -> Answered[None]:
    """Ask without a session: the load balancer must send to the provider, as the right client, and back."""
    expected = expecting()
    answer = get(f"https://{host}{path}")
    if answer.status_code not in web.REDIRECTS:
        advice = f"put {expected.action} before forward in the listener rule; deploy again"
        severity = Severity.OUTAGE if answer.status_code >= codes.INTERNAL_SERVER_ERROR else Severity.SECURITY
        raise CheckFailedError(f"it answers {answer.status_code}, and asks for no sign-in", advice, severity)
    location, endpoint = web.url(answer.headers.get("location", "")), httpx.URL(expected.endpoint)
    query = location.params
    wrong = [
        f"{what} {found or 'nothing'}, not {wanted}"
        for what, found, wanted in (
            ("scheme", location.scheme, endpoint.scheme),
            ("domain", location.host, endpoint.host),
            ("path", location.path, endpoint.path),
            ("client_id", query.get("client_id"), expected.client_id),
            ("redirect_uri", query.get("redirect_uri"), callback_of(host)),
            ("response_type", query.get("response_type"), "code"),
            ("scope", query.get("scope"), expected.scope),
        )
        if found != wanted
    ]
    if wrong:
        advice = f"correct the rule's {expected.action} action; deploy again"
        raise CheckFailedError(f"the sign-in has the wrong {'; '.join(wrong)}", advice)
    return Answered(f"{answer.status_code} to {location.host} as client {expected.client_id}", None)


def refuses(host: str, path: str, get: Get) -> Answered[None]:
    """Ask without a session where the file says "deny": the load balancer must answer 401 by itself."""
    status = get(f"https://{host}{path}").status_code
    if status != codes.UNAUTHORIZED:
        advice = "put the sign-in before forward in the listener rule, with deny; deploy again"
        severity = Severity.OUTAGE if status >= codes.INTERNAL_SERVER_ERROR else Severity.SECURITY
        raise CheckFailedError(f"it answers {status} to a request without a session, not 401", advice, severity)
    return Answered(f"{status} without a session", None)


def provider(settings: OidcSignIn, *, dns: DnsClient, http: HttpClient) -> Answered[None]:
    """Ask the provider for its discovery document, which must say what the environment file says."""
    url = settings.issuer.removesuffix("/") + DISCOVERY_PATH
    addresses = dns.chain(httpx.URL(url).host, "A").values
    if not addresses:
        raise CheckFailedError(f"{httpx.URL(url).host} has no address", "correct sign_in.issuer, or ask the provider")
    answer = http.get(url, address=addresses[0])
    if answer.status_code != codes.OK:
        found = f"{url} answers {answer.status_code}, not 200 (OpenID Connect Discovery 1.0 section 4.2)"
        raise CheckFailedError(found, "correct sign_in.issuer, or ask the provider")
    document = parsed(url, answer.text, rule="OpenID Connect Discovery 1.0 section 4.2", remedy="ask the provider")
    if wrong := list(differences(document, settings)):
        raise CheckFailedError("; ".join(wrong), "correct sign_in in the environment file; deploy again")
    return Answered(f"{url}: issuer {settings.issuer}", None)


def differences(document: dict[str, Any], settings: OidcSignIn) -> Iterator[str]:
    """Find where a provider's metadata is other than the file: the issuer must be the same characters (section 4.3)."""
    for name, written in (
        ("issuer", settings.issuer),
        ("authorization_endpoint", settings.authorization_endpoint),
        ("token_endpoint", settings.token_endpoint),
        ("userinfo_endpoint", settings.user_info_endpoint),
    ):
        if document.get(name) != written:
            yield f"the provider's {name} is {document.get(name) or 'missing'}, and the file has {written}"
    types = document.get("response_types_supported", ["code"])
    if not isinstance(types, list) or "code" not in types:
        yield "the provider's response_types_supported has no code, which is what the load balancer asks for"
