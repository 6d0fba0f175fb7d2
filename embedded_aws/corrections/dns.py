"""The public DNS as a resolver would see it: only zones that somebody delegates to, in the account that holds them.

moto keeps hosted zones, but nothing ties one zone to another. A resolver starts at the parent: a zone answers only
where the parent's NS record names its name servers, and only the most specific zone answers for a name.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-routing-traffic-for-subdomains.html
"""

from collections.abc import Mapping

from dns.name import Name
from moto.route53.models import FakeZone, route53_backends

from embedded_aws.dns_names import parse, zone_of

_PARTITION = "aws"  # moto keeps Route 53, a global service, under the partition's name


class PublicDns:
    """The declared zones, each with the id of the account that holds it, read from moto's Route 53 when asked."""

    def __init__(self, zones: Mapping[str, str]) -> None:
        self._accounts = {parse(zone): account_id for zone, account_id in zones.items()}

    def cnames(self, name: str) -> list[str]:
        """List the values of the CNAME records that the world sees under a name; empty where there is none."""
        zone = self._zone_that_answers(parse(name))
        if zone is None or _hands_on(zone, parse(name)):
            return []
        return _values(zone, parse(name), "CNAME")

    def caa(self, name: Name) -> list[str]:
        """List the CAA records that count for a name: its own, or else the nearest above it (RFC 8659 section 3).

        Above the declared zones nothing is known here.
        """
        while (zone := self._zone_that_answers(name)) is not None:
            if found := _values(zone, name, "CAA"):
                return found
            name = name.parent()
        return []

    def _zone_that_answers(self, name: Name) -> FakeZone | None:
        declared = zone_of(name, self._accounts)
        return self._delegated(declared) if declared else None

    def _delegated(self, zone: Name) -> FakeZone | None:
        """Find the hosted zone that its parent delegates to; without a declared parent, the oldest one.

        Above the declared zones stands the registrar, which nothing here knows.
        """
        standing = _public_zones(self._accounts[zone], zone)
        if zone_of(zone.parent(), self._accounts) is None:
            return next(iter(standing), None)
        parent = self._zone_that_answers(zone.parent())
        named = {parse(server) for server in _values(parent, zone, "NS")} if parent else set()
        return next((candidate for candidate in standing if named and named <= _name_servers(candidate)), None)


def _hands_on(zone: FakeZone, name: Name) -> bool:
    """Tell whether a zone delegates a name to other name servers: an NS record at or above it, below the apex.

    Those are asked then, whatever the zone holds below (RFC 1034 section 4.3.2, step 3b).
    """
    below = (parse(record.name) for record in list(zone.rrsets) if record.type == "NS")
    apex = parse(zone.name)
    return any(name.is_subdomain(delegated) for delegated in below if delegated != apex)


def _public_zones(account_id: str, name: Name) -> list[FakeZone]:
    zones = list(route53_backends[account_id][_PARTITION].zones.values())
    return [zone for zone in zones if parse(zone.name) == name and not zone.private_zone]


def _name_servers(zone: FakeZone) -> set[Name]:
    return {parse(server) for server in zone.delegation_set.name_servers} if zone.delegation_set else set()


def _values(zone: FakeZone, name: Name, record_type: str) -> list[str]:
    """List the values of a zone's records of one name and type."""
    return [
        value
        for record in list(zone.rrsets)
        if parse(record.name) == name and record.type == record_type
        for value in record.records
    ]
