"""The firewall: what the load balancer may send, and what the instances accept from it.

Rules are resources of their own, never inline in a group, so that this stack and the group's owner can both have some.
"""

from collections.abc import Mapping

from environments import naming
from imports.aws import AwsProvider, VpcSecurityGroupEgressRule, VpcSecurityGroupIngressRule
from imports.terraform import Construct, TerraformResourceLifecycle
from modules.addresses import addressed
from modules.shared_platform import Platform

HTTP_PORT = 80
HTTPS_PORT = 443


class ServicePort(Construct):
    """One service's port, opened from the load balancer's group to the instances' group, on both sides.

    AWS can move a rule to another port in place, which closes the old port while the listener still sends requests
    there. So a new port gives new rules: `moves_with` is the reference whose change replaces both, the target group's
    port, and the old ones go once the listener rule, which waits for the new ones, has switched.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        port: int,
        moves_with: str,
        platform: Platform,
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        opened_before_the_old_closes = TerraformResourceLifecycle(
            create_before_destroy=True, replace_triggered_by=[moves_with]
        )
        self.egress = VpcSecurityGroupEgressRule(
            self,
            "egress",
            provider=platform.provider,
            security_group_id=platform.load_balancer_security_group_id,
            referenced_security_group_id=platform.instance_security_group_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=f"{naming.title(name)} traffic to EC2",
            tags=dict(tags),
            lifecycle=opened_before_the_old_closes,
        )
        addressed(self.egress, name)
        self.ingress = VpcSecurityGroupIngressRule(
            self,
            "ingress",
            provider=platform.provider,
            security_group_id=platform.instance_security_group_id,
            referenced_security_group_id=platform.load_balancer_security_group_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=f"{naming.title(name)} port from ALB",
            tags=dict(tags),
            lifecycle=opened_before_the_old_closes,
        )
        addressed(self.ingress, name)


class SignInPort(Construct):
    """HTTPS out of the load balancer, which asks the identity provider itself; without it sign-in answers 500.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html#cognito-requirements
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        platform: Platform,
    ) -> None:
        super().__init__(scope, id)
        egress = VpcSecurityGroupEgressRule(
            self,
            "egress",
            provider=platform.provider,
            security_group_id=platform.load_balancer_security_group_id,
            cidr_ipv4="0.0.0.0/0",
            ip_protocol="tcp",
            from_port=HTTPS_PORT,
            to_port=HTTPS_PORT,
            description="Sign-in requests to the identity provider",
        )
        addressed(egress, "sign_in")


class PublicPorts(Construct):
    """HTTP and HTTPS from anywhere into a load balancer that is made here: the only ports open to the world."""

    def __init__(self, scope: Construct, id: str, *, provider: AwsProvider, security_group_id: str, ipv6: bool) -> None:
        super().__init__(scope, id)
        for name, port in (("http", HTTP_PORT), ("https", HTTPS_PORT)):
            for suffix, everywhere in (("", "0.0.0.0/0"), *([("_ipv6", "::/0")] if ipv6 else [])):
                rule = VpcSecurityGroupIngressRule(
                    self,
                    name + suffix,
                    provider=provider,
                    security_group_id=security_group_id,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    description=f"{name.upper()} from anywhere",
                    cidr_ipv4=None if suffix else everywhere,
                    cidr_ipv6=everywhere if suffix else None,
                )
                addressed(rule, f"world_{name}{suffix}")


class InstanceWaysOut(Construct):
    """HTTPS out of instances that are made here: images, packages and Systems Manager; `https` is the rule."""

    def __init__(self, scope: Construct, id: str, *, provider: AwsProvider, security_group_id: str) -> None:
        super().__init__(scope, id)
        self.https = VpcSecurityGroupEgressRule(
            self,
            "https",
            provider=provider,
            security_group_id=security_group_id,
            cidr_ipv4="0.0.0.0/0",
            ip_protocol="tcp",
            from_port=HTTPS_PORT,
            to_port=HTTPS_PORT,
            description="Images, packages and Systems Manager",
        )
        addressed(self.https, "instances_https")
