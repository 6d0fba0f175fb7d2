"""Faults on the load balancer: certificates, redirects, rules and sign-in."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.aws_calls import issued
from tests.support.deployed_stack import Stack

HOSTS = ("link.prod.getorcha.com", "link.getorcha.com")


@contextmanager
def no_sni_certificate(stack: Stack) -> Iterator[None]:
    listener, arn = stack.listener(443)["ListenerArn"], stack.certificate_arn(HOSTS[0])
    elbv2 = stack.client("elbv2")
    elbv2.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arn}])
    try:
        yield
    finally:
        elbv2.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arn}])


@contextmanager
def _other_certificate(stack: Stack, arn: str) -> Iterator[None]:
    """Serve this certificate instead of the service's own, and delete it in the end."""
    listener, elbv2 = stack.listener(443)["ListenerArn"], stack.client("elbv2")
    with no_sni_certificate(stack):
        elbv2.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arn}])
        try:
            yield
        finally:
            elbv2.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arn}])
            stack.client("acm").delete_certificate(CertificateArn=arn)


@contextmanager
def certificate_without_the_short_host(stack: Stack) -> Iterator[None]:
    with _other_certificate(stack, issued(stack.aws, HOSTS[0])):
        yield


def imported(stack: Stack, *, lasts: timedelta) -> str:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTS[0])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    answer = stack.client("acm").import_certificate(
        Certificate=certificate.public_bytes(pem),
        PrivateKey=key.private_bytes(pem, form, serialization.NoEncryption()),
    )
    return str(answer["CertificateArn"])


@contextmanager
def expired_certificate(stack: Stack) -> Iterator[None]:
    """ACM takes no certificate that has expired: this one expires on the listener."""
    lasts = timedelta(seconds=4)
    with _other_certificate(stack, imported(stack, lasts=lasts)):
        time.sleep(lasts.total_seconds() + 1)
        yield


@contextmanager
def certificate_about_to_expire(stack: Stack) -> Iterator[None]:
    with _other_certificate(stack, imported(stack, lasts=timedelta(days=10, hours=1))):
        yield


@contextmanager
def certificate_that_acm_does_not_renew(stack: Stack) -> Iterator[None]:
    with _other_certificate(stack, imported(stack, lasts=timedelta(days=300))):
        yield


@contextmanager
def _port_80_does(stack: Stack, action: dict[str, Any]) -> Iterator[None]:
    listener, elbv2 = stack.listener(80), stack.client("elbv2")
    elbv2.modify_listener(ListenerArn=listener["ListenerArn"], DefaultActions=[action])
    try:
        yield
    finally:
        elbv2.modify_listener(ListenerArn=listener["ListenerArn"], DefaultActions=listener["DefaultActions"])


def _redirect(**more: str) -> dict[str, Any]:
    config = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301", **more}
    return {"Type": "redirect", "RedirectConfig": config}


@contextmanager
def no_redirect(stack: Stack) -> Iterator[None]:
    answer = {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": "hello"}
    with _port_80_does(stack, {"Type": "fixed-response", "FixedResponseConfig": answer}):
        yield


@contextmanager
def redirect_to_another_host(stack: Stack) -> Iterator[None]:
    with _port_80_does(stack, _redirect(Host="www.getorcha.com")):
        yield


@contextmanager
def redirect_to_the_front_page(stack: Stack) -> Iterator[None]:
    with _port_80_does(stack, _redirect(Path="/")):
        yield


@contextmanager
def no_listener_on_port_80(stack: Stack) -> Iterator[None]:
    listener, elbv2 = stack.listener(80), stack.client("elbv2")
    elbv2.delete_listener(ListenerArn=listener["ListenerArn"])
    try:
        yield
    finally:
        elbv2.create_listener(
            LoadBalancerArn=listener["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=listener["DefaultActions"],
        )


@contextmanager
def _rule_is(stack: Stack, priority: int, **changes: Any) -> Iterator[None]:
    rule, elbv2 = stack.rule(priority), stack.client("elbv2")
    elbv2.modify_rule(RuleArn=rule["RuleArn"], **changes)
    try:
        yield
    finally:
        elbv2.modify_rule(RuleArn=rule["RuleArn"], **{key: rule[key] for key in changes})


def _for_hosts(*hosts: str) -> list[dict[str, Any]]:
    return [{"Field": "host-header", "HostHeaderConfig": {"Values": list(hosts)}}]


@contextmanager
def wrong_host_in_the_rule(stack: Stack) -> Iterator[None]:
    with _rule_is(stack, 20, Conditions=_for_hosts("link.prod.getorcha.com", "links.getorcha.com")):
        yield


@contextmanager
def rule_to_another_service(stack: Stack) -> Iterator[None]:
    arn = stack.target_group("app")["TargetGroupArn"]
    with _rule_is(stack, 20, Actions=[{"Type": "forward", "TargetGroupArn": arn}]):
        yield


@contextmanager
def _another_rule(
    stack: Stack, priority: int, conditions: list[dict[str, Any]], action: dict[str, Any]
) -> Iterator[None]:
    elbv2 = stack.client("elbv2")
    made = elbv2.create_rule(
        ListenerArn=stack.listener(443)["ListenerArn"], Priority=priority, Conditions=conditions, Actions=[action]
    )
    try:
        yield
    finally:
        elbv2.delete_rule(RuleArn=made["Rules"][0]["RuleArn"])


@contextmanager
def rule_shadowed_by_a_higher_priority(stack: Stack) -> Iterator[None]:
    answer = {"StatusCode": "200", "ContentType": "application/json", "MessageBody": "{}"}
    action = {"Type": "fixed-response", "FixedResponseConfig": answer}
    with _another_rule(stack, 3, _for_hosts("*.prod.getorcha.com"), action):
        yield


@contextmanager
def another_document_on_the_short_host(stack: Stack) -> Iterator[None]:
    path = "/.well-known/oauth-authorization-server"
    conditions = [
        *_for_hosts("link.getorcha.com"),
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/.well-known/*"]}},
    ]
    action = {"Type": "forward", "TargetGroupArn": stack.target_group("app")["TargetGroupArn"]}
    body = str({**stack.document(9999), "scopes_supported": ["other"]}).replace("'", '"')
    with (
        _another_rule(stack, 2, conditions, action),
        stack.answers(8888, path, status=200, content_type="application/json", body=body),
    ):
        yield


def _user_pool_client(stack: Stack) -> tuple[Any, dict[str, str]]:
    cognito = stack.client("cognito-idp")
    pool = cognito.list_user_pools(MaxResults=10)["UserPools"][0]["Id"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=10)["UserPoolClients"]
    found = next(client["ClientId"] for client in clients if client["ClientName"] == "v1-orcha-admin")
    return cognito, {"UserPoolId": pool, "ClientId": found}


@contextmanager
def callback_missing(stack: Stack) -> Iterator[None]:
    cognito, which = _user_pool_client(stack)
    before = cognito.describe_user_pool_client(**which)["UserPoolClient"]["CallbackURLs"]
    kept = [url for url in before if "admin.getorcha.com" not in url]
    cognito.update_user_pool_client(**which, CallbackURLs=kept)
    try:
        yield
    finally:
        cognito.update_user_pool_client(**which, CallbackURLs=before)


@contextmanager
def sign_in_as_another_client(stack: Stack) -> Iterator[None]:
    cognito, which = _user_pool_client(stack)
    other = cognito.create_user_pool_client(UserPoolId=which["UserPoolId"], ClientName="other")["UserPoolClient"]
    first, forward = sorted(stack.rule(30)["Actions"], key=lambda action: action["Order"])
    config = {**first["AuthenticateCognitoConfig"], "UserPoolClientId": other["ClientId"]}
    try:
        with _rule_is(stack, 30, Actions=[{**first, "AuthenticateCognitoConfig": config}, forward]):
            yield
    finally:
        cognito.delete_user_pool_client(UserPoolId=which["UserPoolId"], ClientId=other["ClientId"])


@contextmanager
def no_sign_in(stack: Stack) -> Iterator[None]:
    forward = next(action for action in stack.rule(30)["Actions"] if action["Type"] == "forward")
    with _rule_is(stack, 30, Actions=[{**forward, "Order": 1}]):
        yield
