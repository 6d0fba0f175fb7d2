"""What listener actions answer by themselves, without a target: pure functions of an action and a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

CLIENT = "203.0.113.1"  # the address of every client, and of every identity provider (RFC 5737)
CALLBACK_PATH = "/oauth2/idpresponse"
SIGN_INS = {"authenticate-cognito": "AuthenticateCognitoConfig", "authenticate-oidc": "AuthenticateOidcConfig"}
_DEFAULTS = {"Protocol": "#{protocol}", "Host": "#{host}", "Port": "#{port}", "Path": "/#{path}", "Query": "#{query}"}


@dataclass(frozen=True)
class Request:
    """A request as a listener gets it: the listener's protocol and port, and what the client sends, from its address.

    A header that the client sends twice is there twice, in its order.
    """

    protocol: str
    port: int
    method: str
    host: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    client: str = CLIENT


@dataclass(frozen=True)
class Response:
    """Status, headers and body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def plain(status: int, sentence: str) -> Response:
    """Answer as the load balancer itself, in one sentence."""
    return Response(status, (("Content-Type", "text/plain"),), f"{sentence}\n".encode())


def redirect(config: Mapping[str, Any], request: Request) -> Response:
    """Answer a redirect action; what it does not set stays as it was asked.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
    """
    values = {
        "#{protocol}": request.protocol,
        "#{host}": request.host,
        "#{port}": str(request.port),
        "#{path}": request.path.removeprefix("/"),
        "#{query}": request.query,
    }
    parts = {name: config.get(name) or default for name, default in _DEFAULTS.items()}
    for placeholder, value in values.items():
        parts = {name: part.replace(placeholder, value) for name, part in parts.items()}
    query = f"?{parts['Query']}" if parts["Query"] else ""
    location = f"{parts['Protocol'].lower()}://{parts['Host']}:{parts['Port']}{parts['Path']}{query}"
    return Response(int(config["StatusCode"].removeprefix("HTTP_")), (("Location", location),))


def fixed(config: Mapping[str, Any]) -> Response:
    """Answer a fixed-response action."""
    headers = (("Content-Type", config.get("ContentType") or "text/plain"),)
    return Response(int(config["StatusCode"]), headers, (config.get("MessageBody") or "").encode())


def sign_in(config: Mapping[str, Any], request: Request, *, can_reach_provider: bool) -> Response | None:
    """Answer an action that asks for a sign-in, for a request without a session; None lets it through.

    The redirect needs no connection of the load balancer's own. The callback does: without TCP 443 out it ends in 500,
    and with a code that the provider does not know in 561.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
    https://repost.aws/knowledge-center/elb-configure-authentication-alb
    """
    if request.path == CALLBACK_PATH:
        reached = plain(561, "The identity provider knows no such code.")
        return reached if can_reach_provider else plain(500, "The identity provider cannot be reached.")
    behaviour = config.get("OnUnauthenticatedRequest") or "authenticate"
    if behaviour == "allow":
        return None
    if behaviour == "deny":
        return plain(401, "Sign in first.")
    endpoint, client_id = _by_oidc(config) if "Issuer" in config else _by_cognito(config)
    query = {
        "client_id": client_id,
        "redirect_uri": f"https://{request.host}{CALLBACK_PATH}",
        "response_type": "code",
        "scope": config.get("Scope") or "openid",
        "state": "no-session-is-kept-here",
        **config.get("AuthenticationRequestExtraParams", {}),
    }
    return Response(302, (("Location", f"{endpoint}?{urlencode(query)}"),))


def _by_cognito(config: Mapping[str, Any]) -> tuple[str, str]:
    """Give the authorization endpoint and the client's id."""
    region = config["UserPoolArn"].split(":")[3]
    domain = config["UserPoolDomain"]
    host = domain if "." in domain else f"{domain}.auth.{region}.amazoncognito.com"
    return f"https://{host}/oauth2/authorize", config["UserPoolClientId"]


def _by_oidc(config: Mapping[str, Any]) -> tuple[str, str]:
    """Give the authorization endpoint and the client's id."""
    return config["AuthorizationEndpoint"], config["ClientId"]
