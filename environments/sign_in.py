"""How a service asks its visitors to sign in: one class for each kind, and what the kinds share.

The load balancer asks before it forwards, so a service never sees a request of somebody unknown:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, WithJsonSchema

from environments.fields import Text, checked
from environments.table import Table

# Elastic Load Balancing's own defaults, and the longest session ("1 second to 7 days"):
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html#session-timeout
DEFAULT_SCOPE = "openid"
DEFAULT_SESSION_COOKIE_NAME = "AWSELBAuthSessionCookie"
SESSION_MAX_SECONDS = 604800
WORKING_DAY_SECONDS = 8 * 60 * 60
# Of the users of a pool that a managed platform makes.
PASSWORD_MIN_CHARACTERS = 14

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# A full URL with https, without query and fragment (OpenID Connect Discovery 1.0, section 3). No port: the load
# balancer's security group lets nothing but 443 out. The last label is not a number: it is a name, not an address.
_URL = re.compile(rf"https://({_LABEL}\.)+[a-z]([a-z0-9-]*[a-z0-9])?(/[A-Za-z0-9._~!&'()*+,;=:@%-]*)*")
_URL_MAX_CHARACTERS = 1024
# RFC 6749 section 3.3, without the signs that Terraform reads as the start of an expression.
_SCOPE = re.compile(r"[A-Za-z0-9._:/-]+( [A-Za-z0-9._:/-]+)*")
# https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html: letters, digits and
# . - _ in at most 15 levels, none of which may make the name begin with aws or ssm.
_PARAMETER = re.compile(r"(/[A-Za-z0-9_.-]+){1,15}")
_PARAMETER_MAX_CHARACTERS = 1011
RESERVED_PARAMETERS = ("/aws", "/ssm")

OnUnauthenticatedRequest = Literal["authenticate", "allow", "deny"]


def _url(text: str) -> str:
    if not _URL.fullmatch(text) or len(text) > _URL_MAX_CHARACTERS:
        raise ValueError(
            "is not a URL with https, a host name in lower case, and neither port, query nor fragment; "
            "give one such as https://id.example.com/oauth2/token"
        )
    return text


def _scope(text: str) -> str:
    if not _SCOPE.fullmatch(text) or DEFAULT_SCOPE not in text.split(" "):
        raise ValueError('is not a list of scopes that holds openid; give one such as "openid email"')
    return text


def _parameter(name: str) -> str:
    if not _PARAMETER.fullmatch(name) or len(name) > _PARAMETER_MAX_CHARACTERS:
        raise ValueError(
            "is not the full name of an SSM parameter; give one such as /orcha/prod/desk/oidc-client-secret"
        )
    if name.lower().startswith(RESERVED_PARAMETERS):
        raise ValueError("begins with aws or ssm, which AWS keeps for itself; choose another name for the parameter")
    return name


def _checked_json(pattern: re.Pattern[str], max_length: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern.pattern}$", "maxLength": max_length})


Url = Annotated[str, checked(_url), _checked_json(_URL, _URL_MAX_CHARACTERS)]
Scope = Annotated[str, checked(_scope), WithJsonSchema({"type": "string", "pattern": f"^{_SCOPE.pattern}$"})]
ParameterName = Annotated[str, checked(_parameter), _checked_json(_PARAMETER, _PARAMETER_MAX_CHARACTERS)]


class SignIn(Table):
    """What every kind of sign-in has: the scopes asked for, the session, and what happens to whoever has none."""

    scope: Scope = Field(
        DEFAULT_SCOPE,
        description='the scopes to ask the provider for, separated by spaces, with openid, such as "openid"',
    )
    session_timeout_seconds: int | None = Field(
        None,  # the platform's
        ge=1,
        le=SESSION_MAX_SECONDS,
        description="the seconds after which everybody signs in again, 1-604800",
    )
    session_cookie_name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = Field(
        DEFAULT_SESSION_COOKIE_NAME,
        description="the name of the session's cookie, at most 64 characters of letters, digits, _ and -",
    )
    on_unauthenticated_request: OnUnauthenticatedRequest = Field(
        "authenticate",
        description='what to do without a session: "authenticate", "deny" (401), or "allow" to let the request through',
    )


class CognitoSignIn(SignIn):
    """A sign-in by the platform's Cognito user pool, in which the service gets a client of its own."""

    kind: Literal["cognito"] = Field(description='"cognito" or "oidc"')


class OidcSignIn(SignIn):
    """A sign-in by an OpenID Connect provider, at which somebody has registered the service as a client.

    The client's secret is never in the file: it is in an SSM parameter of the platform's account and region.
    """

    kind: Literal["oidc"] = Field(description='"cognito" or "oidc"')
    issuer: Url = Field(
        description="the provider's issuer, as its discovery document has it, such as https://id.example.com"
    )
    authorization_endpoint: Url = Field(
        description="the https URL that the provider's discovery document gives as authorization_endpoint"
    )
    token_endpoint: Url = Field(
        description="the https URL that the provider's discovery document gives as token_endpoint"
    )
    user_info_endpoint: Url = Field(
        description="the https URL that the provider's discovery document gives as userinfo_endpoint"
    )
    client_id: Text = Field(description="the id of the client that is registered at the provider")
    client_secret_parameter: ParameterName = Field(
        description="the name of the SSM SecureString parameter with the client's secret, "
        "such as /orcha/prod/desk/oidc-client-secret"
    )


class CognitoLogin(CognitoSignIn):
    """The short form, `login = true`: Cognito with every default.

    It leaves `on_unauthenticated_request` to what the rule has already, as it always did.
    """


def kind_of(sign_in: Any) -> str:
    """Tell which kind of sign-in a table is meant to be, also where its `kind` is missing or wrong."""
    if not isinstance(sign_in, dict):
        return getattr(sign_in, "kind", "cognito")
    kind = sign_in.get("kind")
    if isinstance(kind, str) and kind in KINDS:
        return kind
    meant = KINDS["oidc"].model_fields.keys() - KINDS["cognito"].model_fields.keys()
    return "oidc" if meant & sign_in.keys() else "cognito"


KINDS: dict[str, type[Table]] = {"cognito": CognitoSignIn, "oidc": OidcSignIn}

AnySignIn = Annotated[
    Annotated[CognitoSignIn, Tag("cognito")] | Annotated[OidcSignIn, Tag("oidc")], Discriminator(kind_of)
]


def of_login(service: Mapping[str, Any]) -> CognitoSignIn | None:
    """Read the short form of a service's table: `login = true` is a sign-in by Cognito with all defaults."""
    return CognitoLogin(kind="cognito") if service.get("login") else None
