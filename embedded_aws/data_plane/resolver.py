"""The DNS world around the hosted zones: a registry above them, name servers for each, and a resolver for clients.

The registry delegates to each declared zone that has no declared parent: to the oldest hosted zone of that name in the
declared account, as the certificate authority's correction sees it. Everything else comes from Route 53's API.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dns.name import Name

from embedded_aws.data_plane.aws_reader import Api
from embedded_aws.data_plane.routes import Places
from embedded_aws.data_plane.zone_answers import RecordSet, Reply, Zone, answer
from embedded_aws.dns_names import is_below, parse, written, zone_of

REGISTRY_SERVER = "ns.registry.invalid"  # RFC 6761: a name that nobody has
_REGISTRY = parse(REGISTRY_SERVER)
_DUAL_STACK = b"dualstack"
_TTL_SECONDS = 172800
_BALANCER_TTL_SECONDS = 60
_LONGEST_WAY = 16


class World:
    """Answers as the registry, as one zone's name servers, or as a resolver."""

    def __init__(self, declared: Mapping[str, str], api: Api, places: Places) -> None:
        """Take the declared zones, each with the id of the account that holds it."""
        self._api, self._places = api, places
        zones = {parse(zone): account_id for zone, account_id in declared.items()}
        self._tops = {zone: account for zone, account in zones.items() if zone_of(zone.parent(), zones) is None}

    def registry(self, name: Name, kind: str) -> Reply:
        """Answer as the zone above the declared ones: a referral, or its own name server."""
        top = zone_of(name, self._tops)
        if top is not None:
            zone = self._standing(top)
            values = tuple(written(server) for server in zone.servers) if zone else ()
            servers = (RecordSet(top, "NS", _TTL_SECONDS, values),) if zone else ()
            return Reply("NOERROR", authority=servers, authoritative=False)
        if not any(is_below(top, name) for top in self._tops):
            return Reply("NXDOMAIN")
        own = (RecordSet(name, "NS", _TTL_SECONDS, (REGISTRY_SERVER,)),)
        return Reply("NOERROR", own if kind == "NS" else ())

    def authority(self, zone_id: str, name: Name, kind: str) -> Reply:
        """Answer as the name servers of one hosted zone; a zone that is gone is refused."""
        zone = next((candidate for candidate in self._zones() if candidate.id == zone_id), None)
        return answer(zone, name, kind, self._addresses) if zone else Reply("REFUSED", authoritative=False)

    def resolver(self, name: Name, kind: str) -> Reply:
        """Answer as a resolver: follow delegations and CNAMEs; SERVFAIL for a loop or where nobody answers."""
        found: tuple[RecordSet, ...] = ()
        for _ in range(_LONGEST_WAY):
            reply = self._one_name(name, kind)
            found += reply.answer
            last = found[-1] if reply.answer else None
            if last is None or last.kind != "CNAME" or kind == "CNAME":
                return replace(reply, answer=found, authoritative=False)
            name = parse(last.values[0])
        return Reply("SERVFAIL", authoritative=False)

    def _one_name(self, name: Name, kind: str) -> Reply:
        if addresses := self._known_addresses(name):
            return Reply("NOERROR", (RecordSet(name, "A", _BALANCER_TTL_SECONDS, addresses),) if kind == "A" else ())
        top = zone_of(name, self._tops)
        if top is None:
            return self.registry(name, kind)
        zone = self._standing(top)
        while zone is not None:
            reply = answer(zone, name, kind, self._addresses)
            if not reply.is_referral:
                return reply
            zone = self._served_by(reply.authority[0])
        return Reply("SERVFAIL")

    def _served_by(self, delegation: RecordSet) -> Zone | None:
        """Find the hosted zone that the delegation's name servers serve."""
        named = {parse(server) for server in delegation.values}
        return next(
            (zone for zone in self._zones() if zone.name == delegation.name and named <= set(zone.servers)), None
        )

    def _known_addresses(self, name: Name) -> tuple[str, ...]:
        """Give the addresses of what AWS and the registry name themselves: load balancers and name servers."""
        if name == _REGISTRY:
            return (self._places.registry(),)
        server_of = next((zone for zone in self._zones() if name in zone.servers), None)
        return (self._places.zone(server_of.id),) if server_of else self._addresses(name)

    def _addresses(self, name: Name) -> tuple[str, ...]:
        """Give a load balancer's addresses by its DNS name; other names have none here."""
        without_prefix = name.parent() if name.labels[0].lower() == _DUAL_STACK else name
        for arn, (_, balancer) in self._api.balancers().items():
            if parse(balancer["DNSName"]) == without_prefix:
                return (self._places.balancer(arn),)
        return ()

    def _standing(self, top: Name) -> Zone | None:
        return next((zone for zone in self._zones_of(self._tops[top]) if zone.name == top), None)

    def _zones(self) -> list[Zone]:
        return [zone for account_id in self._api.account_ids for zone in self._zones_of(account_id)]

    def _zones_of(self, account_id: str) -> list[Zone]:
        """Give an account's zones; their names are read once, since that takes long for many records."""
        return self._api.remember(("zones", account_id), lambda: list(map(_zone, self._api.zones(account_id))))


def _zone(described: dict[str, Any]) -> Zone:
    """Read a hosted zone from what the API says of it."""
    return Zone(
        id=described["Id"],
        name=parse(described["Name"]),
        servers=tuple(parse(server) for server in described["NameServers"]),
        records=tuple(_record(record) for record in described["Records"]),
    )


def _record(described: dict[str, Any]) -> RecordSet:
    """Read a record set."""
    alias = described.get("AliasTarget", {}).get("DNSName")
    return RecordSet(
        name=parse(described["Name"]),
        kind=described["Type"],
        ttl_seconds=int(described.get("TTL", _BALANCER_TTL_SECONDS)),
        values=tuple(record["Value"] for record in described.get("ResourceRecords", [])),
        alias=parse(alias) if alias else None,
    )
