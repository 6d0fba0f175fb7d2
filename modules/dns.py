"""DNS: the records that lead a service's hosts to the load balancer, that prove a name, and that delegate a zone."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from environments.addresses import Purpose, RecordAddress
from environments.dns_records import Record
from imports.aws import AwsProvider, Route53Record, Route53RecordAlias
from imports.terraform import Construct, TerraformElement, TerraformResourceLifecycle
from modules.addresses import addressed
from modules.shared_platform import Platform

CNAME_TTL_SECONDS = 300
VALIDATION_TTL_SECONDS = 300
DELEGATION_TTL_SECONDS = 300


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
    """The records of the hosts that one service owns, made last: no name leads to what does not serve yet.

    `environments/dns_records.py` says which they are. CNAMEs follow the primary host, and wait for its aliases.

    Where another host becomes the primary one, the old one's alias must stay until the CNAMEs have left it. Terraform
    gives that order for what has `create_before_destroy`, and gives up another for it: a removed name goes before the
    listener rule stops taking it. So only a primary host, which others lead to, has it: this service's, or that of
    another service which shares the host (`primary_hosts`).

    A host that a wildcard answers would be hidden by its own proof, which waits for its records. So these wait for
    nothing: they are in `first` (`environments/wildcards.py`), with the primary host, where they lead to that.

    `made` are the records of each host.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        records: Sequence[Record],
        primary_host: str,
        primary_hosts: Set[str],
        platform: Platform,
        zones: Mapping[str, HostedZone],
        after: Iterable[TerraformElement],
        first: Set[str],
    ) -> None:
        super().__init__(scope, id)
        waited_for, self.made = list(after), dict[str, list[Route53Record]]()
        for record in records:
            if record.is_alias:
                is_followed = record.name in primary_hosts
                awaited = [] if record.name in first else waited_for
                alias = self._alias(record, zones[record.name], platform, awaited, is_followed=is_followed)
                self.made.setdefault(record.name, []).append(alias)
        # Another service may own the primary host; `shared_hosts` then lets these wait for its records.
        followed = self.made.get(primary_host, waited_for)
        for record in records:
            if not record.is_alias:
                cname = self._follow(record, zones[record.name], primary_host, followed)
                self.made.setdefault(record.name, []).append(cname)

    def _alias(
        self, record: Record, zone: HostedZone, platform: Platform, after: list[TerraformElement], *, is_followed: bool
    ) -> Route53Record:
        """Make one alias of the load balancer, for IPv4 or for IPv6."""
        target = Route53RecordAlias(
            name=platform.load_balancer_dns_name,
            zone_id=platform.load_balancer_zone_id,
            evaluate_target_health=False,
        )
        alias = Route53Record(
            self,
            f"alias_{record.name}{record.purpose.value}",
            provider=zone.provider,
            zone_id=zone.zone_id,
            name=record.name,
            type=record.type,
            alias=target,
            depends_on=after or None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True) if is_followed else None,
        )
        return addressed(alias, record.address)

    def _follow(
        self, record: Record, zone: HostedZone, primary_host: str, after: Sequence[TerraformElement]
    ) -> Route53Record:
        cname = Route53Record(
            self,
            f"cname_{record.name}",
            provider=zone.provider,
            zone_id=zone.zone_id,
            name=record.name,
            type=record.type,
            ttl=CNAME_TTL_SECONDS,
            records=[primary_host],
            depends_on=list(after),
        )
        return addressed(cname, record.address)


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
    return addressed(record, str(RecordAddress(domain, Purpose.VALIDATION)))


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
    return addressed(record, str(RecordAddress(name, Purpose.DELEGATION)))
