"""One hosted zone as its own name servers answer for it: pure questions about its record sets.

RFC 1034 section 4.3.2 gives the order: delegation, the name itself, wildcard. RFC 4592 says what a wildcard covers;
RFC 2308 tells a name that does not exist (NXDOMAIN) from one without the records asked for (NODATA).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from edge.verify.names import canonical

_SOA_TTL_SECONDS = 900
_NAMES = {"CNAME", "NS", "PTR"}


@dataclass(frozen=True)
class RecordSet:
    """All records of one name and type; an alias has the name that it stands for instead of values."""

    name: str
    kind: str
    ttl_seconds: int
    values: tuple[str, ...] = ()
    alias: str | None = None


@dataclass(frozen=True)
class Zone:
    """A hosted zone: Route 53's id, its name, its name servers, and its record sets."""

    id: str
    name: str
    servers: tuple[str, ...]
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


Addresses = Callable[[str], tuple[str, ...]]
"""Gives the addresses of what an alias stands for outside the zone."""


def is_within(name: str, zone: str) -> bool:
    """Tell whether a name lies in a zone, or is its apex."""
    return name == zone or name.endswith(f".{zone}")


def answer(zone: Zone, name: str, kind: str, addresses: Addresses) -> Reply:
    """Answer one question from a zone; the name must be canonical."""
    if not is_within(name, zone.name):
        return Reply("REFUSED", authoritative=False)
    found: list[RecordSet] = []
    while True:
        delegated = _delegation(zone, name)
        if delegated is not None:
            return Reply("NOERROR", tuple(found), (delegated,), authoritative=bool(found))
        sets = _at(zone, name)
        if sets is None:
            return Reply("NXDOMAIN", tuple(found), (soa(zone),))
        wanted = [_resolved(zone, each, addresses) for each in sets if each.kind in {kind, "CNAME"}]
        found += [each for each in wanted if each.values]
        target = next((canonical(each.values[0]) for each in wanted if each.kind == "CNAME" != kind), None)
        if target is None or not is_within(target, zone.name) or any(each.name == target for each in found):
            break
        name = target
    return Reply("NOERROR", tuple(found), () if found else (soa(zone),))


def soa(zone: Zone) -> RecordSet:
    """Give a zone's start of authority, with Route 53's own numbers."""
    value = f"{zone.servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
    return RecordSet(zone.name, "SOA", _SOA_TTL_SECONDS, (value,))


def absolute(record: RecordSet) -> tuple[str, ...]:
    """Write a record set's values as the wire takes them: names with their last dot."""
    return tuple(f"{value.rstrip('.')}." if record.kind in _NAMES else value for value in record.values)


def _delegation(zone: Zone, name: str) -> RecordSet | None:
    """Find the NS records below the apex that take a name away from this zone."""
    cuts = [each for each in zone.records if each.kind == "NS" and each.name != zone.name]
    return next((each for each in cuts if is_within(name, each.name)), None)


def _at(zone: Zone, name: str) -> list[RecordSet] | None:
    """List what stands at a name, perhaps nothing; None where the name does not exist."""
    if name == zone.name:
        apex = [each for each in zone.records if each.name == name and each.kind != "SOA"]
        return [*apex, soa(zone)]
    exact = [each for each in zone.records if each.name == name]
    if exact or _exists(zone, name):
        return exact
    # RFC 4592 section 3.3.1: only the wildcard right below the closest name that exists can cover.
    encloser = next(parent for parent in _parents(name) if _exists(zone, parent))
    covering = [each for each in zone.records if each.name == f"*.{encloser}"]
    return [replace(each, name=name) for each in covering] or None


def _exists(zone: Zone, name: str) -> bool:
    """Tell whether a name exists: it has records, or something below it has (an empty non-terminal), or is the apex."""
    return name == zone.name or any(is_within(each.name, name) for each in zone.records)


def _parents(name: str) -> Iterator[str]:
    labels = name.split(".")
    return (".".join(labels[index:]) for index in range(1, len(labels)))


def _resolved(zone: Zone, record: RecordSet, addresses: Addresses) -> RecordSet:
    """Put the addresses that an alias stands for into its place; the TTL is a load balancer's, 60 s."""
    if record.alias is None:
        return record
    inside = [each for each in zone.records if each.name == record.alias and each.kind == record.kind]
    if inside and inside[0] != record:
        return replace(_resolved(zone, inside[0], addresses), name=record.name)
    values = addresses(record.alias) if record.kind == "A" else ()
    return replace(record, values=values, ttl_seconds=60)
