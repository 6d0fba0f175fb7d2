"""DNS as a client asks it: a resolver for the world, and the name servers that a parent delegates to for our zones.

A resolver keeps "does not exist" for as long as the zone's SOA says, up to a day: asked before a deploy, it says so
long after. So names in our zones are asked of their own name servers, without recursion.
"""

import threading
from collections.abc import Iterable

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype

from edge.verify.check import CheckFailedError
from edge.verify.cname_chain import Answer, Chain, follow
from edge.verify.endpoints import Endpoint, Settings
from edge.verify.read_once import ReadOnce
from edge.verify.requests import Requests
from environments.dns_names import canonical, zone_of

_TIMEOUT_SECONDS = 3.0
_PORT = 53
_UNREACHABLE = "allow UDP and TCP port 53 to it from here, or verify from elsewhere"


class DnsClient:
    """Asks DNS; `delegate` tells it which addresses answer for a zone, once that is known from the parent."""

    def __init__(self, settings: Settings, requests: Requests) -> None:
        self._settings, self._requests = settings, requests
        self._servers: dict[str, tuple[str, ...]] = {}
        self._turn = threading.Lock()
        self._once = ReadOnce(requests).ask

    def delegate(self, zone: str, addresses: Iterable[str]) -> None:
        """Ask these addresses for every name in the zone from now on."""
        with self._turn:  # whoever asks meanwhile goes on with the servers that were known before
            self._servers = self._servers | {zone: tuple(addresses)}

    def chain(self, name: str, kind: str, *, may_be_missing: bool = False) -> Chain:
        """Follow a name's CNAMEs to its records of one kind; raises CheckFailedError as `follow` does."""
        return follow(name, lambda asked: self.ask(asked, kind), may_be_missing=may_be_missing)

    def ask(self, name: str, kind: str) -> Answer:
        """Ask one question of the zone's own name servers, or of the resolver for a name in none of our zones.

        It is asked once for all checks, until one of them fails and is asked again.
        """
        return self._once(lambda: self._ask(name, kind), canonical(name), kind)

    def _ask(self, name: str, kind: str) -> Answer:
        servers = self._servers
        zone = zone_of(name, servers)
        if zone is None:
            return self.resolve(name, kind)
        answer = self.ask_at(name, kind, servers[zone])
        # A name below a delegation: the zone that it belongs to is none of those that we know to be delegated to us.
        return answer if answer.authoritative or answer.alias else self.resolve(name, kind)

    def resolve(self, name: str, kind: str) -> Answer:
        """Ask one question of the resolver, whatever the name."""
        return self._send(name, kind, self._settings.resolver, recursive=True)

    def ask_at(self, name: str, kind: str, addresses: Iterable[str]) -> Answer:
        """Ask one question of the first of some name servers that answers at all, without recursion."""
        reasons = []
        for address in addresses:
            try:
                return self._send(name, kind, Endpoint(address, _PORT), recursive=False)
            except CheckFailedError as error:
                reasons.append(error.found)
        raise CheckFailedError("; ".join(reasons) or f"no name server is known for {name}", _UNREACHABLE)

    def _send(self, name: str, kind: str, server: Endpoint, *, recursive: bool) -> Answer:
        query = dns.message.make_query(name, kind)
        if not recursive:
            query.flags &= ~dns.flags.RD
        self._requests.note(f"dns {kind} {canonical(name)} at {server}")
        way = self._settings.way_to(server)
        try:
            message, _ = dns.query.udp_with_fallback(query, way.address, _TIMEOUT_SECONDS, way.port)
        except (OSError, dns.exception.DNSException) as error:
            reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
            raise CheckFailedError(f"the DNS server {server} does not answer: {reason}", _UNREACHABLE) from None
        return _answer(message, dns.name.from_text(name), dns.rdatatype.from_text(kind))


def _answer(message: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Answer:
    """Read from a message what stands at the name that was asked for, and no other."""
    aliases = _values(message.answer, name, dns.rdatatype.CNAME)
    # The status is that of the last name of a chain (RFC 6604 section 3): one with a CNAME exists.
    return Answer(
        status="NOERROR" if aliases else dns.rcode.to_text(message.rcode()),
        values=_values(message.answer, name, kind),
        alias=aliases[0] if aliases and kind != dns.rdatatype.CNAME else None,
        authoritative=bool(message.flags & dns.flags.AA),
        referral=_values(message.authority, name, dns.rdatatype.NS),
    )


def _values(section: Iterable[object], name: dns.name.Name, kind: dns.rdatatype.RdataType) -> tuple[str, ...]:
    return tuple(
        record.to_text()
        for rrset in section
        if isinstance(rrset, dns.rrset.RRset) and rrset.name == name and rrset.rdtype == kind
        for record in rrset
    )
