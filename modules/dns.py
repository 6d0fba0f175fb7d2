"""DNS: the hosted zones, the records that lead a service's hosts to the load balancer, and those that prove a name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from environments.schema import Environment, Service
from imports.aws import AwsProvider, DataAwsRoute53Zone, Route53Record, Route53RecordAlias
from imports.terraform import Construct, TerraformElement, TerraformResourceLifecycle, TerraformStack
from modules.addresses import addressed, host_address, validation_address
from modules.platform import Platform

CNAME_TTL_SECONDS = 300
VALIDATION_TTL_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class HostedZone:
    """A public hosted zone: its name, its id (a token), the name of its account, and that account's provider."""

    name: str
    zone_id: str
    account: str
    provider: AwsProvider


def zones_of_hosts(
    stack: TerraformStack, environment: Environment, providers: Mapping[str, AwsProvider]
) -> Mapping[str, HostedZone]:
    """Look up every zone that a service's host lies in, each in its own account; give the zone of each host."""
    hosts = {host: environment.zone_of(host) for service in environment.services.values() for host in service.hosts}
    names = dict.fromkeys(name for name in hosts.values() if name)
    zones = {name: _look_up(stack, name, environment.zones[name], providers) for name in names}
    return {host: zones[name] for host, name in hosts.items() if name}


def _look_up(stack: TerraformStack, name: str, account: str, providers: Mapping[str, AwsProvider]) -> HostedZone:
    data = DataAwsRoute53Zone(stack, f"zone_{name}", provider=providers[account], name=name, private_zone=False)
    addressed(data, host_address(name))
    return HostedZone(name=name, zone_id=data.zone_id, account=account, provider=providers[account])


class HostRecords(Construct):
    """The records of one service's hosts, made last, so that no name leads to something that does not serve yet.

    A host in the platform's account is an alias of the load balancer. A host in another account is a CNAME to the
    primary host, and follows it; at that zone's apex, where a CNAME may not stand (RFC 1034 section 3.6.2), an alias.

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
        aliases = {
            host: self._alias(host, zones[host], platform, list(after), is_followed=host == service.primary_host)
            for host in service.hosts
            if host not in followers
        }
        for host in followers:
            self._follow(host, zones[host], service.primary_host, aliases[service.primary_host])

    def _alias(
        self, host: str, zone: HostedZone, platform: Platform, after: list[TerraformElement], *, is_followed: bool
    ) -> Route53Record:
        target = Route53RecordAlias(
            name=platform.load_balancer_dns_name,
            zone_id=platform.load_balancer_zone_id,
            evaluate_target_health=False,
        )
        record = Route53Record(
            self,
            f"alias_{host}",
            provider=zone.provider,
            zone_id=zone.zone_id,
            name=host,
            type="A",
            alias=target,
            depends_on=after,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True) if is_followed else None,
        )
        return addressed(record, host_address(host))

    def _follow(self, host: str, zone: HostedZone, primary_host: str, alias: Route53Record) -> Route53Record:
        record = Route53Record(
            self,
            f"cname_{host}",
            provider=zone.provider,
            zone_id=zone.zone_id,
            name=host,
            type="CNAME",
            ttl=CNAME_TTL_SECONDS,
            records=[primary_host],
            depends_on=[alias],
        )
        return addressed(record, host_address(host))


def validation_record(
    scope: Construct, *, domain: str, zone: HostedZone, name: str, type: str, value: str
) -> Route53Record:
    """Make the record that proves a domain to ACM, in the zone (so in the account) that owns the domain.

    Terraform spreads `create_before_destroy` from the certificate to this record, and would, for a new certificate,
    write the same record again and delete it a moment later, which ends renewal unseen. ACM's record for a domain is
    stable within an account (https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html), so it is addressed
    by the domain and ignores later changes of name and value: it stays, whichever certificate it was first made for.
    """
    record = Route53Record(
        scope,
        f"validation_{domain}",
        provider=zone.provider,
        zone_id=zone.zone_id,
        name=name,
        type=type,
        ttl=VALIDATION_TTL_SECONDS,
        records=[value],
        lifecycle=TerraformResourceLifecycle(ignore_changes=["name", "records"]),
    )
    return addressed(record, validation_address(domain))
