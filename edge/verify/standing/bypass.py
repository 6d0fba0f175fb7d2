"""Ways around a sign-in: any rule that leads to a service's target group without asking for the service's sign-in.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, Fault, expect_none
from edge.verify.routing import group_name
from edge.verify.standing.listeners import Rule, read
from environments.checked import Environment
from environments.sign_in import CognitoSignIn, OidcSignIn, SignIn
from environments.text import listed

_CONFIGS = {"authenticate-cognito": "AuthenticateCognitoConfig", "authenticate-oidc": "AuthenticateOidcConfig"}


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
    by_cognito = any(isinstance(sign_in, CognitoSignIn) for sign_in in sign_ins.values())
    pool_id = aws.user_pool()["Id"] if by_cognito else None
    groups = {name: _groups(environment, name, load_balancer_arn, aws) for name in sign_ins}
    expect_none("bypass", list(faults(environment, found, groups, pool_id=pool_id)))
    return Answered(f"nothing leads to {listed(sign_ins)} without a sign-in", None)


def _groups(environment: Environment, name: str, load_balancer_arn: str, aws: AwsClient) -> frozenset[str]:
    """Name the target groups behind which a service is: its own, and those with its instances on its port."""
    port, own = environment.services[name].port, group_name(environment, name)
    alike = [group for group in aws.target_groups(load_balancer_arn) if group["Port"] == port]
    if len(alike) == 1:
        return frozenset({own})
    targets = {group["TargetGroupName"]: _targets(group["TargetGroupArn"], aws) for group in alike}
    mine = targets.get(own, set())
    return frozenset({own, *(other for other, theirs in targets.items() if theirs & mine)})


def _targets(group_arn: str, aws: AwsClient) -> set[tuple[str, int]]:
    found = (description["Target"] for description in aws.target_health(group_arn))
    return {(target["Id"], int(target["Port"])) for target in found}


def faults(
    environment: Environment, found: Sequence[Rule], groups: Mapping[str, frozenset[str]], *, pool_id: str | None
) -> Iterator[Fault]:
    """Give a fault for each rule that leads around a sign-in, or through another one.

    `groups` are the target groups behind which each service is, by its name.
    """
    for name, sign_in in guarded(environment).items():
        for rule in found:
            if not groups[name].isdisjoint(rule.groups):
                yield from _around(name, sign_in, rule, pool_id)


def _around(name: str, sign_in: SignIn, rule: Rule, pool_id: str | None) -> Iterator[Fault]:
    asking = next((action for action in rule.described["Actions"] if action["Type"] in _CONFIGS), None)
    if asking is None:
        taken = "" if rule.is_default else f", for {rule.taken.taken},"
        found = f"{rule.name}{taken} leads to {name} ({', '.join(rule.groups)}) and asks for no sign-in"
        yield Fault(found, "put the sign-in before its forward, or remove it")
        return
    config = asking[_CONFIGS[asking["Type"]]]
    if wrong := list(_differences(config, sign_in, pool_id)):
        yield Fault(f"{rule.name} asks for {name}'s sign-in {listed(wrong)}", "correct its action; deploy again")


def _differences(config: Mapping[str, Any], sign_in: SignIn, pool_id: str | None) -> Iterator[str]:
    if config.get("OnUnauthenticatedRequest") == "allow":
        yield "and lets requests without a session through"
    if isinstance(sign_in, OidcSignIn):
        if config.get("Issuer") != sign_in.issuer:
            yield f"at {config.get('Issuer') or 'Cognito'}, not at {sign_in.issuer}"
        return
    actual = str(config.get("UserPoolArn", "")).rpartition("/")[2]
    if actual != pool_id:
        yield f"at {f'the user pool {actual}' if actual else config.get('Issuer')}, not at the user pool {pool_id}"
