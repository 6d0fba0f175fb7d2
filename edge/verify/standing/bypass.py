"""Ways around a sign-in: any rule that leads to a service's target group without asking for the service's sign-in.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError, Fault, expect_none
from edge.verify.routing import group_name
from edge.verify.severity import Severity
from edge.verify.standing.listeners import SIGN_INS, Rule, read
from environments.checked import Environment
from environments.sign_in import SESSION_MAX_SECONDS, CognitoSignIn, OidcSignIn, SignIn
from environments.text import listed

_CORRECT = "correct its action; deploy again"


def guarded(environment: Environment) -> dict[str, SignIn]:
    """Give the sign-in of each service that nobody may reach without one, by the service's name."""
    return {
        name: service.sign_in
        for name, service in environment.services.items()
        if service.sign_in is not None and service.sign_in.on_unauthenticated_request != "allow"
    }


def bypass(environment: Environment, load_balancer_arn: str, *, aws: AwsClient) -> Answered[None]:
    """See that each rule, and each default action, that leads to such a service asks for its sign-in first."""
    found, sign_ins = read(load_balancer_arn, aws=aws), guarded(environment)
    by_cognito = [name for name, sign_in in sign_ins.items() if isinstance(sign_in, CognitoSignIn)]
    pool_id = aws.user_pool()["Id"] if by_cognito else None
    clients = dict(_client_ids(by_cognito, aws))
    groups = behind(environment, list(sign_ins), _targets(load_balancer_arn, aws))
    expect_none("bypass", list(faults(environment, found, groups, pool_id=pool_id, clients=clients)))
    return Answered(f"nothing leads to {listed(sign_ins)} without a sign-in", None)


def _client_ids(names: Sequence[str], aws: AwsClient) -> Iterator[tuple[str, str]]:
    """Give the id of each service's client; one that is gone fails a check of its own, and this goes on without it."""
    for name in names:
        with suppress(CheckFailedError):
            yield name, aws.sign_in(name)["client_id"]


_Target = tuple[str, int]


def behind(
    environment: Environment, names: Sequence[str], targets: Mapping[str, set[_Target]]
) -> dict[str, frozenset[str]]:
    """Name the target groups behind which each service is: its own, and each that has a target of it.

    `targets` are the instances and ports of each group, by its name. A target may have another port than its group.
    """
    fleet = {id for name in names for id, _ in targets.get(group_name(environment, name), ())}
    found = {}
    for name in names:
        port, own = environment.services[name].port, group_name(environment, name)
        mine = {(id, port) for id in fleet} | targets.get(own, set())
        found[name] = frozenset({own, *(group for group, theirs in targets.items() if theirs & mine)})
    return found


def _targets(load_balancer_arn: str, aws: AwsClient) -> dict[str, set[_Target]]:
    """List the targets of each group on a load balancer by the instance's id, also where AWS has its address."""
    groups = aws.target_groups(load_balancer_arn)
    found = {
        group["TargetGroupName"]: {
            (str(description["Target"]["Id"]), int(description["Target"]["Port"]))
            for description in aws.target_health(group["TargetGroupArn"])
        }
        for group in groups
        if group.get("TargetType") in ("instance", "ip", None)
    }
    if all(group.get("TargetType") != "ip" for group in groups):
        return found
    ids = {id for targets in found.values() for id, _ in targets if id.startswith("i-")}
    by_address = (
        {item.get("PrivateIpAddress"): item["InstanceId"] for item in aws.instances(sorted(ids))} if ids else {}
    )
    return {name: {(by_address.get(id, id), port) for id, port in targets} for name, targets in found.items()}


def faults(
    environment: Environment,
    found: Sequence[Rule],
    groups: Mapping[str, frozenset[str]],
    *,
    pool_id: str | None,
    clients: Mapping[str, str],
) -> Iterator[Fault]:
    """Give a fault for each rule that leads around a sign-in, or through another one.

    `groups` are the target groups behind which each service is, by its name, and `clients` the ids of its clients.
    """
    for name, sign_in in guarded(environment).items():
        wanted = _Wanted(sign_in, pool_id, clients.get(name), session_seconds(environment, sign_in))
        for rule in found:
            if not groups[name].isdisjoint(rule.groups):
                yield from _around(name, wanted, rule)


def session_seconds(environment: Environment, sign_in: SignIn) -> int:
    """Give the seconds after which everybody signs in again: the service's, the platform's, or AWS's default."""
    managed = environment.managed
    of_platform = managed.settings.login.session_timeout_seconds if managed else None
    return sign_in.session_timeout_seconds or of_platform or SESSION_MAX_SECONDS


@dataclass(frozen=True)
class _Wanted:
    """What a rule should ask for: the sign-in, with the user pool and the client where it is Cognito's."""

    sign_in: SignIn
    pool_id: str | None
    client_id: str | None
    session_seconds: int


def _around(name: str, wanted: _Wanted, rule: Rule) -> Iterator[Fault]:
    asking = next((action for action in rule.described["Actions"] if action["Type"] in SIGN_INS), None)
    if asking is None:
        taken = "" if rule.is_default else f", for {rule.taken.taken},"
        found = f"{rule.name}{taken} leads to {name} ({', '.join(rule.groups)}) and asks for no sign-in"
        yield Fault(found, "put the sign-in before its forward, or remove it")
        return
    config = asking[SIGN_INS[asking["Type"]]]
    asks = f"{rule.name} asks for {name}'s sign-in"
    if wrong := list(_differences(config, wanted)):
        yield Fault(f"{asks} {listed(wrong)}", _CORRECT)
    seconds = int(config.get("SessionTimeout") or SESSION_MAX_SECONDS)
    if seconds != wanted.session_seconds:
        severity = Severity.SECURITY if seconds > wanted.session_seconds else Severity.PART
        yield Fault(f"{asks} again after {seconds} s, not after {wanted.session_seconds} s", _CORRECT, severity)


def _differences(config: Mapping[str, Any], wanted: _Wanted) -> Iterator[str]:
    sign_in = wanted.sign_in
    if config.get("OnUnauthenticatedRequest") == "allow":
        yield "and lets requests without a session through"
    if isinstance(sign_in, OidcSignIn):
        for what, actual, expected in (
            ("at", config.get("Issuer") or "Cognito", sign_in.issuer),
            ("with the token endpoint", config.get("TokenEndpoint"), sign_in.token_endpoint),
            ("with the user info endpoint", config.get("UserInfoEndpoint"), sign_in.user_info_endpoint),
            ("as client", config.get("ClientId"), sign_in.client_id),
        ):
            if actual != expected:
                yield f"{what} {actual}, not {expected}"
        return
    actual = str(config.get("UserPoolArn", "")).rpartition("/")[2]
    if actual != wanted.pool_id:
        at = f"the user pool {actual}" if actual else config.get("Issuer")
        yield f"at {at}, not at the user pool {wanted.pool_id}"
    elif wanted.client_id and config.get("UserPoolClientId") != wanted.client_id:
        yield f"as client {config.get('UserPoolClientId')}, not {wanted.client_id}"
