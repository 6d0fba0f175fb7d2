"""Faults of the sign-in and of firewalls: open, or broken."""

from collections.abc import Iterator
from contextlib import contextmanager

from edge.verify.severity import Severity
from tests.engine.faults.changes import (
    called,
    client_changed,
    clients_from,
    closed,
    conditions,
    forward,
    listener_changed,
    opened,
    rule,
    sign_in_changed,
    user_pool_id,
)
from tests.engine.faults.fault import Fault
from tests.support.deployed_stack import Stack

HOST, CLIENT = "admin.getorcha.com", "v1-orcha-admin"
_OUTAGE, _SECURITY, _PART = Severity.OUTAGE, Severity.SECURITY, Severity.PART


@contextmanager
def _another_pool(stack: Stack) -> Iterator[None]:
    """Let the rule ask at another pool, whose pages have the same domain: one request shows no difference."""
    cognito = stack.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="somebody-elses")["UserPool"]
    try:
        with sign_in_changed(stack, 30, UserPoolArn=pool["Arn"]):
            yield
    finally:
        cognito.delete_user_pool(UserPoolId=pool["Id"])


def _sign_up(stack: Stack, *, admin_only: bool) -> None:
    config = {"AllowAdminCreateUserOnly": admin_only}
    stack.client("cognito-idp").update_user_pool(UserPoolId=user_pool_id(stack), AdminCreateUserConfig=config)


FAULTS = [
    Fault(
        "a lower rule takes /api/* of admin without a sign-in",
        _SECURITY,
        "bypass",
        lambda s: rule(s, 2, conditions(HOST, "/api/*"), forward(s, "admin")),
        "leads to admin (v1-orcha-admin-tg) and asks",
    ),
    Fault(
        "a lower rule takes POST to admin without a sign-in",
        _SECURITY,
        "bypass",
        lambda s: rule(s, 2, conditions(HOST, methods="POST"), forward(s, "admin")),
    ),
    Fault(
        "another host name leads to admin without a sign-in",
        _SECURITY,
        "bypass",
        lambda s: rule(s, 60, conditions("internal.getorcha.com"), forward(s, "admin")),
        "internal.getorcha.com",
    ),
    Fault(
        "a header leads to admin without a sign-in",
        _SECURITY,
        "bypass",
        lambda s: rule(s, 2, conditions(HOST, header="X-Internal"), forward(s, "admin")),
    ),
    Fault(
        "the default action leads to admin",
        _SECURITY,
        "bypass",
        lambda s: listener_changed(s, 443, DefaultActions=[forward(s, "admin")]),
        "the default action leads to admin",
    ),
    Fault(
        "a rule on port 80 leads to admin",
        _SECURITY,
        "bypass",
        lambda s: rule(s, 5, conditions(HOST), forward(s, "admin"), port=80),
        "on port 80",
    ),
    Fault(
        "the client's flows are off",
        _OUTAGE,
        "user pool client",
        lambda s: client_changed(s, CLIENT, AllowedOAuthFlowsUserPoolClient=False),
    ),
    Fault(
        "the client takes the implicit flow only",
        _OUTAGE,
        "user pool client",
        lambda s: client_changed(s, CLIENT, AllowedOAuthFlows=["implicit"]),
    ),
    Fault(
        "the client takes the implicit flow too",
        _SECURITY,
        "user pool client",
        lambda s: client_changed(s, CLIENT, AllowedOAuthFlows=["code", "implicit"]),
    ),
    Fault(
        "the client does not give openid",
        _OUTAGE,
        "user pool client",
        lambda s: client_changed(s, CLIENT, AllowedOAuthScopes=["email"]),
        "openid",
    ),
    Fault(
        "the client has no identity provider",
        _OUTAGE,
        "user pool client",
        lambda s: client_changed(s, CLIENT, SupportedIdentityProviders=[]),
    ),
    Fault("the rule asks at another user pool", _SECURITY, "bypass", _another_pool, "at the user pool"),
    Fault(
        "anybody can sign up",
        _SECURITY,
        "user pool",
        lambda s: called(s, "sts", lambda _: _sign_up(s, admin_only=False), lambda _: _sign_up(s, admin_only=True)),
        "anybody can sign up",
    ),
    Fault(
        "link's port is open to the world",
        _SECURITY,
        "exposure",
        lambda s: opened(s, "ec2-sg", "0.0.0.0/0", ports=(9999, 9999)),
        "TCP 9999 of link",
    ),
    Fault(
        "admin's port is open to the world",
        _SECURITY,
        "exposure",
        lambda s: opened(s, "ec2-sg", "0.0.0.0/0", ports=(7777, 7777)),
        "TCP 7777 of admin",
    ),
    Fault(
        "443 is taken from half of IPv4",
        _PART,
        "clients",
        lambda s: clients_from(s, "128.0.0.0/1"),
    ),
    Fault(
        "443 is not taken over IPv6",
        _PART,
        "clients",
        lambda s: closed(s, "alb-sg", "::/0", 443),
        "all of IPv6",
        where="staging",
        leaves_traces=True,
    ),
]
