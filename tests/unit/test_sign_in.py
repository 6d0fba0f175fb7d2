"""Sign-in: one sum type in the file, and one action before `forward` in the stack."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from environments.checked import Environment
from environments.salvage import salvage
from environments.schema import Service
from environments.sign_in import CognitoLogin, CognitoSignIn, OidcSignIn
from tests.support.files import EVERYTHING_TOML, environment, environment_of, managed, prod
from tests.unit.properties.right_sign_ins import OIDC

Stack = dict[str, Any]
SERVICE: dict[str, Any] = {"port": 7790, "priority": 60, "hosts": ["board.prod.getorcha.com", "board.getorcha.com"]}
COGNITO: dict[str, Any] = {"kind": "cognito"}
SETTINGS: dict[str, Any] = {
    "scope": "openid email",
    "session_timeout_seconds": 3600,
    "session_cookie_name": "board",
    "on_unauthenticated_request": "deny",
}


def with_board(**settings: Any) -> Environment:
    content = copy.deepcopy(prod())
    content["platform"]["user_pool"] = "v1-orcha-users"
    content["services"]["board"] = {**SERVICE, **settings}
    return environment(content)


def managed_with(**sign_ins: Any) -> Environment:
    """The environment that makes its platform, with the sign-ins of its services in place of its own."""
    content = copy.deepcopy(managed())
    for name, service in content["services"].items():
        service.pop("login", None)
        service.update(sign_ins.get(name, {}))
    content["platform"] |= {"login": sign_ins["platform"]} if "platform" in sign_ins else {}
    return environment(content, "staging")


def actions(stack: Stack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stack["resource"]["aws_lb_listener_rule"]["board"]["action"]
    return found


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, type(None)),
        ({"login": False}, type(None)),
        ({"login": True}, CognitoLogin),
        ({"sign_in": COGNITO}, CognitoSignIn),
        ({"sign_in": OIDC}, OidcSignIn),
    ],
)
def test_every_way_of_writing_it_gives_one_kind(settings: dict[str, Any], kind: type) -> None:
    assert type(Service.model_validate({**SERVICE, **settings}).sign_in) is kind


def test_a_service_without_a_sign_in_forwards_alone(synthesized: Callable[[Environment], Stack]) -> None:
    assert [action["type"] for action in actions(synthesized(with_board()))] == ["forward"]


def test_oidc_is_asked_for_before_the_service_without_anything_of_cognito(
    synthesized: Callable[[Environment], Stack],
) -> None:
    stack = synthesized(with_board(sign_in={**OIDC, **SETTINGS}))
    first, second = actions(stack)
    assert [(item["order"], item["type"]) for item in (first, second)] == [(1, "authenticate-oidc"), (2, "forward")]
    assert first["authenticate_oidc"] == {
        "issuer": "https://id.example.com",
        "authorization_endpoint": "https://id.example.com/oauth2/authorize",
        "token_endpoint": "https://api.example.com/oauth2/token",
        "user_info_endpoint": "https://api.example.com/oauth2/userinfo",
        "client_id": "0oa1-desk.apps/x",
        "client_secret": "${data.aws_ssm_parameter.board.value}",
        "scope": "openid email",
        "session_timeout": 3600,
        "session_cookie_name": "board",
        "on_unauthenticated_request": "deny",
    }
    assert "aws_cognito_user_pool_client" not in stack["resource"]
    egress = stack["resource"]["aws_vpc_security_group_egress_rule"]["sign_in"]
    assert (egress["from_port"], egress["cidr_ipv4"]) == (443, "0.0.0.0/0")


def test_the_clients_secret_is_read_in_the_platforms_account_and_must_be_encrypted(
    synthesized: Callable[[Environment], Stack],
) -> None:
    parameter = synthesized(with_board(sign_in=OIDC))["data"]["aws_ssm_parameter"]["board"]
    assert (parameter["name"], parameter["with_decryption"]) == ("/orcha/prod/desk/oidc-client-secret", True)
    assert parameter["provider"] == "aws.prod"
    (condition,) = parameter["lifecycle"]["postcondition"]
    assert condition["condition"] == '${self.type == "SecureString"}'


def test_no_output_knows_the_secret(synthesized: Callable[[Environment], Stack]) -> None:
    stack = synthesized(with_board(sign_in=OIDC))
    assert sorted(name for name in stack["output"] if name.startswith("Board")) == [
        "BoardCertificateArn",
        "BoardTargetGroupArn",
        "BoardUrl",
    ]
    assert "aws_ssm_parameter" not in str(stack["output"])


def test_the_table_of_cognito_says_all_and_the_short_form_only_what_it_always_said(
    synthesized: Callable[[Environment], Stack],
) -> None:
    short = actions(synthesized(with_board(login=True)))[0]["authenticate_cognito"]
    assert short.keys() == {"user_pool_arn", "user_pool_client_id", "user_pool_domain"}
    stack = synthesized(with_board(sign_in={**COGNITO, **SETTINGS}))
    full = actions(stack)[0]["authenticate_cognito"]
    assert full == short | {
        "scope": "openid email",
        "session_timeout": 3600,
        "session_cookie_name": "board",
        "on_unauthenticated_request": "deny",
    }
    client = stack["resource"]["aws_cognito_user_pool_client"]["board"]
    assert client["allowed_oauth_scopes"] == ["openid", "email"]


@pytest.mark.parametrize(
    ("sign_ins", "has_pool"),
    [
        ({}, True),
        ({"admin": {"login": True}}, True),
        ({"admin": {"sign_in": OIDC}}, False),
        ({"admin": {"sign_in": OIDC}, "app": {"sign_in": COGNITO}}, True),
        ({"admin": {"sign_in": OIDC}, "platform": {"keep_user_pool": True}}, True),
    ],
)
def test_a_managed_platform_has_a_user_pool_unless_every_sign_in_is_anothers(
    synthesized: Callable[[Environment], Stack], sign_ins: dict[str, Any], has_pool: bool
) -> None:
    made = managed_with(**sign_ins)
    resources = synthesized(made)["resource"]
    assert ("aws_cognito_user_pool" in resources, "aws_cognito_user_pool_domain" in resources) == (has_pool, has_pool)
    assert (made.sign_in_domain is not None) == has_pool


def test_what_may_be_a_secret_is_not_shown_by_a_fault() -> None:
    content = copy.deepcopy(prod())
    for table in ({**OIDC, "client_secret": "hunter2"}, {**OIDC, "client_secret_parameter": "hunter2"}):
        content["services"]["link"]["sign_in"] = table
        faults = [str(fault) for fault in salvage(content, name="prod", file="prod.toml").faults]
        assert len(faults) == 1
        assert "hunter2" not in faults[0]


def test_the_example_of_the_tests_is_right() -> None:
    """One environment with every optional part, that other tests deploy."""
    kinds = {type(service.sign_in) for service in environment_of(EVERYTHING_TOML).services.values()}
    assert kinds == {type(None), CognitoLogin, OidcSignIn}
