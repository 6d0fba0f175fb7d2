"""Zones: each is delegated to the hosted zone that we manage, and that zone's name servers answer with authority."""

from collections.abc import Iterable

from dns.dnssec import allow_all_policy, make_ds
from dns.exception import DNSException
from dns.name import from_text as absolute
from dns.rdata import from_text
from dns.rdtypes.ANY.DS import DS

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
        raise aws.not_one(zone, hosted, delegated_to(zone, dns)[1] if hosted else ())
    (ours,) = hosted.values()
    parent, found = delegated_to(zone, dns)
    account, _ = aws.zone_account(zone)
    remedy = f"set the NS record {zone} in {parent} to the hosted zone's in account {account}: {', '.join(ours)}"
    if not found:
        raise CheckFailedError(f"{parent} delegates {zone} to nobody", remedy)
    if found != ours:
        raise CheckFailedError(f"{parent} delegates {zone} to {', '.join(found)}, not to our hosted zone", remedy)
    return Answered(f"{parent} delegates to the {len(ours)} name servers of the zone in account {account}", ours)


def delegated_to(zone: str, dns: DnsClient) -> tuple[str, tuple[str, ...]]:
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


def name_server_set(
    zone: str, delegated: tuple[str, ...], addresses: tuple[str, ...], *, dns: DnsClient
) -> Answered[None]:
    """Compare the zone's own NS records with the delegation: many resolvers go on with what the zone itself says.

    RFC 1034 section 4.2.2 wants both to be the same, and RFC 2181 section 5.4.1 gives the zone's the more weight.
    """
    answer = dns.ask_at(zone, "NS", addresses)
    own = tuple(sorted(map(canonical, answer.values)))
    if own != delegated:
        found = (
            f"{zone} names {', '.join(own) or 'no name server'} as its own, and is delegated to {', '.join(delegated)}"
        )
        raise CheckFailedError(found, f"set the NS record {zone} in its own zone to {', '.join(delegated)}")
    return Answered(f"{zone} names the servers that it is delegated to", None)


def signatures(zone: str, addresses: tuple[str, ...], *, dns: DnsClient) -> Answered[None]:
    """See that the parent promises no signatures (DS) that the zone does not have (DNSKEY).

    RFC 4035 section 5.2: a resolver that validates answers SERVFAIL where no DNSKEY fits the DS of the parent.
    """
    _, servers = _parent(zone, dns)
    promised = dns.ask_at(zone, "DS", _addresses(servers[:_MOST_SERVERS], dns)).values
    if not promised:
        return Answered("the parent promises no signatures (no DS)", None)
    keys = dns.ask_at(zone, "DNSKEY", addresses).values
    if not any(_fits(zone, digest, key) for digest in promised for key in keys):
        has = "has other keys" if keys else "is not signed"
        found = f"the parent has a DS for {zone}, which {has}, so that resolvers that validate answer SERVFAIL"
        raise CheckFailedError(found, f"remove the DS record {zone} from the parent, or sign the zone with its key")
    return Answered("a key of the zone fits the parent's DS", None)


def _fits(zone: str, digest: str, key: str) -> bool:
    """Tell whether a DS is of a DNSKEY (RFC 4034 section 5.1.4); one with a digest that is not known here is none."""
    promised = from_text("IN", "DS", digest)
    if not isinstance(promised, DS):
        return False
    try:
        return bool(
            make_ds(absolute(zone), from_text("IN", "DNSKEY", key), promised.digest_type, policy=allow_all_policy)
            == promised
        )
    except DNSException:
        return False


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
