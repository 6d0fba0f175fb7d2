"""The security groups of the load balancer and of the instances; their rules are the firewall's."""

from imports.aws_platform import SecurityGroup
from imports.terraform import Construct, TerraformElement, TerraformResourceLifecycle
from modules.addresses import addressed
from modules.firewall import InstanceWaysOut, PublicPorts
from modules.platform.managed.site import Site


class SecurityGroups(Construct):
    """The world reaches the load balancer on 80 and 443, which reaches the instances on the services' ports only.

    The instances reach HTTPS anywhere, for their image, packages and Systems Manager. `rules` are what must stand
    before an instance starts.
    """

    def __init__(self, scope: Construct, id: str, *, site: Site, vpc_id: str) -> None:
        super().__init__(scope, id)
        self.balancer_id = self._group(site, vpc_id, "load_balancer", part="alb-sg", description="Load balancer")
        self.instances_id = self._group(site, vpc_id, "instances", part="ec2-sg", description="Instances")
        PublicPorts(
            self,
            "public_ports",
            provider=site.provider,
            security_group_id=self.balancer_id,
            ipv6=site.settings.balancer.is_dualstack,
        )
        ways_out = InstanceWaysOut(
            self, "instance_ways_out", provider=site.provider, security_group_id=self.instances_id
        )
        self.rules: list[TerraformElement] = [ways_out.https]

    def _group(self, site: Site, vpc_id: str, address: str, *, part: str, description: str) -> str:
        group = SecurityGroup(
            self,
            address,
            provider=site.provider,
            name=site.name(part),
            description=f"{description} of {site.prefix}",  # a change would replace the group: it is never changed
            vpc_id=vpc_id,
            tags=site.named(part),
            lifecycle=TerraformResourceLifecycle(ignore_changes=["description"]),
        )
        return addressed(group, address).id
