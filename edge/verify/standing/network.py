"""The network around the load balancer and the instances: zones, routes and network ACLs.

A network ACL has no memory: the answer needs a rule of its own, to the ports that clients choose.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from edge.aws.everywhere import is_everywhere, is_public, is_wide, joined
from edge.aws.network_acls import passes, refused
from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, Fault, expect_none
from edge.verify.resolution import LoadBalancer
from edge.verify.severity import Severity
from environments.checked import Environment

_HTTP, _HTTPS = 80, 443
# The internet gateway, or a firewall's endpoint or interface before it; a NAT gateway lets no client in.
# https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html
_WAYS_OUT = ("igw-", "vpce-")
_IPV4, _IPV6 = 4, 6
_ALL = {_IPV4: "0.0.0.0/0", _IPV6: "::/0"}
# What a load balancer's nodes and most clients choose for their end of a connection.
_EPHEMERAL = (32768, 60999)
_OPEN_ACL, _ROUTE = "correct the network ACL", "give its route table a route to the internet gateway"


@dataclass(frozen=True)
class Surroundings:
    """What EC2 describes around some subnets: their route tables and network ACLs, with those of the whole VPC."""

    subnets: Mapping[str, Mapping[str, Any]]
    route_tables: Sequence[Mapping[str, Any]]
    acls: Sequence[Mapping[str, Any]]

    def routes(self, subnet: str) -> Sequence[Mapping[str, Any]] | None:
        """Give the routes of a subnet: those of its own table, or of the VPC's main one.

        None where the account does not see them: a subnet that another account shares has its tables there.
        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing-permissions.html
        """
        own = [table for table in self.route_tables if _has(table, "SubnetId", subnet)]
        vpc = self.subnets[subnet]["VpcId"]
        main = [table for table in self.route_tables if table["VpcId"] == vpc and _has(table, "Main", True)]
        return next((table["Routes"] for table in (*own, *main)), None)

    def entries(self, subnet: str) -> Sequence[Mapping[str, Any]] | None:
        """Give the rules of a subnet's network ACL, in the order in which they count; None as for `routes`."""
        found = next((acl["Entries"] for acl in self.acls if _has(acl, "SubnetId", subnet)), None)
        return None if found is None else sorted(found, key=lambda entry: int(entry["RuleNumber"]))


def _has(described: Mapping[str, Any], key: str, value: object) -> bool:
    return any(association.get(key) == value for association in described.get("Associations", ()))


def network(
    environment: Environment, balancer: LoadBalancer, instance_ids: list[str], *, aws: AwsClient
) -> Answered[None]:
    """See that clients reach the load balancer in each of its zones, and that it reaches each instance's subnet."""
    zones = balancer.described["AvailabilityZones"]
    instances = aws.instances(instance_ids) if instance_ids else []
    subnets = {str(zone["SubnetId"]) for zone in zones} | {str(item["SubnetId"]) for item in instances}
    around = surroundings(sorted(subnets), aws=aws)
    ports = [service.port for service in environment.services.values()]
    expect_none("network", list(faults(balancer, instances, around, ports)))
    return Answered(f"{len(zones)} zones take clients and reach {len(instances)} instances", None)


def surroundings(subnets: list[str], *, aws: AwsClient) -> Surroundings:
    """Describe what is around some subnets."""
    ec2 = aws.client("ec2")
    described = ec2.describe_subnets(SubnetIds=subnets)["Subnets"]
    vpcs = sorted({subnet["VpcId"] for subnet in described})
    of_vpcs = [{"Name": "vpc-id", "Values": vpcs}]
    return Surroundings(
        {subnet["SubnetId"]: subnet for subnet in described},
        ec2.describe_route_tables(Filters=of_vpcs)["RouteTables"],
        ec2.describe_network_acls(Filters=of_vpcs)["NetworkAcls"],
    )


def faults(
    balancer: LoadBalancer, instances: Sequence[Mapping[str, Any]], around: Surroundings, ports: Sequence[int]
) -> Iterator[Fault]:
    """Give a fault for each subnet that is cut off, and for each instance in a zone that the load balancer has not."""
    zones = {str(zone["ZoneName"]): str(zone["SubnetId"]) for zone in balancer.described["AvailabilityZones"]}
    yield from _for_clients(balancer, list(zones.values()), around)
    yield from _for_instances(zones, instances)
    where = dict.fromkeys(str(item["SubnetId"]) for item in instances)
    closed = {subnet: list(_closed(around, subnet, zones.values(), ports)) for subnet in where}
    for subnet, sentences in closed.items():
        for sentence in sentences:
            found = f"the network ACL of the instances' {subnet} {sentence}"
            yield Fault(found, _OPEN_ACL, _worse(all(closed.values())))


def _for_clients(balancer: LoadBalancer, subnets: Sequence[str], around: Surroundings) -> Iterator[Fault]:
    if balancer.described.get("Scheme", "internet-facing") != "internet-facing":
        return
    versions = (_IPV4, _IPV6) if balancer.is_dualstack else (_IPV4,)
    cut = {subnet: list(_cut_off(around, subnet, versions)) for subnet in subnets}
    is_outage = all(any(reason.is_whole for reason in reasons) for reasons in cut.values())
    for subnet, reasons in cut.items():
        for reason in reasons:
            severity = _worse(is_outage and reason.is_whole)
            yield Fault(f"{subnet} of the load balancer {reason.sentence}", reason.remedy, severity)


def _for_instances(zones: Mapping[str, str], instances: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Say which instances a load balancer of these zones sends nothing, and whether it has one zone alone.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html (Target.NotInUse)
    """
    elsewhere = {
        str(item["InstanceId"]): zone
        for item in instances
        if (zone := str(item["Placement"]["AvailabilityZone"])) not in zones
    }
    for id, zone in elsewhere.items():
        found = f"{id} is in {zone}, which the load balancer does not serve, and gets no request"
        remedy = "give the load balancer a subnet in that zone"
        yield Fault(found, remedy, _worse(len(elsewhere) == len(instances)))
    if len(zones) == 1:
        (only,) = zones
        yield Fault(f"the load balancer is in {only} alone, and fails with it", "add a subnet", Severity.LATENT)


@dataclass(frozen=True)
class _Cut:
    """What keeps clients from a subnet: all of them over HTTPS and IPv4, where `is_whole` says so."""

    sentence: str
    remedy: str
    is_whole: bool


def _worse(is_outage: bool) -> Severity:
    return Severity.OUTAGE if is_outage else Severity.PART


def _cut_off(around: Surroundings, subnet: str, versions: Sequence[int]) -> Iterator[_Cut]:
    """Say what keeps clients from a subnet of the load balancer."""
    for version in versions:
        routes = around.routes(subnet)
        if routes is not None and not _leads_out(routes, version):
            yield _Cut(f"has no route for {_ALL[version]} to an internet gateway", _ROUTE, version == _IPV4)
        entries = around.entries(subnet)
        if entries is None or not _speaks_of(entries, version):
            continue
        for port in (_HTTPS, _HTTP):
            ranges = _refused_clients(entries, version, egress=False, ports=(port,))
            if ranges:
                whole = version == _IPV4 and port == _HTTPS and is_everywhere(ranges, version=version)
                yield _Cut(f"takes no TCP {port} from {', '.join(ranges)}, by its network ACL", _OPEN_ACL, whole)
        ranges = _refused_clients(entries, version, egress=True, ports=_EPHEMERAL)
        if ranges:
            whole = version == _IPV4 and is_everywhere(ranges, version=version)
            yield _Cut(f"sends no answers to {', '.join(ranges)}, by its network ACL", _OPEN_ACL, whole)


def _refused_clients(
    entries: Sequence[Mapping[str, Any]], version: int, *, egress: bool, ports: Sequence[int]
) -> list[str]:
    """List the ranges of the internet that a network ACL refuses on any of some ports, each wider than one office."""
    found = [item for port in ports for item in refused(entries, version, egress=egress, port=port)]
    return [written for written in joined(found) if is_public(written) and is_wide(written)]


def _speaks_of(entries: Sequence[Mapping[str, Any]], version: int) -> bool:
    """Tell whether a network ACL has rules for a version of IP; without any for IPv6 nothing is said of it here."""
    return version == _IPV4 or any(entry.get("Ipv6CidrBlock") for entry in entries)


def _leads_out(routes: Sequence[Mapping[str, Any]], version: int) -> bool:
    key = "DestinationCidrBlock" if version == _IPV4 else "DestinationIpv6CidrBlock"
    return any(
        route.get(key) == _ALL[version]
        and (str(route.get("GatewayId", "")).startswith(_WAYS_OUT) or route.get("NetworkInterfaceId"))
        and route.get("State", "active") == "active"
        for route in routes
    )


def _closed(around: Surroundings, subnet: str, nodes: Any, ports: Sequence[int]) -> Iterator[str]:
    """Say what keeps the load balancer's nodes, which are in some subnets, from the instances of a subnet."""
    entries = around.entries(subnet)
    if entries is None:
        return
    addresses = [str(ip_network(around.subnets[node]["CidrBlock"])[0]) for node in nodes if node != subnet]
    for port in ports:
        if not all(passes(entries, egress=False, port=port, address=address) for address in addresses):
            yield f"takes no TCP {port} from the load balancer"
    answers = (passes(entries, egress=True, port=port, address=ip) for port in _EPHEMERAL for ip in addresses)
    if not all(answers):
        yield "sends no answers to the load balancer"
