"""Wrong ways to ask for a sign-in: values that no rule admits, each in an otherwise right table; and breaches."""

from typing import Any

from tests.unit.properties.additions import Content, add, open_every_port, says, two
from tests.unit.properties.right_platforms import make_of_kind
from tests.unit.properties.right_sign_ins import OIDC

COGNITO: Content = {"kind": "cognito"}
NO_TEXT: list[Any] = [5, True, [], {}]
NO_URLS: list[Any] = [
    *NO_TEXT,
    *("", "https://", "http://id.example.com", "id.example.com", "HTTPS://id.example.com", "https://localhost"),
    *("https://ID.example.com", "https://id.example.com:443", "https://u@id.example.com", "https://192.0.2.1/x"),
    *("https://id.example.com/x?y=1", "https://id.example.com/#x", "https://id.example.com/${x}", "https://a..b/"),
    *("https://id.example.com/a b", "https://id.example.com/\n", "https://a.co/" + "i" * 1012, "https://-a.co"),
]
_OF_OIDC: dict[str, list[Any]] = {
    **dict.fromkeys(("issuer", "authorization_endpoint", "token_endpoint", "user_info_endpoint"), NO_URLS),
    "client_id": [*NO_TEXT, "", "${file(1)}", "x" * 256, "é"],
    "client_secret_parameter": [
        *NO_TEXT,
        *("", "/", "secret", "a/b", "/a//b", "/a/", "/a b", "/a" * 16, "/" + "p" * 1011, "/a\n", "/é", "/${x}"),
        *("/aws/x", "/ssm", "/AWS-x", "/Ssm/y", "arn:aws:ssm:eu-central-1:111111111111:parameter/a"),
    ],
    "client_secret": ["s3cret"],
    "kind": ["saml", "", "OIDC", "cognito", *NO_TEXT],
}
_OF_BOTH: dict[str, list[Any]] = {
    "scope": [*NO_TEXT, "", "email", "openid  email", " openid", "openid,email", "openid ${x}", "OPENID"],
    "session_timeout_seconds": [0, 604801, "60", 60.0, True],
    "session_cookie_name": [*NO_TEXT, "", "a b", "a;b", "c" * 65, "é"],
    "on_unauthenticated_request": [*NO_TEXT, "", "redirect", "Allow"],
    "user_pool": ["people"],
}
WRONG_SIGN_INS: list[Any] = [
    *("oidc", 5, True, [], [OIDC], {}, {"scope": "openid"}),
    *({key: value for key, value in OIDC.items() if key != left_out} for left_out in OIDC),
    *({**OIDC, key: value} for key, values in (_OF_OIDC | _OF_BOTH).items() for value in values),
    *({**COGNITO, key: value} for key, values in _OF_BOTH.items() for value in values),
    *({**COGNITO, key: OIDC[key]} for key in OIDC if key != "kind"),
]


@says("by login and by a table")
def sign_in_written_twice(content: Content) -> None:
    first, _ = two(content)
    first |= {"login": True, "sign_in": dict(OIDC)}


@says("by login and by a table")
def sign_in_beside_no_login(content: Content) -> None:
    first, _ = two(content)
    first |= {"login": False, "sign_in": dict(COGNITO)}


@says("the platform no user pool")
def cognito_without_a_user_pool(content: Content) -> None:
    make_of_kind(content, "existing")
    first, _ = two(content)
    first.pop("login", None)
    first["sign_in"] = dict(COGNITO)
    del content["platform"]["user_pool"]


@says("is that of several clients")
def oidc_secret_of_two_clients(content: Content) -> None:
    first, second = two(content)
    for service, client in (first, "one"), (second, "other"):
        service.pop("login", None)
        service["sign_in"] = {**OIDC, "client_id": client}


@says("rules out of the load balancer")
def oidc_port_that_the_firewall_does_not_take(content: Content) -> None:
    make_of_kind(content, "existing")
    add(content, "id", sign_in=dict(OIDC))
    content["platform"]["opens_sign_in_port"] = True
    open_every_port(content)
    content["limits"] = {"rules_per_security_group": len(content["services"])}
