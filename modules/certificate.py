"""Certificates, proven in every account that owns one of their names, and a service's place on the listener.

A change of names replaces the certificate. `create_before_destroy` keeps the old one attached until the new one is; the
validation records stay where they are (see `dns.validation_record`).
"""

from collections.abc import Mapping

from environments.addresses import Purpose, RecordAddress
from environments.dns_names import base_name
from imports.aws import AcmCertificate, AcmCertificateValidation, AwsProvider, LbListenerCertificate, Route53Record
from imports.terraform import Construct, TerraformResourceLifecycle
from modules.addresses import addressed, attribute
from modules.dns import HostedZone, validation_record
from modules.shared_platform import Platform

_TYPE = "aws_acm_certificate"


class IssuedCertificate(Construct):
    """An ACM certificate over some hosts: requested, proven by DNS, and validated.

    `arn` is the validated certificate's: whatever takes it waits until ACM has issued it. ACM is waited for only once
    every zone that is made here is delegated to, since nobody can look into it before. `proofs` are the validation
    records by the names that they prove.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        address: str,
        hosts: tuple[str, ...],
        zones: Mapping[str, HostedZone],
        provider: AwsProvider,
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        replaced_without_a_gap = TerraformResourceLifecycle(create_before_destroy=True)
        request = AcmCertificate(
            self,
            "request",
            provider=provider,
            domain_name=hosts[0],
            subject_alternative_names=list(hosts[1:]),
            validation_method="DNS",
            tags=dict(tags),
            lifecycle=replaced_without_a_gap,
        )
        addressed(request, address)
        self.proofs = {
            base_name(host): self._validation_record(address, host=host, zone=zones[host])
            for host in _one_for_each_record(hosts)
        }
        distinct = {zone.name: zone for zone in (zones[host] for host in hosts)}.values()
        validation = AcmCertificateValidation(
            self,
            "validation",
            provider=provider,
            certificate_arn=attribute(_TYPE, address, "arn"),
            validation_record_fqdns=[_name_of_proof(host) for host in self.proofs],
            lifecycle=replaced_without_a_gap,
            depends_on=[delegation for zone in distinct for delegation in zone.delegations] or None,
        )
        addressed(validation, address)
        self.arn = attribute("aws_acm_certificate_validation", address, "certificate_arn")

    def _validation_record(self, address: str, *, host: str, zone: HostedZone) -> Route53Record:
        return validation_record(
            self,
            domain=base_name(host),
            zone=zone,
            name=_validation_option(address, host, "resource_record_name"),
            value=_validation_option(address, host, "resource_record_value"),
        )


class Certificate(IssuedCertificate):
    """The certificate of one service, attached to the listener by SNI.

    `attachment` is the listener certificate, which a rule must wait for.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        address: str,
        hosts: tuple[str, ...],
        zones: Mapping[str, HostedZone],
        platform: Platform,
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id, address=address, hosts=hosts, zones=zones, provider=platform.provider, tags=tags)
        self.attachment = LbListenerCertificate(
            self,
            "attachment",
            provider=platform.provider,
            listener_arn=platform.https_listener_arn,
            certificate_arn=self.arn,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        addressed(self.attachment, address)


def _one_for_each_record(hosts: tuple[str, ...]) -> list[str]:
    """Pick one host for each validation record: a wildcard and its base name share theirs."""
    return list({base_name(host): host for host in hosts}.values())


def _name_of_proof(host: str) -> str:
    return attribute("aws_route53_record", str(RecordAddress(host, Purpose.VALIDATION)), "fqdn")


def _validation_option(address: str, host: str, attribute: str) -> str:
    """Pick one attribute of ACM's validation options by domain, so that no resource is keyed by an unknown value."""
    options = f"{_TYPE}.{address}.domain_validation_options"
    return f'${{one([for option in {options} : option.{attribute} if option.domain_name == "{host}"])}}'
