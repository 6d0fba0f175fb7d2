"""Routing: the listener sends a host to the service's own target group, whose targets are well and can be reached."""

from collections.abc import Iterator, Sequence
from typing import Any

from edge.aws import alb_semantics
from edge.verify.asked_paths import AskedPath
from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError, Fault, expect_none
from edge.verify.severity import Severity
from environments import naming
from environments.checked import Environment
from environments.schema import Service

_HTTPS = 443
_REDEPLOY = "remove what should not be there, or deploy again"
_OPEN = "add the rule; deploy again"
_SOMEWHERE = "203.0.113.1"  # any client, and any identity provider (RFC 5737)


def route(
    host: str, asked: AskedPath, *, group_name: str, port: int, load_balancer_arn: str, aws: AwsClient
) -> Answered[str]:
    """Find the rule that answers for a host at a path: it must forward to the service's target group, by its ARN.

    Rules that ask for more than host, path and method are for special clients, and are passed over.
    """
    rules = [held for held in aws.rules(load_balancer_arn, port=_HTTPS) if not alb_semantics.needs_more(held)]
    path = asked.path.partition("?")[0]
    rule = next(held for held in rules if alb_semantics.rule_answers(held, host=host, path=path))
    if rule["Priority"] == "default":
        found = f"no listener rule takes {asked.subject}, so that the default action answers"
        raise CheckFailedError(found, "put it into the service's rule; deploy again")
    arn = alb_semantics.forwards_to(rule["Actions"])
    group = aws.target_group(arn) if arn else {}
    if arn is None or group["TargetGroupName"] != group_name:
        does = f"forwards to {group['TargetGroupName']}" if arn else f"does {rule['Actions'][-1]['Type']}"
        found = f"rule {rule['Priority']} takes {asked.subject} first and {does}, not to {group_name}"
        raise CheckFailedError(found, _REDEPLOY)
    if group["Port"] != port:
        found = f"{group_name} sends to port {group['Port']}, and the service listens on {port}"
        raise CheckFailedError(found, "raise the service's generation by 1; deploy again")
    return Answered(f"rule {rule['Priority']} forwards to {group_name}, port {port}", arn)


def targets(group_arn: str, *, aws: AwsClient) -> Answered[list[str]]:
    """See that the target group has a healthy target; the value is the ids of the targets."""
    found = aws.target_health(group_arn)
    states = [finding["TargetHealth"]["State"] for finding in found]
    if not found:
        raise CheckFailedError("no target is registered", "attach the Auto Scaling group to the target group again")
    if "healthy" not in states:
        reasons = {finding["TargetHealth"].get("Reason", "no reason given") for finding in found}
        message = f"no target is healthy: {', '.join(states)} ({', '.join(sorted(reasons))})"
        raise CheckFailedError(message, "see that the instances run and that the service answers its health check")
    return Answered(
        f"{states.count('healthy')} of {len(states)} healthy", [finding["Target"]["Id"] for finding in found]
    )


def firewall(instance_ids: list[str], *, service: Service, aws: AwsClient) -> Answered[None]:
    """See that the security groups let clients in, the service's port through, and, for a sign-in, 443 out.

    Instances may have different groups: what is closed for some of them only is a part of an outage.
    """
    balancer_groups = aws.load_balancer()["SecurityGroups"]
    balancer = aws.security_group_rules(balancer_groups)
    missing = {
        "the load balancer's group lets no client in on TCP 443": not alb_semantics.lets_through(
            balancer, egress=False, port=_HTTPS, address=_SOMEWHERE
        ),
        "the load balancer's group lets no TCP 443 out, so that every sign-in ends in 500": service.sign_in is not None
        and not alb_semantics.lets_through(balancer, egress=True, port=_HTTPS, address=_SOMEWHERE),
    }
    faults = [Fault(sentence, _OPEN) for sentence, is_so in missing.items() if is_so]
    instances = aws.instances(instance_ids)
    of_groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for instance in instances:
        groups = tuple(sorted(group["GroupId"] for group in instance["SecurityGroups"]))
        of_groups.setdefault(groups, []).append(instance)
    for groups, alike in of_groups.items():
        inwards, is_part = aws.security_group_rules(list(groups)), len(alike) < len(instances)
        where = f" ({', '.join(instance['InstanceId'] for instance in alike)})" if is_part else ""
        closed = _closed(service.port, (balancer_groups, balancer), (groups, inwards), alike[0]["PrivateIpAddress"])
        faults += [Fault(f"{sentence}{where}", _OPEN, Severity.PART if is_part else None) for sentence in closed]
    expect_none("firewall", faults)
    return Answered(f"TCP {service.port} is open from the load balancer to the instances", None)


_Group = tuple[Sequence[str], list[dict[str, Any]]]


def _closed(port: int, balancer: _Group, instances: _Group, address: str) -> Iterator[str]:
    """Say on which side the way from the load balancer's groups to the instances' is closed; each with its rules."""
    (balancer_groups, outwards), (groups, inwards) = balancer, instances
    if not alb_semantics.lets_through(outwards, egress=True, port=port, groups=groups, address=address):
        yield f"the load balancer's group lets no TCP {port} out to the instances"
    if not alb_semantics.lets_through(inwards, egress=False, port=port, groups=balancer_groups, address=address):
        yield f"the instances' group lets no TCP {port} in from the load balancer"


def group_name(environment: Environment, name: str) -> str:
    """Name a service's target group."""
    generation = environment.services[name].generation
    return naming.target_group_name(prefix=environment.prefix, service=name, generation=generation)
