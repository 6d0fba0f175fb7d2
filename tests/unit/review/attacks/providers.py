"""Hosts that go on asking for a sign-in, while somebody else says who it is that signs in."""

from typing import Any

from tests.unit.review.attacks import STAGING, Act, Attack, Desk, added, after, both
from tests.unit.review.attacks.files import ADMIN_HOSTS, APP_HOSTS, CONSOLE, file
from tests.unit.review.attacks.requests import ADMIN, ADMIN_HOST, APP, APP_HOST, hosts

TABLE = """
[services.app.sign_in]
kind                    = "oidc"
issuer                  = "https://id.example.com"
authorization_endpoint  = "https://id.example.com/authorize"
token_endpoint          = "https://id.example.com/token"
user_info_endpoint      = "https://id.example.com/userinfo"
client_id               = "app"
client_secret_parameter = "/orcha/staging/app/oidc-client-secret"
"""
OIDC = {
    "issuer": "https://id.example.com",
    "authorization_endpoint": "https://id.example.com/authorize",
    "token_endpoint": "https://id.example.com/token",
    "user_info_endpoint": "https://id.example.com/userinfo",
    "client_id": "app",
    "on_unauthenticated_request": "authenticate",
}
OTHER_POOL = "arn:aws:cognito-idp:eu-central-1:333333333333:userpool/eu-central-1_Somebody1"
OTHER_CLIENT = "3n4b5urk1ft4fl3mg5e62d9ado"


def cognito(desk: Desk, **changes: str) -> dict[str, Any]:
    """Admin's sign-in, with other settings."""
    sign_in: dict[str, Any] = desk.change(ADMIN)["before"]["action"][0]
    return {**sign_in, "authenticate_cognito": [{**sign_in["authenticate_cognito"][0], **changes}]}


def oidc(desk: Desk, **changes: str) -> dict[str, Any]:
    """A sign-in by a provider somewhere else."""
    kept: dict[str, Any] = desk.change(ADMIN)["before"]["action"][0]
    blocks = {"authenticate_cognito": [], "authenticate_oidc": [{**OIDC, **changes}]}
    return {**kept, "type": "authenticate-oidc", **blocks}


def asks(rule: str, sign_in: Any = cognito, **changes: str) -> Act:
    """Let a rule ask for a sign-in before it forwards."""

    def act(desk: Desk) -> None:
        forward = next(action for action in desk.change(rule)["before"]["action"] if action["type"] == "forward")
        after(rule, action=[sign_in(desk, **changes), {**forward, "order": 2}])(desk)

    return act


def asked(rule: str, sign_in: Any = oidc, **changes: str) -> Act:
    """Let a rule have asked for a sign-in before this plan."""

    def act(desk: Desk) -> None:
        body = desk.change(rule)
        forward = body["before"]["action"][-1]
        body["before"] = {**body["before"], "action": [sign_in(desk, **changes), {**forward, "order": 2}]}

    return act


def moved(*taken: str, **more: list[str]) -> Act:
    """Let App, which is asked first, take a host that Admin gives up."""
    return both(
        after(APP, condition=hosts(APP_HOST, *(taken or (ADMIN_HOST,)), **more)),
        after(ADMIN, condition=hosts(CONSOLE)),
    )


def new_rule(desk: Desk) -> None:
    """Let a new rule, asked before all others, take Admin's host with another pool's sign-in."""
    asks(ADMIN, user_pool_arn=OTHER_POOL)(desk)
    changed = desk.change(ADMIN)
    added("aws_lb_listener_rule.app_2", **{**changed["after"], "priority": 1})(desk)
    changed["after"], changed["actions"] = changed["before"], ["no-op"]


def by_file(desk: Desk) -> None:
    """Move the host in the file, from Cognito to a service that asks an OpenID Connect provider."""
    file(
        (ADMIN_HOSTS, f'["{CONSOLE}"]'),
        (APP_HOSTS, f'["{APP_HOST}", "{ADMIN_HOST}"]\n{TABLE}'),
    )(desk)
    both(moved(), asks(APP, oidc))(desk)


NEW = "aws_lb_listener_rule.app_2"
MOVES: dict[str, tuple[str, Act]] = {
    "to another provider by the file alone": (APP, by_file),
    "to an OpenID Connect provider": (APP, both(moved(), asks(APP, oidc))),
    "to another user pool": (APP, both(moved(), asks(APP, user_pool_arn=OTHER_POOL))),
    "to a strange client of the pool": (APP, both(moved(), asks(APP, user_pool_client_id=OTHER_CLIENT))),
    "to another user pool by a wildcard": (
        APP,
        both(moved("*.staging.getorcha.com"), asks(APP, user_pool_arn=OTHER_POOL)),
    ),
    "to another user pool for one path": (
        APP,
        both(moved(ADMIN_HOST, path_pattern=["/api/*"]), asks(APP, user_pool_arn=OTHER_POOL)),
    ),
    "to another user pool by a new rule": (NEW, new_rule),
    "from one OpenID Connect provider to another": (
        APP,
        both(asked(ADMIN), moved(), asks(APP, oidc, issuer="https://attacker.example")),
    ),
    "to another client of the same provider": (
        APP,
        both(asked(ADMIN), moved(), asks(APP, oidc, client_id="admits-everybody")),
    ),
}

ATTACKS = (
    *(
        Attack(name=f"Admin's host moves {name}", desk=STAGING, act=act, by=f"PROVIDER:{address}")
        for name, (address, act) in MOVES.items()
    ),
    Attack(
        name="Admin's rule asks by a strange client of the pool",
        desk=STAGING,
        act=asks(ADMIN, user_pool_client_id=OTHER_CLIENT),
        by=f"PROVIDER:{ADMIN}",
    ),
    Attack(
        name="Admin's rule asks by another client of the same provider",
        desk=STAGING,
        act=both(asked(ADMIN), asks(ADMIN, oidc, client_id="admits-everybody")),
        by=f"PROVIDER:{ADMIN}",
    ),
)
