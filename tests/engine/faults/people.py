"""Faults of user pools and their clients, beyond who may sign up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from edge.verify.severity import Severity
from tests.engine.faults.changes import called, client_changed, conditions, rule, sign_in_changed, user_pool_id
from tests.engine.faults.fault import Fault
from tests.support.deployed_stack import Stack

CLIENT = "v1-orcha-admin"
_OUTAGE, _PART, _SECURITY = Severity.OUTAGE, Severity.PART, Severity.SECURITY
# UpdateUserPool sets back what it is not given: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/
# APIReference/API_UpdateUserPool.html
_KEPT = ("AdminCreateUserConfig", "DeletionProtection", "MfaConfiguration", "Policies", "UserPoolAddOns")
_INVITING = ("AllowAdminCreateUserOnly",)


@contextmanager
def pool_changed(stack: Stack, **changes: Any) -> Iterator[None]:
    """Change the user pool, and give UpdateUserPool all that it would set back."""
    cognito, pool = stack.client("cognito-idp"), user_pool_id(stack)
    found = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    before = {key: found[key] for key in _KEPT if key in found}
    before["AdminCreateUserConfig"] = {key: found["AdminCreateUserConfig"][key] for key in _INVITING}
    cognito.update_user_pool(UserPoolId=pool, **{**before, **changes})
    try:
        yield
    finally:
        emptied: dict[str, Any] = {key: {} for key in changes if key not in before}
        cognito.update_user_pool(UserPoolId=pool, **{**before, **emptied})


def _mfa(value: str) -> Any:
    def write(stack: Stack, mode: str) -> None:
        cognito = stack.client("cognito-idp")
        token = {"SoftwareTokenMfaConfiguration": {"Enabled": mode != "OFF"}}
        cognito.set_user_pool_mfa_config(UserPoolId=user_pool_id(stack), MfaConfiguration=mode, **token)

    return lambda s: called(s, "sts", lambda _: write(s, value), lambda _: write(s, "ON"))


@contextmanager
def _without_pages(stack: Stack) -> Iterator[None]:
    cognito = stack.client("cognito-idp")
    which = {"UserPoolId": user_pool_id(stack), "Domain": stack.environment.prefix}
    cognito.delete_user_pool_domain(**which)
    try:
        yield
    finally:
        cognito.create_user_pool_domain(**which)


@contextmanager
def _group_of_another_port(stack: Stack) -> Iterator[None]:
    """Lead to admin's port by a target group of port 80 whose targets have another one."""
    elbv2, first = stack.client("elbv2"), stack.target_group("admin")
    made = elbv2.create_target_group(Name="tools", Protocol="HTTP", Port=80, VpcId=first["VpcId"])
    arn = made["TargetGroups"][0]["TargetGroupArn"]
    elbv2.register_targets(TargetGroupArn=arn, Targets=[{"Id": id, "Port": 7777} for id in stack.instance_ids()])
    try:
        with rule(stack, 71, conditions("tools.getorcha.com"), {"Type": "forward", "TargetGroupArn": arn}):
            yield
    finally:
        elbv2.delete_target_group(TargetGroupArn=arn)


FAULTS = [
    Fault(
        "everybody with an account elsewhere signs in",
        _SECURITY,
        "user pool client",
        lambda s: client_changed(s, CLIENT, SupportedIdentityProviders=["COGNITO", "Google"]),
        "everybody of Google",
    ),
    Fault(
        "the pool's own users cannot sign in",
        _OUTAGE,
        "user pool client",
        lambda s: client_changed(s, CLIENT, SupportedIdentityProviders=["Google"]),
        "pool's own users",
    ),
    Fault(
        "passwords are taken in the clear",
        _SECURITY,
        "user pool client",
        lambda s: client_changed(s, CLIENT, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]),
        "passwords in the clear",
    ),
    Fault(
        "codes go over plain HTTP",
        _SECURITY,
        "user pool client",
        lambda s: client_changed(
            s,
            CLIENT,
            CallbackURLs=[
                *(f"https://admin{of}.getorcha.com/oauth2/idpresponse" for of in (".prod", "")),
                "http://admin.getorcha.com/oauth2/idpresponse",
            ],
        ),
        "plain HTTP",
    ),
    Fault(
        "a session lasts a minute",
        _PART,
        "bypass",
        lambda s: sign_in_changed(s, 30, SessionTimeout=60),
        "after 60 s",
    ),
    Fault(
        "a session lasts a week and not a day",
        _SECURITY,
        "bypass",
        lambda s: sign_in_changed(s, 10, SessionTimeout=604800),
        "after 604800 s",
        where="staging",
    ),
    Fault(
        "the rule lets everybody through",
        _SECURITY,
        "bypass",
        lambda s: sign_in_changed(s, 30, OnUnauthenticatedRequest="allow"),
        "lets requests without a session through",
    ),
    Fault(
        "the rule refuses everybody",
        _SECURITY,
        "sign-in",
        lambda s: sign_in_changed(s, 30, OnUnauthenticatedRequest="deny"),
        "401",
    ),
    Fault("a group of another port leads to admin", _SECURITY, "bypass", _group_of_another_port, "tools"),
    Fault("there are no sign-in pages", _OUTAGE, "sign-in", _without_pages, "has no sign-in pages"),
    Fault("no second factor", _SECURITY, "user pool", _mfa("OFF"), "no second factor", where="staging"),
    Fault(
        "the second factor is left to people",
        _SECURITY,
        "user pool",
        _mfa("OPTIONAL"),
        "no second factor",
        where="staging",
    ),
    Fault(
        "short passwords",
        _SECURITY,
        "user pool",
        lambda s: pool_changed(s, Policies={"PasswordPolicy": {"MinimumLength": 6}}),
        "passwords of 6 characters",
        where="staging",
    ),
    Fault(
        "a function decides who gets in",
        _SECURITY,
        "user pool",
        lambda s: pool_changed(
            s, LambdaConfig={"PreSignUp": f"arn:aws:lambda:eu-central-1:{s.account}:function:anybody"}
        ),
        "decide who gets in",
        where="staging",
    ),
    Fault(
        "anybody can sign up in staging",
        _SECURITY,
        "user pool",
        lambda s: pool_changed(s, AdminCreateUserConfig={"AllowAdminCreateUserOnly": False}),
        "anybody can sign up",
        where="staging",
    ),
]
