"""The user pool and a service's client in it: who may become a user, and whether the client's flow can work.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html ("Prepare to use
Amazon Cognito"): the load balancer needs the code grant flow, a client secret, and the scope openid.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, Fault, expect_none
from edge.verify.severity import Severity
from environments.checked import Environment
from environments.dns_names import canonical
from environments.platforms import LoginSettings
from environments.schema import Service
from environments.sign_in import PASSWORD_MIN_CHARACTERS, CognitoSignIn
from environments.text import listed

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_OWN_USERS = "COGNITO"
# https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
_WITH_PASSWORD = {"ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"}
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
_ADMITTING = {
    "PreSignUp",
    "PreAuthentication",
    "UserMigration",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
}
_UPDATE = "correct the user pool client; deploy again"


def user_pool(environment: Environment, *, aws: AwsClient) -> Answered[None]:
    """See that nobody joins uninvited, unless the file lets people, and that a pool of our own is as strict as it."""
    pool = aws.user_pool()
    expect_none("user pool", list(pool_faults(pool, environment)))
    who = "takes sign-ups, as the file says" if environment.platform.self_sign_up else "takes no sign-ups"
    return Answered(f"{pool['Name']} {who}", None)


def pool_faults(pool: Mapping[str, Any], environment: Environment) -> Iterator[Fault]:
    """Say what lets more people in than should be.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUserConfigType.html
    """
    is_open = not pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly", False)
    key = f"platform.{'login.' if environment.managed else ''}self_sign_up"
    if is_open and not environment.platform.self_sign_up:
        found = f"anybody can sign up in {pool['Name']}, and then sign in"
        yield Fault(found, f"set AllowAdminCreateUserOnly of the user pool, or where that is wanted {key} = true")
    if environment.managed and environment.platform.self_sign_up and not is_open:
        yield Fault(f"nobody can sign up in {pool['Name']}, and the file lets people", "deploy again", Severity.PART)
    for trigger, function in (pool.get("LambdaConfig") or {}).items():
        if trigger in _ADMITTING and environment.managed:
            yield Fault(f"{pool['Name']} lets {function} decide who gets in ({trigger})", "remove it; deploy again")
    if environment.managed:
        yield from _weakened(pool, environment.managed.settings.login)


def _weakened(pool: Mapping[str, Any], login: LoginSettings) -> Iterator[Fault]:
    """Say what a pool of our own asks less of than the file, or than every deploy makes of it."""
    name, policy = pool["Name"], pool.get("Policies", {}).get("PasswordPolicy", {})
    mfa = pool.get("MfaConfiguration", "OFF")
    if mfa != "ON" and (login.mfa == "required" or mfa == "OFF"):
        yield Fault(f"{name} asks for no second factor (its MFA is {mfa})", "deploy again, or set platform.login.mfa")
    length = policy.get("MinimumLength", PASSWORD_MIN_CHARACTERS)
    if length < PASSWORD_MIN_CHARACTERS:
        yield Fault(f"{name} takes passwords of {length} characters, below {PASSWORD_MIN_CHARACTERS}", "deploy again")
    lacking = [
        kind for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols") if policy.get(f"Require{kind}") is False
    ]
    if lacking:
        yield Fault(f"{name} takes passwords without {listed(kind.lower() for kind in lacking)}", "deploy again")
    mode = pool.get("UserPoolAddOns", {}).get("AdvancedSecurityMode", "OFF")
    if mode != login.threat_protection.upper():
        found = f"the threat protection of {name} is {mode}, and the file has {login.threat_protection.upper()}"
        yield Fault(found, "deploy again")


def client(service: Service, name: str, settings: CognitoSignIn, *, aws: AwsClient) -> Answered[None]:
    """See that a service's client can do what the load balancer asks of it, and nothing more."""
    found = aws.sign_in(name)["client"]
    expect_none("user pool client", list(client_faults(found, scope=settings.scope, hosts=frozenset(service.hosts))))
    return Answered(f"{found['ClientName']} takes the code grant flow alone", None)


def client_faults(found: Mapping[str, Any], *, scope: str, hosts: frozenset[str]) -> Iterator[Fault]:
    """Say what ends every sign-in, and what hands out tokens or codes to others."""
    flows, name = set(found.get("AllowedOAuthFlows", ())), found["ClientName"]
    if not found.get("AllowedOAuthFlowsUserPoolClient") or "code" not in flows:
        yield Fault(f"{name} does not take the code grant flow, so that every sign-in fails", _UPDATE)
    missing = sorted(set(scope.split()) - set(found.get("AllowedOAuthScopes", ())))
    if missing:
        yield Fault(f"{name} does not give the scope {', '.join(missing)}, so that every sign-in fails", _UPDATE)
    if _OWN_USERS not in found.get("SupportedIdentityProviders", ()):
        yield Fault(f"{name} does not take the pool's own users, so that none of them can sign in", _UPDATE)
    if not found.get("ClientSecret"):
        yield Fault(f"{name} has no secret, which the load balancer needs", "make the client again; deploy again")
    yield from _too_much(found, flows, hosts)


def _too_much(found: Mapping[str, Any], flows: set[str], hosts: frozenset[str]) -> Iterator[Fault]:
    if "implicit" in flows:
        what = "takes the implicit grant flow too, which puts tokens into addresses (RFC 9700 section 2.1.2)"
        yield Fault(f"{found['ClientName']} {what}", _UPDATE, Severity.SECURITY)
    if foreign := set(found.get("SupportedIdentityProviders", ())) - {_OWN_USERS}:
        who = listed(sorted(foreign))
        yield Fault(f"{found['ClientName']} lets everybody of {who} in too", _UPDATE, Severity.SECURITY)
    if flows_of_passwords := sorted(_WITH_PASSWORD & set(found.get("ExplicitAuthFlows", ()))):
        sent = f"{found['ClientName']} takes passwords in the clear ({', '.join(flows_of_passwords)})"
        yield Fault(sent, _UPDATE, Severity.SECURITY)
    if found.get("PreventUserExistenceErrors") == "LEGACY":
        yield Fault(f"{found['ClientName']} says which users there are", _UPDATE, Severity.SECURITY)
    for url in found.get("CallbackURLs", ()):
        host = canonical(urlsplit(url).hostname or "")
        if host in hosts and urlsplit(url).scheme != "https":
            yield Fault(f"{found['ClientName']} sends codes over plain HTTP to {url}", _UPDATE, Severity.SECURITY)
        if host not in hosts | _THIS_MACHINE:
            sent = f"{found['ClientName']} sends people who have signed in to {url} too"
            yield Fault(sent, _UPDATE, Severity.SECURITY)
