"""The records of a zone as Route 53 holds them: what one answer of its name servers does not show.

Half of the answers of weighted records, an address that is right today, and a TTL that keeps the next change from
clients are seen only here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from edge.aws.survey.records import canonical_alias
from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, Fault, expect_none
from edge.verify.resolution import LoadBalancer, sample
from edge.verify.severity import Severity
from environments.checked import Environment
from environments.dns_names import base_name, canonical, is_within
from environments.dns_records import of_host

_TYPES = {"A", "AAAA", "CNAME", "HTTPS", "SVCB"}
# The file's own CNAMEs have 300, and an alias of a load balancer 60. RFC 1912 section 2.2 takes a day as long.
_LONG_TTL_SECONDS = 86_400
_DEPLOY = "correct the record; deploy again"


def records(environment: Environment, zone: str, balancer: LoadBalancer, *, aws: AwsClient) -> Answered[None]:
    """See that what stands at our hosts' names leads to the load balancer, by every record and every address."""
    hosts = [host for host in dict.fromkeys(environment.hosts) if environment.zone_of(host) == zone]
    standing = aws.records(zone)
    expect_none("records", list(faults(environment, hosts, standing, balancer.described["DNSName"])))
    return Answered(f"of {len(standing)} record sets those of {len(hosts)} hosts lead to the load balancer alone", None)


def faults(
    environment: Environment, hosts: Iterable[str], standing: Sequence[Mapping[str, Any]], balancer: str
) -> Iterator[Fault]:
    """Give a fault for each record set of a host that leads elsewhere in part, or that ends quietly."""
    for host in hosts:
        here = [record for record in standing if canonical(record["Name"]) == host and record["Type"] in _TYPES]
        yield from _choices(host, here)
        for record in here:
            yield from _leading(environment, host, record, canonical_alias(balancer))
            if record.get("TTL", 0) >= _LONG_TTL_SECONDS:
                days = record["TTL"] / _LONG_TTL_SECONDS
                found = f"{record['Type']} {host} has a TTL of {days:g} days, for which no change reaches its clients"
                yield Fault(found, _DEPLOY, Severity.LATENT)
        wanted = {record.type for record in of_host(environment, host)}
        if "AAAA" in wanted and not any(record["Type"] == "AAAA" for record in here):
            yield Fault(f"{host} has no AAAA, so that clients with IPv6 alone do not reach it", "deploy again")


def _leading(environment: Environment, host: str, record: Mapping[str, Any], balancer: str) -> Iterator[Fault]:
    kind, targets = record["Type"], _targets(record)
    right = {balancer, *(name for name in environment.hosts if name != host)}
    foreign = [target for target in targets if target not in right and environment.find_zone(target) is None]
    shown = ", ".join(targets)
    if kind in ("HTTPS", "SVCB"):
        if not all(_is_plain_service(target) for target in targets):
            yield Fault(f"{kind} {host} leads browsers elsewhere: {shown} (RFC 9460 section 2.4)", "remove the record")
    elif record.get("SetIdentifier"):
        if not set(targets) <= right:
            found = f"{kind} {host} is one of several that a routing policy chooses from, and leads to {shown}"
            yield Fault(found, "remove it; deploy again")
    elif kind == "CNAME" and foreign:
        # It leads to the load balancer today: where it does not, "resolves" fails.
        found = f"CNAME {host} leads there by {shown}, which others may change"
        yield Fault(found, f"let it name {_primary(environment, host)}; deploy again", Severity.LATENT)
    elif kind == "AAAA" and not set(targets) <= right:
        yield Fault(f"AAAA {host} leads to {shown}, not to the load balancer", "remove it; deploy again")
    elif kind == "A" and "AliasTarget" not in record:
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
        found = f"A {host} is a fixed address, {shown}, and a load balancer's addresses change"
        yield Fault(found, "make it an alias; deploy again", Severity.LATENT)


def _primary(environment: Environment, host: str) -> str:
    return next(service.primary_host for service in environment.services.values() if host in service.hosts)


def _choices(host: str, here: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Say where a routing policy leaves some clients without an answer, or all of them one day.

    A geographic policy without a default answers nothing to everybody else, and a failover record, or one with a
    health check, goes by what that finds: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
    """
    for kind in dict.fromkeys(record["Type"] for record in here):
        alike = [record for record in here if record["Type"] == kind]
        places = [record["GeoLocation"] for record in alike if record.get("GeoLocation")]
        if places and not any(place.get("CountryCode") == "*" for place in places):
            found = f"{kind} {host} is answered in some places only (a geographic policy without a default)"
            yield Fault(found, _DEPLOY)
        if any(record.get("CidrRoutingConfig", {}).get("LocationName", "*") != "*" for record in alike) and not any(
            record.get("CidrRoutingConfig", {}).get("LocationName") == "*" for record in alike
        ):
            yield Fault(f"{kind} {host} is answered to some networks only (a policy by address)", _DEPLOY)
        for record in alike:
            if record.get("Failover") == "SECONDARY" and len(alike) == 1:
                yield Fault(f"{kind} {host} is a secondary without a primary", _DEPLOY, Severity.LATENT)
            elif record.get("HealthCheckId"):
                found = f"{kind} {host} is answered while the health check {record['HealthCheckId']} passes"
                yield Fault(found, "make it a simple record; deploy again", Severity.LATENT)


def _targets(record: Mapping[str, Any]) -> list[str]:
    if alias := record.get("AliasTarget"):
        return [canonical_alias(alias["DNSName"])]
    return [canonical(entry["Value"]) for entry in record.get("ResourceRecords", ())]


def _is_plain_service(value: str) -> bool:
    """Tell whether an HTTPS record only describes its own name: a target of `.`, and no address of its own."""
    _, target, *parameters = [*value.split(), "", ""]
    return target in ("", ".") and not any("hint" in parameter for parameter in parameters)


def wildcard(environment: Environment, host: str, zone: str, *, aws: AwsClient) -> Answered[str]:
    """Find a name that a wildcard serves, and what hides others from it; the value is the name.

    RFC 4592 section 3.3.1: a wildcard is not asked for a name that exists, and one exists already where something
    stands below it (section 2.2.2, empty non-terminals). Other people's records are no failure of ours.
    """
    standing = aws.records_below(zone, base_name(host))
    names = {canonical(record["Name"]) for record in standing}
    hidden = hidden_by(host, names)
    chosen = next(name for number in range(len(names) + 1) if (name := sample(host, number)) not in hidden)
    notes = (
        f"{name} is not served by it, since a record stands there or below (RFC 4592 section 2.2.2)"
        for name in sorted(hidden - set(environment.hosts))
    )
    return Answered(f"{chosen} stands for it", chosen, tuple(notes))


def hidden_by(host: str, names: Iterable[str]) -> set[str]:
    """Give the names one label below a wildcard's base that exist, without those that no host has: `_x`, and `*`."""
    base = base_name(host)
    below = (name for name in names if name != base and is_within(name, base))
    children = {f"{name.removesuffix(f'.{base}').rpartition('.')[2]}.{base}" for name in below}
    return {child for child in children if not child.startswith(("*", "_"))}
