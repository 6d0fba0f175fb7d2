"""Zones: each is delegated to the hosted zone that we manage, and that zone's name servers answer with authority."""

from collections.abc import Iterable

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError
from edge.verify.dns_client import DnsClient
from environments.dns_names import canonical, parents

_MOST_SERVERS = 3  # of the parent's: one that answers is enough, and a firewall stops all thirteen


def delegation(zone: str, *, dns: DnsClient, aws: AwsClient) -> Answered[tuple[str, ...]]:
    """Compare the parent's NS records for a zone with the name servers of the hosted zone; the value is those.

    The parent's own servers are asked: what the zone says of itself counts for no resolver (RFC 1034 section 4.2.1).
    """
    hosted = aws.hosted_zones(zone)
    if len(hosted) != 1:
        raise aws.not_one(zone, hosted, _delegated_to(zone, dns)[1] if hosted else ())
    (ours,) = hosted.values()
    parent, found = _delegated_to(zone, dns)
    account, _ = aws.zone_account(zone)
    remedy = f"set the NS record {zone} in {parent} to the hosted zone's in account {account}: {', '.join(ours)}"
    if not found:
        raise CheckFailedError(f"{parent} delegates {zone} to nobody", remedy)
    if found != ours:
        raise CheckFailedError(f"{parent} delegates {zone} to {', '.join(found)}, not to our hosted zone", remedy)
    return Answered(f"{parent} delegates to the {len(ours)} name servers of the zone in account {account}", ours)


def _delegated_to(zone: str, dns: DnsClient) -> tuple[str, tuple[str, ...]]:
    """Ask the parent's own servers to whom they delegate a zone; give the parent, and the servers in order."""
    parent, servers = _parent(zone, dns)
    answer = dns.ask_at(zone, "NS", _addresses(servers[:_MOST_SERVERS], dns))
    return parent, tuple(sorted(canonical(server) for server in answer.referral or answer.values))


def authority(zone: str, servers: Iterable[str], *, dns: DnsClient) -> Answered[tuple[str, ...]]:
    """Ask every name server for the zone's SOA; the value is their addresses, in order."""
    addresses = []
    for server in servers:
        (address, *_) = _addresses([server], dns)
        answer = dns.ask_at(zone, "SOA", [address])
        if not (answer.authoritative and answer.values):
            found = f"{server} does not answer for {zone} with authority ({answer.status})"
            raise CheckFailedError(found, f"delegate {zone} to the name servers of a hosted zone that stands")
        addresses.append(address)
    dns.delegate(zone, addresses)
    return Answered(f"{len(addresses)} name servers answer with authority", tuple(addresses))


def _parent(zone: str, dns: DnsClient) -> tuple[str, tuple[str, ...]]:
    """Find the zone above, with its name servers: the nearest name that has any."""
    for name in parents(zone):
        if servers := dns.resolve(name, "NS").values:
            return name, servers
    raise CheckFailedError(f"no name above {zone} has name servers", "look at the resolver that is used here")


def _addresses(servers: Iterable[str], dns: DnsClient) -> list[str]:
    found = [address for server in servers for address in dns.resolve(server, "A").values]
    if not found:
        raise CheckFailedError(f"{', '.join(servers)} has no address", "delegate to name servers that exist")
    return found
