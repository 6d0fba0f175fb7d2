"""Hosts that a wildcard answers until they have records of their own: those must come before their proof.

A validation record lies below the host that it proves, so the host exists from then on, without a record of its own,
and no wildcard answers for a name that exists (an empty non-terminal: RFC 4592 sections 2.2.2 and 4.2).
"""

from environments.certificates import Certificates
from environments.checked import Environment
from environments.dns_names import base_name, is_within, parents
from environments.dns_records import of_host
from environments.shared_hosts import SharedHosts


def answered_by_wildcards(environment: Environment) -> frozenset[str]:
    """List the hosts that a wildcard answers while they have no records: a declared one, or one that the file says.

    One that is on no certificate by its own name, but behind a wildcard's, is hidden by no proof, and is left out.
    """
    output = {host for service in environment.services.values() for host in service.records_first}
    proven = Certificates(environment).provers
    return frozenset(
        host
        for host in environment.hosts
        if base_name(host) in proven and (host in output or _is_answered(environment, host))
    )


def made_first(environment: Environment) -> frozenset[str]:
    """List the hosts whose records are made before anything proves or serves them: these, and what they lead to.

    A CNAME leads to its primary host, whose alias comes first then; where another service owns that, its alias waits
    for the rules of this one, and the CNAME cannot come first.
    """
    shared, first = SharedHosts(environment), set[str]()
    for host in answered_by_wildcards(environment):
        owner = shared.owner_of(host)
        primary = environment.services[owner].primary_host
        if all(record.is_alias for record in of_host(environment, host)):
            first.add(host)
        elif shared.owner_of(primary) == owner:
            first |= {host, primary}
    return frozenset(first)


def _is_answered(environment: Environment, host: str) -> bool:
    """Look for the closest name above a host that exists without it: only a wildcard right below that answers."""
    others = {base_name(other) for other in environment.hosts if base_name(other) != base_name(host)}
    zone = environment.zone_of(host)
    for above in parents(base_name(host)):
        if not is_within(above, zone):
            return False
        wildcard = f"*.{above}"
        if wildcard in environment.hosts and wildcard != host:
            return environment.zone_of(wildcard) == zone
        if any(is_within(other, above) for other in others):
            return False
    return False
