"""One hosted zone as its own name servers answer for it: pure questions about its record sets.

RFC 1034 section 4.3.2 gives the order: delegation, the name itself, wildcard. RFC 4592 says what a wildcard covers;
RFC 2308 tells a name that does not exist (NXDOMAIN) from one without the records asked for (NODATA).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from dns.name import Name

from embedded_aws.dns_names import is_below, parse, wildcard_below

_SOA_TTL_SECONDS = 900
_NAMES = {"CNAME", "NS", "PTR"}


@dataclass(frozen=True)
class RecordSet:
    """All records of one name and type; an alias has the name that it stands for instead of values."""

    name: Name
    kind: str
    ttl_seconds: int
    values: tuple[str, ...] = ()
    alias: Name | None = None


@dataclass(frozen=True)
class Zone:
    """A hosted zone: Route 53's id, its name, its name servers, and its record sets."""

    id: str
    name: Name
    servers: tuple[Name, ...]
    records: tuple[RecordSet, ...]


@dataclass(frozen=True)
class Reply:
    """What a name server answers: status, records of the answer and of the authority section, and the AA flag."""

    status: str
    answer: tuple[RecordSet, ...] = ()
    authority: tuple[RecordSet, ...] = ()
    authoritative: bool = True

    @property
    def is_referral(self) -> bool:
        """Whether it only names the servers that know more."""
        return not self.authoritative and not self.answer and bool(self.authority)


Addresses = Callable[[Name], tuple[str, ...]]
"""Gives the addresses of what an alias stands for outside the zone."""


def answer(zone: Zone, name: Name, kind: str, addresses: Addresses) -> Reply:
    """Answer one question from a zone."""
    if not name.is_subdomain(zone.name):
        return Reply("REFUSED", authoritative=False)
    found: list[RecordSet] = []
    while True:
        delegated = _delegation(zone, name, kind)
        if delegated is not None:
            return Reply("NOERROR", tuple(found), (delegated,), authoritative=bool(found))
        sets = _at(zone, name)
        if sets is None:
            return Reply("NXDOMAIN", tuple(found), (soa(zone),))
        wanted = [_resolved(zone, record, addresses) for record in sets if record.kind in {kind, "CNAME"}]
        found += [record for record in wanted if record.values]
        target = next((parse(record.values[0]) for record in wanted if record.kind == "CNAME" != kind), None)
        if target is None or not target.is_subdomain(zone.name) or any(record.name == target for record in found):
            break
        name = target
    return Reply("NOERROR", tuple(found), () if found else (soa(zone),))


def soa(zone: Zone) -> RecordSet:
    """Give a zone's start of authority, with Route 53's own numbers."""
    value = f"{zone.servers[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
    return RecordSet(zone.name, "SOA", _SOA_TTL_SECONDS, (value,))


def absolute(record: RecordSet) -> tuple[str, ...]:
    """Write a record set's values as the wire takes them: names with their last dot."""
    return tuple(parse(value).to_text() if record.kind in _NAMES else value for value in record.values)


def _delegation(zone: Zone, name: Name, kind: str) -> RecordSet | None:
    """Find the NS records below the apex that take a name away from this zone: the highest of them.

    The DS records of a child are the parent's (RFC 4035 section 3.1.4.1).
    """
    cuts = [record for record in zone.records if record.kind == "NS" and is_below(record.name, zone.name)]
    cuts = [record for record in cuts if (record.name, kind) != (name, "DS")]
    return min((cut for cut in cuts if name.is_subdomain(cut.name)), key=lambda cut: len(cut.name), default=None)


def _at(zone: Zone, name: Name) -> list[RecordSet] | None:
    """List what stands at a name, perhaps nothing; None where the name does not exist."""
    if name == zone.name:
        apex = [record for record in zone.records if record.name == name and record.kind != "SOA"]
        return [*apex, soa(zone)]
    if _exists(zone, name):
        return [record for record in zone.records if record.name == name]
    source = wildcard_below(_closest_encloser(zone, name))
    covering = [record for record in zone.records if record.name == source]
    if covering or _exists(zone, source):
        return [replace(record, name=name) for record in covering]
    return None


def _closest_encloser(zone: Zone, name: Name) -> Name:
    """Climb from a name to the nearest one that exists: only the wildcard right below it covers (RFC 4592 3.3.1)."""
    while not _exists(zone, name):
        name = name.parent()
    return name


def _exists(zone: Zone, name: Name) -> bool:
    """Tell whether a name exists: it has records, or something below it has (an empty non-terminal), or is the apex."""
    return name == zone.name or any(record.name.is_subdomain(name) for record in zone.records)


def _resolved(zone: Zone, record: RecordSet, addresses: Addresses) -> RecordSet:
    """Put the addresses that an alias stands for into its place; the TTL is a load balancer's, 60 s."""
    if record.alias is None:
        return record
    inside = [other for other in zone.records if other.name == record.alias and other.kind == record.kind]
    if inside and inside[0] != record:
        return replace(_resolved(zone, inside[0], addresses), name=record.name)
    values = addresses(record.alias) if record.kind == "A" else ()
    return replace(record, values=values, ttl_seconds=60)
