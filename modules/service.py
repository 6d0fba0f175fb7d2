"""One exposed service, composed from the instances outwards: each part waits for those that its requests need.

A request takes the way back: DNS, TLS by SNI, routing (and login), target group, firewall, instance. Made in this
order, the public name comes last and never leads to something that does not serve yet.
"""

from collections.abc import Mapping

from environments import naming, schema
from imports.aws import LbListenerRuleAction
from imports.terraform import Construct, TerraformOutput
from modules.addresses import addressed
from modules.alarms import ServiceAlarms
from modules.certificate import Certificate
from modules.dns import HostedZone, HostRecords
from modules.firewall import ServicePort
from modules.login import Login
from modules.routing import Routing, forward_to
from modules.shared_platform import Platform
from modules.target_group import TargetGroup


class Service(Construct):
    """Everything that exposes one service, from its port on the instances to its name in DNS."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: schema.Environment,
        platform: Platform,
        zones: Mapping[str, HostedZone],
    ) -> None:
        super().__init__(scope, id)
        service, prefix, tags = environment.services[id], environment.prefix, {"Service": id}

        target_group = TargetGroup(
            self,
            "target_group",
            address=id,
            name=naming.target_group_name(prefix=prefix, service=id, generation=service.generation),
            service=service,
            platform=platform,
            tags=tags,
        )
        port = ServicePort(
            self, "port", name=id, port=service.port, moves_with=target_group.port, platform=platform, tags=tags
        )
        certificate = Certificate(
            self, "certificate", address=id, hosts=service.hosts, zones=zones, platform=platform, tags=tags
        )
        login = _login(self, id, prefix=prefix, service=service, platform=platform)
        routing = Routing(
            self,
            "routing",
            address=id,
            rules=service.rules,
            actions=[*login, forward_to(target_group.arn, order=len(login) + 1)],
            platform=platform,
            after=[target_group.attachment, port.egress, port.ingress, certificate.attachment],
            tags=tags,
        )
        HostRecords(
            self,
            "dns",
            service=service,
            platform=platform,
            platform_account=environment.platform.account,
            zones=zones,
            after=routing.rules,
        )
        ServiceAlarms(
            self,
            "alarms",
            name=id,
            prefix=prefix,
            alarms=service.alarms,
            target_group_arn_suffix=target_group.arn_suffix,
            certificate_arn=certificate.arn,
            platform=platform,
            tags=tags,
        )
        _outputs(self, id, service, target_group=target_group, certificate=certificate)


def _login(
    scope: Construct, name: str, *, prefix: str, service: schema.Service, platform: Platform
) -> list[LbListenerRuleAction]:
    """Make the actions before `forward`: a sign-in where the service asks for one, else none."""
    if not service.login:
        return []
    if platform.user_pool is None:
        message = f"services.{name} asks for a login, and the platform has no user pool"
        raise ValueError(message)
    login = Login(
        scope, "login", name=name, prefix=prefix, hosts=service.hosts, platform=platform, user_pool=platform.user_pool
    )
    return [login.action]


def _outputs(
    scope: Construct, name: str, service: schema.Service, *, target_group: TargetGroup, certificate: Certificate
) -> None:
    values = {
        "TargetGroupArn": target_group.arn,
        "CertificateArn": certificate.arn,
        "Url": f"https://{service.primary_host}",
    }
    for quantity, value in values.items():
        address = naming.output_name(service=name, quantity=quantity)
        addressed(TerraformOutput(scope, address, value=value), address)
