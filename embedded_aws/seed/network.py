"""The platform's network as CDK left it: a VPC over two zones, and the two security groups."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from embedded_aws.seed.cdk_services import names_of, older_services
from environments.checked import Environment

_VPC_CIDR = "10.20.0.0/16"
_SUBNET_CIDRS = ("10.20.0.0/20", "10.20.16.0/20")
_EVERYWHERE = [{"CidrIp": "0.0.0.0/0"}]


@dataclass(frozen=True)
class Network:
    """Ids of the network's parts."""

    vpc: str
    subnets: tuple[str, ...]
    load_balancer_group: str
    instance_group: str


def make_network(environment: Environment, client: Callable[[str], Any]) -> Network:
    """Make the VPC, a public subnet in each of two zones, and the security groups with the older services' rules."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock=_VPC_CIDR, TagSpecifications=_named("vpc", environment.prefix))["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for cidr, zone in zip(_SUBNET_CIDRS, zones, strict=False)
    ]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    (table,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    ec2.create_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    network = Network(
        vpc=vpc,
        subnets=tuple(subnets),
        load_balancer_group=_group(ec2, vpc, names_of(environment).load_balancer_security_group, "Load balancer"),
        instance_group=_group(ec2, vpc, names_of(environment).instance_security_group, "Instances"),
    )
    _open(environment, ec2, network)
    return network


def _named(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def _group(ec2: Any, vpc: str, name: str, description: str) -> str:
    group: str = ec2.create_security_group(GroupName=name, Description=description, VpcId=vpc)["GroupId"]
    return group


def _open(environment: Environment, ec2: Any, network: Network) -> None:
    """Open the load balancer to the world on 80 and 443, and each older service's port from it to the instances.

    CDK gives a load balancer's group no open egress: each port is a rule, and the sign-in provider needs 443.
    """
    balancer, instances = network.load_balancer_group, network.instance_group
    ec2.revoke_security_group_egress(GroupId=balancer, IpPermissions=[{"IpProtocol": "-1", "IpRanges": _EVERYWHERE}])
    ec2.authorize_security_group_ingress(
        GroupId=balancer, IpPermissions=[_tcp(port, IpRanges=_EVERYWHERE) for port in (80, 443)]
    )
    ec2.authorize_security_group_egress(GroupId=balancer, IpPermissions=[_tcp(443, IpRanges=_EVERYWHERE)])
    for service in older_services(environment):
        to_instances = [{"GroupId": instances, "Description": f"{service.title} traffic to EC2"}]
        from_balancer = [{"GroupId": balancer, "Description": f"{service.title} port from ALB"}]
        ec2.authorize_security_group_egress(
            GroupId=balancer, IpPermissions=[_tcp(service.port, UserIdGroupPairs=to_instances)]
        )
        ec2.authorize_security_group_ingress(
            GroupId=instances, IpPermissions=[_tcp(service.port, UserIdGroupPairs=from_balancer)]
        )


def _tcp(port: int, **peers: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peers}
