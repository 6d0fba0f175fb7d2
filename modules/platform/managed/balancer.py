"""The shared Application Load Balancer, its two listeners and the certificate that answers where no service's does."""

from imports.aws_platform import (
    Lb,
    LbAccessLogs,
    LbListener,
    LbListenerDefaultAction,
    LbListenerDefaultActionFixedResponse,
    LbListenerDefaultActionRedirect,
)
from imports.terraform import Construct
from modules.addresses import addressed
from modules.certificate import IssuedCertificate
from modules.dns import HostedZone
from modules.firewall import HTTP_PORT, HTTPS_PORT
from modules.platform.managed.access_logs import AccessLogs
from modules.platform.managed.network import Network
from modules.platform.managed.site import Site

# What AWS recommends and its console takes: TLS 1.3, TLS 1.2 with forward secrecy and authenticated ciphers alone (the
# policy without "Res" also takes CBC), and post-quantum key exchange for clients that know it.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"


class Balancer(Construct):
    """HTTP is redirected to HTTPS; a request for no service's host is answered 404.

    `arn`, `arn_suffix`, `dns_name`, `zone_id` and `https_listener_arn` are what services are attached to.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        site: Site,
        certificate_name: str,
        zone: HostedZone,
        network: Network,
        security_group_id: str,
        logs: AccessLogs,
    ) -> None:
        super().__init__(scope, id)
        settings = site.settings.balancer
        balancer = Lb(
            self,
            "load_balancer",
            provider=site.provider,
            name=site.name("alb"),
            load_balancer_type="application",
            internal=False,
            ip_address_type=settings.ip_address_type,
            subnets=network.public_subnet_ids,
            security_groups=[security_group_id],
            drop_invalid_header_fields=True,
            enable_deletion_protection=settings.deletion_protection,
            access_logs=LbAccessLogs(bucket=logs.bucket, enabled=True),
            depends_on=[logs.policy, *network.public_ways_out],
        )
        addressed(balancer, "load_balancer")
        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self._redirect(site)
        self.https_listener_arn = self._https(site, certificate_name, zone)

    def _redirect(self, site: Site) -> None:
        to_https = LbListenerDefaultActionRedirect(protocol="HTTPS", port=str(HTTPS_PORT), status_code="HTTP_301")
        listener = LbListener(
            self,
            "http",
            provider=site.provider,
            load_balancer_arn=self.arn,
            port=HTTP_PORT,
            protocol="HTTP",
            default_action=[LbListenerDefaultAction(type="redirect", redirect=to_https)],
        )
        addressed(listener, f"http_{HTTP_PORT}")

    def _https(self, site: Site, certificate_name: str, zone: HostedZone) -> str:
        certificate = IssuedCertificate(
            self,
            "certificate",
            address="load_balancer",
            hosts=(certificate_name,),
            zones={certificate_name: zone},
            provider=site.provider,
            tags={},
        )
        not_found = LbListenerDefaultActionFixedResponse(
            status_code="404", content_type="text/plain", message_body="No service has this host."
        )
        listener = LbListener(
            self,
            "https",
            provider=site.provider,
            load_balancer_arn=self.arn,
            port=HTTPS_PORT,
            protocol="HTTPS",
            ssl_policy=TLS_POLICY,
            certificate_arn=certificate.arn,
            default_action=[LbListenerDefaultAction(type="fixed-response", fixed_response=not_found)],
        )
        return addressed(listener, f"https_{HTTPS_PORT}").arn
