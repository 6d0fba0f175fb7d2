"""The certificate of one service, proven in every account that owns one of its names, and its place on the listener.

A change of names replaces the certificate. `create_before_destroy` keeps the old one attached until the new one is; the
validation records stay where they are (see `dns.validation_record`).
"""

from collections.abc import Mapping

from imports.aws import AcmCertificate, AcmCertificateValidation, LbListenerCertificate, Route53Record
from imports.terraform import Construct, TerraformResourceLifecycle
from modules.addresses import addressed
from modules.dns import HostedZone, validation_record
from modules.platform import Platform


class Certificate(Construct):
    """An ACM certificate over a service's hosts: requested, proven by DNS, validated, and attached by SNI.

    `arn` is the validated certificate's: whatever takes it waits until ACM has issued it. `attachment` is the listener
    certificate, which a rule must wait for.
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
        super().__init__(scope, id)
        replaced_without_a_gap = TerraformResourceLifecycle(create_before_destroy=True)
        request = AcmCertificate(
            self,
            "request",
            provider=platform.provider,
            domain_name=hosts[0],
            subject_alternative_names=list(hosts[1:]),
            validation_method="DNS",
            tags=dict(tags),
            lifecycle=replaced_without_a_gap,
        )
        addressed(request, address)
        records = [
            self._validation_record(request, host=host, zone=zones[host]) for host in _one_for_each_record(hosts)
        ]
        validation = AcmCertificateValidation(
            self,
            "validation",
            provider=platform.provider,
            certificate_arn=request.arn,
            validation_record_fqdns=[record.fqdn for record in records],
            lifecycle=replaced_without_a_gap,
        )
        addressed(validation, address)
        self.arn = validation.certificate_arn
        self.attachment = LbListenerCertificate(
            self,
            "attachment",
            provider=platform.provider,
            listener_arn=platform.https_listener_arn,
            certificate_arn=self.arn,
            lifecycle=replaced_without_a_gap,
        )
        addressed(self.attachment, address)

    def _validation_record(self, request: AcmCertificate, *, host: str, zone: HostedZone) -> Route53Record:
        return validation_record(
            self,
            domain=_base_name(host),
            zone=zone,
            name=_validation_option(request, host, "resource_record_name"),
            type=_validation_option(request, host, "resource_record_type"),
            value=_validation_option(request, host, "resource_record_value"),
        )


def _base_name(host: str) -> str:
    return host.removeprefix("*.")


def _one_for_each_record(hosts: tuple[str, ...]) -> list[str]:
    """Pick one host for each validation record: a wildcard and its base name share theirs."""
    return list({_base_name(host): host for host in hosts}.values())


def _validation_option(request: AcmCertificate, host: str, attribute: str) -> str:
    """Pick one attribute of ACM's validation options by domain, so that no resource is keyed by an unknown value."""
    options = f"{request.fqn}.domain_validation_options"
    return f'${{one([for option in {options} : option.{attribute} if option.domain_name == "{host}"])}}'
