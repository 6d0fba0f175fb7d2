"""Faults of the network: network ACLs, routes, and ports that are open to the world."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from edge.verify.severity import Severity
from tests.engine.faults.changes import called, closed, opened
from tests.engine.faults.fault import Fault
from tests.support.deployed_stack import Stack

_OUTAGE, _PART, _SECURITY = Severity.OUTAGE, Severity.PART, Severity.SECURITY
_EVERYWHERE = "0.0.0.0/0"


def _subnets(stack: Stack) -> list[str]:
    return [zone["SubnetId"] for zone in stack.load_balancer()["AvailabilityZones"]]


@contextmanager
def denied(
    stack: Stack, first: int, last: int, *, egress: bool = False, subnets: int = 2, of: str = _EVERYWHERE
) -> Iterator[None]:
    """Give some of the load balancer's subnets a network ACL that refuses a range of TCP ports, and takes all else."""
    ec2, chosen = stack.client("ec2"), _subnets(stack)[:subnets]
    vpc = stack.load_balancer()["VpcId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    ports = {"From": first, "To": last}
    common = {"NetworkAclId": acl, "CidrBlock": of}
    ec2.create_network_acl_entry(
        **common, RuleNumber=50, Protocol="6", RuleAction="deny", Egress=egress, PortRange=ports
    )
    for way in (False, True):
        everything = {**common, "CidrBlock": _EVERYWHERE}
        ec2.create_network_acl_entry(**everything, RuleNumber=100, Protocol="-1", RuleAction="allow", Egress=way)
    before = {}
    for found in ec2.describe_network_acls()["NetworkAcls"]:
        for association in found["Associations"]:
            if association["SubnetId"] in chosen:
                before[association["NetworkAclAssociationId"]] = found["NetworkAclId"]
    replaced = [
        (ec2.replace_network_acl_association(AssociationId=id, NetworkAclId=acl)["NewAssociationId"], old)
        for id, old in before.items()
    ]
    try:
        yield
    finally:
        for id, old in replaced:
            ec2.replace_network_acl_association(AssociationId=id, NetworkAclId=old)
        ec2.delete_network_acl(NetworkAclId=acl)


@contextmanager
def _no_way_out(stack: Stack) -> Iterator[None]:
    """Take the route to the internet gateway out of every table of the load balancer's network."""
    ec2, vpc = stack.client("ec2"), stack.load_balancer()["VpcId"]
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    with ExitStack() as undone:
        for table in tables:
            for route in table["Routes"]:
                if str(route.get("GatewayId")).startswith("igw-") and route.get("DestinationCidrBlock"):
                    which: dict[str, Any] = {
                        "RouteTableId": table["RouteTableId"],
                        "DestinationCidrBlock": route["DestinationCidrBlock"],
                    }
                    ec2.delete_route(**which)
                    undone.callback(ec2.create_route, **which, GatewayId=route["GatewayId"])
        yield


def _ipv4_alone(stack: Stack) -> Any:
    arn = stack.load_balancer()["LoadBalancerArn"]

    def write(kind: str) -> Any:
        return lambda c: c.set_ip_address_type(LoadBalancerArn=arn, IpAddressType=kind)

    return called(stack, "elbv2", write("ipv4"), write("dualstack"))


@contextmanager
def _half_over_http(stack: Stack) -> Iterator[None]:
    with opened(stack, "alb-sg", "128.0.0.0/1", ports=(80, 80)), closed(stack, "alb-sg", _EVERYWHERE, 80):
        yield


FAULTS = [
    Fault("port 80 is taken from half of IPv4", _PART, "clients", _half_over_http, "TCP 80 from all of IPv4"),
    Fault(
        "our own load balancer serves IPv4 alone",
        _PART,
        "clients",
        _ipv4_alone,
        "the file says dualstack",
        where="staging",
    ),
    Fault("a network ACL refuses 443", _OUTAGE, "network", lambda s: denied(s, 443, 443), "takes no TCP 443"),
    Fault(
        "a network ACL of one zone refuses 443",
        _PART,
        "network",
        lambda s: denied(s, 400, 500, subnets=1),
        "takes no TCP 443",
    ),
    Fault("a network ACL refuses port 80", _PART, "network", lambda s: denied(s, 80, 80), "takes no TCP 80"),
    Fault(
        "a network ACL refuses answers",
        _OUTAGE,
        "network",
        lambda s: denied(s, 1024, 65535, egress=True),
        "sends no answers",
    ),
    Fault(
        "a network ACL refuses 443 of half of IPv4",
        _PART,
        "network",
        lambda s: denied(s, 443, 443, of="0.0.0.0/1"),
        "takes no TCP 443 from 0.0.0.0/1",
    ),
    Fault(
        "a network ACL keeps the load balancer from link",
        _OUTAGE,
        "network",
        lambda s: denied(s, 9999, 9999),
        "takes no TCP 9999 from the load balancer",
    ),
    Fault("the network has no way out", _OUTAGE, "network", _no_way_out, "no route for 0.0.0.0/0"),
    Fault("our own network has no way out", _OUTAGE, "network", _no_way_out, "no route for 0.0.0.0/0", where="staging"),
    Fault(
        "SSH is open to the world",
        _SECURITY,
        "exposure",
        lambda s: opened(s, "ec2-sg", _EVERYWHERE, ports=(22, 22)),
        "TCP 22",
    ),
    Fault(
        "a database's port is open to IPv6",
        _SECURITY,
        "exposure",
        lambda s: opened(s, "ec2-sg", "2000::/3", ports=(5432, 5432)),
        "TCP 5432",
    ),
    Fault(
        "every port of UDP is open",
        _SECURITY,
        "exposure",
        lambda s: opened(s, "ec2-sg", _EVERYWHERE, ports=(0, 65535), protocol="udp"),
        "UDP 0-65535",
    ),
    Fault(
        "a partner's network reaches admin's port",
        _SECURITY,
        "exposure",
        lambda s: opened(s, "ec2-sg", "198.51.100.0/24", ports=(7777, 7777)),
        "TCP 7777 of admin",
    ),
    Fault(
        "staging's admin is open to the world",
        _SECURITY,
        "exposure",
        lambda s: opened(s, "ec2-sg", _EVERYWHERE, ports=(7000, 8000)),
        "TCP 7777 of admin",
        where="staging",
        leaves_traces=True,
    ),
]
