"""The network: a VPC with a public and a private subnet in each of two availability zones.

The zones are called `a` and `b` in addresses, whatever AWS calls them: a subnet stays in the zone it was made in, also
when AWS opens another one.
"""

from imports.aws_platform import (
    DataAwsAvailabilityZones,
    DataAwsAvailabilityZonesFilter,
    DefaultSecurityGroup,
    InternetGateway,
    Subnet,
    Vpc,
)
from imports.terraform import Construct, TerraformElement, TerraformResourceLifecycle
from modules.addresses import addressed
from modules.platform.managed.routes import PrivateRoutes, PublicRoutes
from modules.platform.managed.site import Site
from modules.platform.managed.subnets import Subnets

ZONES = ("a", "b")
_SLICE_BITS = 3  # an eighth of the VPC for each of four subnets; the other half stays free
_IPV6_SLICE_BITS = 8  # of the VPC's /56, a /64 each, as AWS demands


class Network(Construct):
    """The VPC and its ways out.

    `public_subnet_ids` are for the load balancer, `instance_subnet_ids` for the instances: the private ones, or without
    NAT the public ones, since instances must reach the registry that holds their image. `public_ways_out` must stand
    before the load balancer, and `ways_out`, all of them, before an instance can reach the internet.
    """

    def __init__(self, scope: Construct, id: str, *, site: Site) -> None:
        super().__init__(scope, id)
        vpc = self._vpc(site)
        names = self._zone_names(site)
        subnets = {zone: self._subnets(site, vpc, names, zone) for zone in ZONES}
        gateway = InternetGateway(self, "gateway", provider=site.provider, vpc_id=vpc.id, tags=site.named("igw"))
        addressed(gateway, "internet")
        public = PublicRoutes(
            self,
            "public_routes",
            site=site,
            vpc_id=vpc.id,
            gateway=gateway,
            subnets={zone: pair.public for zone, pair in subnets.items()},
        )
        private = PrivateRoutes(
            self, "private_routes", site=site, vpc_id=vpc.id, subnets=subnets, public_table_id=public.table_id
        )
        self.vpc_id = vpc.id
        self.public_subnet_ids = [pair.public.id for pair in subnets.values()]
        self.instance_subnet_ids = [
            pair.private.id if site.settings.network.has_nat else pair.public.id for pair in subnets.values()
        ]
        self.public_ways_out: list[TerraformElement] = [*public.routes]
        self.ways_out: list[TerraformElement] = [*public.routes, *private.routes]

    def _vpc(self, site: Site) -> Vpc:
        vpc = Vpc(
            self,
            "vpc",
            provider=site.provider,
            cidr_block=site.settings.network.cidr_block,
            assign_generated_ipv6_cidr_block=site.settings.balancer.is_dualstack or None,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=site.named("vpc"),
        )
        addressed(vpc, "platform")
        # Every VPC comes with a group that lets its members reach each other and the world; nothing here uses it.
        closed = DefaultSecurityGroup(
            self, "default_group", provider=site.provider, vpc_id=vpc.id, tags=site.named("default-closed")
        )
        addressed(closed, "closed")
        return vpc

    def _zone_names(self, site: Site) -> DataAwsAvailabilityZones:
        """Look up the region's zones, without Local Zones and others that an account must opt in to."""
        zones = DataAwsAvailabilityZones(
            self,
            "availability_zones",
            provider=site.provider,
            state="available",
            filter=[DataAwsAvailabilityZonesFilter(name="opt-in-status", values=["opt-in-not-required"])],
        )
        return addressed(zones, "available")

    def _subnets(self, site: Site, vpc: Vpc, names: DataAwsAvailabilityZones, zone: str) -> Subnets:
        number = ZONES.index(zone)
        return Subnets(
            public=self._subnet(site, vpc, names, kind="public", zone=zone, place=number),
            private=self._subnet(site, vpc, names, kind="private", zone=zone, place=len(ZONES) + number),
        )

    def _subnet(
        self, site: Site, vpc: Vpc, names: DataAwsAvailabilityZones, *, kind: str, zone: str, place: int
    ) -> Subnet:
        blocks = list(site.settings.network.block.subnets(prefixlen_diff=_SLICE_BITS))
        ipv6 = f"${{cidrsubnet({vpc.fqn}.ipv6_cidr_block, {_IPV6_SLICE_BITS}, {place})}}"
        subnet = Subnet(
            self,
            f"{kind}_{zone}",
            provider=site.provider,
            vpc_id=vpc.id,
            cidr_block=str(blocks[place]),
            ipv6_cidr_block=ipv6 if site.settings.balancer.is_dualstack and kind == "public" else None,
            availability_zone=f"${{{names.fqn}.names[{ZONES.index(zone)}]}}",
            map_public_ip_on_launch=False,
            tags=site.named(f"{kind}-{zone}"),
            lifecycle=TerraformResourceLifecycle(ignore_changes=["availability_zone"]),
        )
        return addressed(subnet, f"{kind}_{zone}")
