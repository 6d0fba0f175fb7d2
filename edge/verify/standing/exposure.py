"""Security groups from outside: whether every client gets to the load balancer, and none past it to the instances.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from edge.aws.alb_semantics import covers_port
from edge.aws.everywhere import is_everywhere, is_public, is_wide
from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, Fault, expect_none
from edge.verify.resolution import LoadBalancer
from edge.verify.severity import Severity
from environments.checked import Environment
from environments.text import listed

_HTTP, _HTTPS = 80, 443
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-ip-address-type.html
_DUALSTACK, _WITHOUT_IPV4 = "dualstack", "dualstack-without-public-ipv4"
_CIDRS = ("CidrIpv4", "CidrIpv6")
# What is asked of a host whether it is there, and how long packets may be: RFC 4890 advises against refusing it.
_PINGS = {"icmp", "icmpv6", "1", "58"}


def clients(environment: Environment, balancer: LoadBalancer, *, aws: AwsClient) -> Answered[None]:
    """See that the load balancer's groups take TCP 80 and 443 from every address of the versions of IP it serves."""
    rules = aws.security_group_rules(balancer.described["SecurityGroups"])
    expected = environment.platform.is_dualstack
    faults = list(client_faults(rules, is_dualstack=balancer.is_dualstack, is_expected=expected))
    if balancer.described.get("IpAddressType") == _WITHOUT_IPV4:
        faults.append(Fault("the load balancer serves IPv6 alone", f"set its type to {_DUALSTACK}", Severity.OUTAGE))
    expect_none("clients", faults)
    versions = "IPv4 and IPv6" if balancer.is_dualstack else "IPv4"
    return Answered(f"TCP {_HTTP} and {_HTTPS} are open to all of {versions}", None)


def client_faults(rules: Iterable[Mapping[str, Any]], *, is_dualstack: bool, is_expected: bool) -> Iterator[Fault]:
    """Say which clients are left out. A rule for a prefix list may let in any, so nothing is known then."""
    inwards = [rule for rule in rules if not rule["IsEgress"]]
    if is_expected and not is_dualstack:
        yield Fault("the load balancer serves IPv4 alone, and the file says dualstack", "deploy again")
    for port in (_HTTPS, _HTTP):
        about = [rule for rule in inwards if covers_port(rule, port)]
        if any(rule.get("PrefixListId") for rule in about):
            continue
        for version, whole in ((4, "0.0.0.0/0"), *([(6, "::/0")] if is_dualstack else [])):
            if not is_everywhere(_ranges(about), version=version):
                found = f"the load balancer's group does not take TCP {port} from all of IPv{version}"
                yield Fault(found, f"let TCP {port} in from {whole}")


def exposure(environment: Environment, instance_ids: list[str], *, aws: AwsClient) -> Answered[None]:
    """See that the instances' groups take no service's port from the internet, past the load balancer's sign-in."""
    groups = sorted({group["GroupId"] for found in aws.instances(instance_ids) for group in found["SecurityGroups"]})
    expect_none("exposure", list(exposure_faults(aws.security_group_rules(groups), environment)))
    return Answered(f"{listed(groups)} take no service's port from the internet", None)


def exposure_faults(rules: Iterable[Mapping[str, Any]], environment: Environment) -> Iterator[Fault]:
    """Give a fault for each service's port that some range of public addresses reaches."""
    inwards = [rule for rule in rules if not rule["IsEgress"]]
    for name, service in environment.services.items():
        ranges = [
            written
            for rule in inwards
            if covers_port(rule, service.port)
            for written in _ranges([rule])
            if is_public(written)
        ]
        if ranges:
            found = f"the instances' group takes TCP {service.port} of {name} from {', '.join(dict.fromkeys(ranges))}"
            yield Fault(found, "let it in from the load balancer's group alone")
    yield from _open_to_many(inwards, {service.port for service in environment.services.values()})


def _open_to_many(inwards: Iterable[Mapping[str, Any]], ports: set[int]) -> Iterator[Fault]:
    """Give a fault for each other port that more of the internet reaches than an office has addresses."""
    for rule in inwards:
        if rule["IpProtocol"] in _PINGS or any(covers_port(rule, port) for port in ports):
            continue
        ranges = [written for written in _ranges([rule]) if is_public(written) and is_wide(written)]
        if ranges:
            first, last = rule.get("FromPort"), rule.get("ToPort")
            shown = f"{rule['IpProtocol'].upper()} {first}" + (f"-{last}" if last != first else "")
            found = f"the instances' group takes {shown} from {', '.join(ranges)}, past the load balancer"
            yield Fault(found, "remove that rule, or let in only the addresses that need it")


def _ranges(rules: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(rule[key]) for rule in rules for key in _CIDRS if rule.get(key)]
