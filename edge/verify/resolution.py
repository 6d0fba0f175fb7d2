"""Names: a host leads to the load balancer's own addresses, and DNS lets Amazon issue certificates for it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from edge.verify import caa
from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError
from edge.verify.dns_client import DnsClient
from edge.verify.severity import Severity
from environments.dns_names import base_name, is_wildcard

_SAMPLE_LABEL = "orcha-verify"


@dataclass(frozen=True)
class LoadBalancer:
    """The load balancer: its ARN, its IPv4 addresses as DNS gives them, and how AWS describes it."""

    arn: str
    addresses: frozenset[str]
    described: dict[str, Any]

    @property
    def is_dualstack(self) -> bool:
        """Whether it takes clients over IPv6 too."""
        return str(self.described.get("IpAddressType")).startswith("dualstack")


def sample(host: str, number: int = 0) -> str:
    """Give the name to ask for a host: itself, or for a wildcard one below it, of which `number` gives another."""
    label = f"{_SAMPLE_LABEL}-{number}" if number else _SAMPLE_LABEL
    return f"{label}.{base_name(host)}" if is_wildcard(host) else host


def load_balancer(name: str, *, dns: DnsClient, aws: AwsClient) -> Answered[LoadBalancer]:
    """Find the load balancer and its addresses."""
    described = aws.load_balancer()
    state = described["State"]["Code"]
    if state != "active":
        raise CheckFailedError(f"{name} is in the state {state}", "wait until AWS has provisioned it")
    addresses = frozenset(dns.chain(described["DNSName"], "A").values)
    if not addresses:
        raise CheckFailedError(f"{described['DNSName']} has no address", "wait until AWS has provisioned it")
    found = f"{described['DNSName']} has the address {', '.join(sorted(addresses))}"
    return Answered(found, LoadBalancer(described["LoadBalancerArn"], addresses, described))


def resolves(name: str, balancer: Collection[str], *, dns: DnsClient) -> Answered[str]:
    """Follow a name to its addresses, all of which must be the load balancer's; the value is the first one."""
    chain = dns.chain(name, "A")
    if not chain.values:
        end = chain.names[-1]
        raise CheckFailedError(f"{chain} has no address", f"the record {end} is missing; deploy again")
    foreign = [address for address in chain.values if address not in balancer]
    if foreign:
        found = f"{chain} leads to {', '.join(foreign)}, not to the load balancer at {', '.join(sorted(balancer))}"
        severity = Severity.PART if len(foreign) < len(chain.values) else None
        raise CheckFailedError(found, "point the record at this load balancer; deploy again", severity)
    return Answered(f"{chain} -> {', '.join(chain.values)}", chain.values[0])


def certificate_authority(host: str, *, dns: DnsClient) -> Answered[None]:
    """Climb the tree for the CAA records that count, and see whether they name Amazon."""

    def ask(name: str) -> list[caa.Property]:
        # A failing server does not permit anything: an authority that cannot look does not issue.
        return [caa.Property.parse(text) for text in dns.chain(name, "CAA", may_be_missing=True).values]

    place, properties = caa.relevant(host, ask)
    written = ", ".join(f"{entry.tag} {entry.value!r}" for entry in properties)
    if not caa.permits(host, properties):
        remedy = f'add `0 issue "amazon.com"` to the CAA records of {place}, or ACM cannot renew'
        raise CheckFailedError(f"CAA at {place} forbids Amazon: {written}", remedy)
    return Answered(f"{place} permits Amazon: {written}" if place else "no CAA record: everybody may issue", None)
