"""One exposed service, composed from the instances outwards: each part waits for those that its requests need.

A request takes the way back: DNS, TLS by SNI, routing (and login), target group, firewall, instance. Made in this
order, the public name comes last and never leads to something that does not serve yet.
"""

from collections.abc import Mapping, Set

from environments import dns_records, naming, schema
from environments.checked import Environment
from imports.aws import LbListenerCertificate
from imports.terraform import Construct, TerraformOutput, TerraformResource
from modules.addresses import addressed
from modules.alarms import ServiceAlarms
from modules.certificate import Certificate
from modules.dns import HostedZone, HostRecords
from modules.firewall import ServicePort
from modules.login import sign_in_actions
from modules.routing import Routing, forward_to
from modules.shared_platform import Platform
from modules.target_group import TargetGroup


class Service(Construct):
    """Everything that exposes one service, from its port on the instances to its name in DNS.

    Of its hosts, those that it shares with other services may be another's: `owned_hosts` are its own, whose records
    it makes. `certificate_names` are on a certificate of its own; where there are none, `certificate` is None, and its
    hosts are served with another's. The records of hosts in `first` come before all else, and even before what proves
    them (`environments/wildcards.py`).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: Environment,
        platform: Platform,
        zones: Mapping[str, HostedZone],
        owned_hosts: tuple[str, ...],
        certificate_names: tuple[str, ...],
        first: Set[str],
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
        opened = _opened(self, id, service, moves_with=target_group.port, platform=platform, tags=tags)
        self.certificate = _certificate(self, id, names=certificate_names, zones=zones, platform=platform, tags=tags)
        login = sign_in_actions(self, id, prefix=prefix, service=service, platform=platform)
        self.routing = Routing(
            self,
            "routing",
            address=id,
            rules=service.rules,
            actions=[*login, forward_to(target_group.arn, order=len(login) + 1)],
            platform=platform,
            after=[target_group.attachment, *opened, *_attachments(self.certificate)],
            tags=tags,
        )
        self.dns = self._named(service, environment, owned_hosts, platform=platform, zones=zones, first=first)
        ServiceAlarms(
            self,
            "alarms",
            name=id,
            prefix=prefix,
            alarms=service.alarms,
            target_group_arn_suffix=target_group.arn_suffix,
            certificate_arn=self.certificate.arn if self.certificate else None,
            platform=platform,
            tags=tags,
        )
        _outputs(self, id, service, target_group=target_group, certificate=self.certificate)

    def _named(
        self,
        service: schema.Service,
        environment: Environment,
        hosts: tuple[str, ...],
        *,
        platform: Platform,
        zones: Mapping[str, HostedZone],
        first: Set[str],
    ) -> HostRecords:
        """Make the records of the service's own hosts, after its rules, but for those in `first`."""
        return HostRecords(
            self,
            "dns",
            records=[record for host in hosts for record in dns_records.of_host(environment, host)],
            primary_host=service.primary_host,
            primary_hosts={service.primary_host for service in environment.services.values()},
            platform=platform,
            zones=zones,
            after=self.routing.rules,
            first=first,
        )


def _opened(
    scope: Construct,
    name: str,
    service: schema.Service,
    *,
    moves_with: str,
    platform: Platform,
    tags: Mapping[str, str],
) -> list[TerraformResource]:
    """Open the service's port on both sides, unless another tool has; give the rules, for which routing waits."""
    if not service.opens_port:
        return []
    port = ServicePort(scope, "port", name=name, port=service.port, moves_with=moves_with, platform=platform, tags=tags)
    return [port.egress, port.ingress]


def _certificate(
    scope: Construct,
    name: str,
    *,
    names: tuple[str, ...],
    zones: Mapping[str, HostedZone],
    platform: Platform,
    tags: Mapping[str, str],
) -> Certificate | None:
    if not names:
        return None
    return Certificate(scope, "certificate", address=name, hosts=names, zones=zones, platform=platform, tags=tags)


def _attachments(certificate: Certificate | None) -> list[LbListenerCertificate]:
    return [certificate.attachment] if certificate else []


def _outputs(
    scope: Construct, name: str, service: schema.Service, *, target_group: TargetGroup, certificate: Certificate | None
) -> None:
    values = {"TargetGroupArn": target_group.arn} | ({"CertificateArn": certificate.arn} if certificate else {})
    for quantity, value in {**values, "Url": service.url}.items():
        address = naming.output_name(service=name, quantity=quantity)
        addressed(TerraformOutput(scope, address, value=value), address)
