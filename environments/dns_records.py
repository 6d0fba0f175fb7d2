"""Which DNS records an environment writes: for each its type, and the zone, so the account, that it is written into.

A host in the platform's account is an alias of the load balancer: A, and AAAA too where that serves IPv6. A host in
another account is a CNAME to the primary host; at that zone's apex, where a CNAME may not stand (RFC 1034 section
3.6.2), an alias. Every name on a certificate has a CNAME by which ACM proves it, and a zone that is made here a
delegation in its parent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from environments.addresses import Purpose, RecordAddress
from environments.certificates import Certificates
from environments.checked import Environment
from environments.dns_names import base_name

Type = Literal["A", "AAAA", "CNAME", "NS"]

# The types that a record may have, by what it is for.
TYPES: dict[Purpose, tuple[Type, ...]] = {
    Purpose.HOST: ("A", "CNAME"),
    Purpose.HOST_OVER_IPV6: ("AAAA",),
    Purpose.VALIDATION: ("CNAME",),
    Purpose.DELEGATION: ("NS",),
}


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record: what it is for, whose it is (a host, a proven name or a delegated zone), its type, zone and account.

    A validation record's own name is a label of ACM's before the name that it proves.
    """

    purpose: Purpose
    name: str
    type: Type
    zone: str
    account: str

    @property
    def address(self) -> str:
        """The record's Terraform name."""
        return str(RecordAddress(self.name, self.purpose))

    @property
    def is_alias(self) -> bool:
        """Whether it leads to the load balancer itself, and not by the primary host."""
        return self.type in ("A", "AAAA")


def all_records(environment: Environment) -> Iterator[Record]:
    """Go over every record of an environment."""
    for host in environment.hosts:
        yield from of_host(environment, host)
    for name in Certificates(environment).provers:
        yield validation_of(environment, name)
    if managed := environment.managed:
        yield validation_of(environment, managed.own_name)
    for zone in environment.created_zones:
        yield delegation_of(environment, zone)


def of_hosts(environment: Environment, hosts: Iterable[str]) -> Iterator[Record]:
    """Go over the records of some hosts, those that lead to the service and those that prove them, each once."""
    once = dict.fromkeys(hosts)
    for host in once:
        yield from of_host(environment, host)
    for name in dict.fromkeys(map(base_name, once)):
        yield validation_of(environment, name)


def of_host(environment: Environment, host: str) -> tuple[Record, ...]:
    """Give the records that lead a host to its service: its aliases, or its CNAME."""
    zone = environment.zone_of(host)
    if environment.zones[zone].account != environment.platform.account and host != zone:
        return (_record(environment, Purpose.HOST, host, "CNAME", zone),)
    ipv4 = _record(environment, Purpose.HOST, host, "A", zone)
    if not environment.platform.is_dualstack:
        return (ipv4,)
    return ipv4, _record(environment, Purpose.HOST_OVER_IPV6, host, "AAAA", zone)


def validation_of(environment: Environment, host: str) -> Record:
    """Give the record that proves a host to ACM; a wildcard and the name below it share theirs.

    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    """
    name = base_name(host)
    return _record(environment, Purpose.VALIDATION, name, "CNAME", environment.zone_of(name))


def delegation_of(environment: Environment, zone: str) -> Record:
    """Give the record in the parent zone that leads resolvers to a zone made here."""
    return _record(environment, Purpose.DELEGATION, zone, "NS", environment.parent_of(zone))


def _record(environment: Environment, purpose: Purpose, name: str, type: Type, zone: str) -> Record:
    return Record(purpose=purpose, name=name, type=type, zone=zone, account=environment.zones[zone].account)
