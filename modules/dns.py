"""DNS: the records that lead a service's hosts to the load balancer, that prove a name, and that delegate a zone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from environments.addresses import delegation_address, host_address, validation_address
from environments.schema import Service
from imports.aws import AwsProvider, Route53Record, Route53RecordAlias
from imports.terraform import Construct, TerraformElement, TerraformResourceLifecycle
from modules.addresses import addressed
from modules.shared_platform import Platform

CNAME_TTL_SECONDS = 300
VALIDATION_TTL_SECONDS = 300
DELEGATION_TTL_SECONDS = 300

# The types of an alias, each with the end of its address; the second where the load balancer serves IPv6.
ALIASES = (("A", ""), ("AAAA", "__ipv6"))


@dataclass(frozen=True, kw_only=True)
class HostedZone:
    """A public hosted zone: its name, its id (a token), the name of its account, and that account's provider.

    `delegations` are the records made here that lead to it, from its parent and from its parent's; none where it stood.
    """

    name: str
    zone_id: str
    account: str
    provider: AwsProvider
    delegations: tuple[Route53Record, ...] = ()


class HostRecords(Construct):
    """The records of one service's hosts, made last, so that no name leads to something that does not serve yet.

    A host in the platform's account is an alias of the load balancer: A, and AAAA too where that serves IPv6. A host
    in another account is a CNAME to the primary host, and follows it; at that zone's apex, where a CNAME may not stand
    (RFC 1034 section 3.6.2), an alias.

    Where another host becomes the primary one, the old one's alias must stay until the CNAMEs have left it. Terraform
    gives that order for what has `create_before_destroy`, and gives up another for it: a removed name goes before the
    listener rule stops to take it. So only the primary host, which others lead to, has it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: Service,
        platform: Platform,
        platform_account: str,
        zones: Mapping[str, HostedZone],
        after: Iterable[TerraformElement],
    ) -> None:
        super().__init__(scope, id)
        followers = [
            host for host in service.hosts if zones[host].account != platform_account and zones[host].name != host
        ]
        waited_for = list(after)
        aliases = {
            host: self._aliases(host, zones[host], platform, waited_for, is_followed=host == service.primary_host)
            for host in service.hosts
            if host not in followers
        }
        for host in followers:
            self._follow(host, zones[host], service.primary_host, aliases[service.primary_host])

    def _aliases(
        self, host: str, zone: HostedZone, platform: Platform, after: list[TerraformElement], *, is_followed: bool
    ) -> list[Route53Record]:
        """Make the aliases of one host: for IPv4, and for IPv6 where the load balancer serves it."""
        target = Route53RecordAlias(
            name=platform.load_balancer_dns_name,
            zone_id=platform.load_balancer_zone_id,
            evaluate_target_health=False,
        )
        lifecycle = TerraformResourceLifecycle(create_before_destroy=True) if is_followed else None
        return [
            addressed(
                Route53Record(
                    self,
                    f"alias_{host}{suffix}",
                    provider=zone.provider,
                    zone_id=zone.zone_id,
                    name=host,
                    type=type,
                    alias=target,
                    depends_on=after,
                    lifecycle=lifecycle,
                ),
                host_address(host) + suffix,
            )
            for type, suffix in (ALIASES if platform.load_balancer_is_dualstack else ALIASES[:1])
        ]

    def _follow(self, host: str, zone: HostedZone, primary_host: str, after: list[Route53Record]) -> Route53Record:
        record = Route53Record(
            self,
            f"cname_{host}",
            provider=zone.provider,
            zone_id=zone.zone_id,
            name=host,
            type="CNAME",
            ttl=CNAME_TTL_SECONDS,
            records=[primary_host],
            depends_on=after,
        )
        return addressed(record, host_address(host))


def validation_record(scope: Construct, *, domain: str, zone: HostedZone, name: str, value: str) -> Route53Record:
    """Make the record that proves a domain to ACM, in the zone (so in the account) that owns the domain.

    Terraform spreads `create_before_destroy` from the certificate to this record, and would, for a new certificate,
    write the same record again and delete it a moment later, which ends renewal unseen. ACM's record for a domain is
    stable within an account (https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html), so it is addressed
    by the domain and ignores later changes of name and value: it stays, whichever certificate it was first made for.
    ACM proves by CNAME only (https://docs.aws.amazon.com/acm/latest/APIReference/API_ResourceRecord.html), and a type
    that is known keeps the record out of the plan of a later certificate.
    """
    record = Route53Record(
        scope,
        f"validation_{domain}",
        provider=zone.provider,
        zone_id=zone.zone_id,
        name=name,
        type="CNAME",
        ttl=VALIDATION_TTL_SECONDS,
        records=[value],
        lifecycle=TerraformResourceLifecycle(ignore_changes=["name", "records"]),
    )
    return addressed(record, validation_address(domain))


def delegation_record(scope: Construct, *, name: str, parent: HostedZone, name_servers: Sequence[str]) -> Route53Record:
    """Make the record in a parent zone that leads resolvers to a zone made here; `name_servers` is a list token."""
    record = Route53Record(
        scope,
        f"delegation_{name}",
        provider=parent.provider,
        zone_id=parent.zone_id,
        name=name,
        type="NS",
        ttl=DELEGATION_TTL_SECONDS,
        records=list(name_servers),
    )
    return addressed(record, delegation_address(name))
