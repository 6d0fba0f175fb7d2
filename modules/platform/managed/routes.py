"""The ways out of the subnets: the internet gateway, NAT, and the gateway endpoint that keeps S3 off both."""

from collections.abc import Mapping

from imports.aws_platform import (
    Eip,
    InternetGateway,
    NatGateway,
    Route,
    RouteTable,
    RouteTableAssociation,
    Subnet,
    VpcEndpoint,
)
from imports.terraform import Construct
from modules.addresses import addressed
from modules.platform.managed import policies
from modules.platform.managed.site import Site
from modules.platform.managed.subnets import Subnets

EVERYWHERE, EVERYWHERE_IPV6 = "0.0.0.0/0", "::/0"


class PublicRoutes(Construct):
    """One table for all public subnets, with the internet gateway as the way out; `routes` are the ways."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        site: Site,
        vpc_id: str,
        gateway: InternetGateway,
        subnets: Mapping[str, Subnet],
    ) -> None:
        super().__init__(scope, id)
        self.table_id = _table(self, site, "public", vpc_id, subnets)
        ipv4 = Route(
            self,
            "ipv4",
            provider=site.provider,
            route_table_id=self.table_id,
            destination_cidr_block=EVERYWHERE,
            gateway_id=gateway.id,
        )
        self.routes = [addressed(ipv4, "public")]
        if site.settings.balancer.is_dualstack:
            ipv6 = Route(
                self,
                "ipv6",
                provider=site.provider,
                route_table_id=self.table_id,
                destination_ipv6_cidr_block=EVERYWHERE_IPV6,
                gateway_id=gateway.id,
            )
            self.routes.append(addressed(ipv6, "public_ipv6"))


class PrivateRoutes(Construct):
    """One table for each private subnet, so that it can leave through a NAT of its own zone; `routes` are the ways.

    One NAT is cheaper, and its zone's end takes the internet from all instances; one for each zone survives that.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        site: Site,
        vpc_id: str,
        subnets: Mapping[str, Subnets],
        public_table_id: str,
    ) -> None:
        super().__init__(scope, id)
        tables = {
            zone: _table(self, site, f"private_{zone}", vpc_id, {zone: pair.private}) for zone, pair in subnets.items()
        }
        wanted = {"none": 0, "one": 1, "one-per-zone": len(subnets)}[site.settings.network.nat_gateways]
        gateways = {zone: self._nat(site, zone, subnets[zone].public) for zone in list(subnets)[:wanted]}
        self.routes = [
            self._way_out(site, zone, table, gateways.get(zone) or next(iter(gateways.values())))
            for zone, table in tables.items()
            if gateways
        ]
        endpoint = VpcEndpoint(
            self,
            "s3",
            provider=site.provider,
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{site.region}.s3",
            vpc_endpoint_type="Gateway",
            policy=policies.s3_endpoint(site),
            route_table_ids=[public_table_id, *tables.values()],
            tags=site.named("s3"),
        )
        addressed(endpoint, "s3")

    def _nat(self, site: Site, zone: str, subnet: Subnet) -> NatGateway:
        address = Eip(self, f"eip_{zone}", provider=site.provider, domain="vpc", tags=site.named(f"nat-{zone}"))
        addressed(address, f"nat_{zone}")
        gateway = NatGateway(
            self,
            f"nat_{zone}",
            provider=site.provider,
            allocation_id=address.allocation_id,
            subnet_id=subnet.id,
            tags=site.named(f"nat-{zone}"),
        )
        return addressed(gateway, zone)

    def _way_out(self, site: Site, zone: str, table_id: str, gateway: NatGateway) -> Route:
        route = Route(
            self,
            f"route_{zone}",
            provider=site.provider,
            route_table_id=table_id,
            destination_cidr_block=EVERYWHERE,
            nat_gateway_id=gateway.id,
        )
        return addressed(route, f"private_{zone}")


def _table(scope: Construct, site: Site, name: str, vpc_id: str, subnets: Mapping[str, Subnet]) -> str:
    """Make a route table for some subnets of one kind, and give its id."""
    tag = site.named(name.replace("_", "-"))
    table = RouteTable(scope, f"table_{name}", provider=site.provider, vpc_id=vpc_id, tags=tag)
    addressed(table, name)
    kind = name.partition("_")[0]
    for zone, subnet in subnets.items():
        association = RouteTableAssociation(
            scope, f"{kind}_{zone}", provider=site.provider, route_table_id=table.id, subnet_id=subnet.id
        )
        addressed(association, f"{kind}_{zone}")
    return table.id
