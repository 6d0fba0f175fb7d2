"""Ownership: every host lies in a zone of ours, and every record has one service that writes it."""

from collections.abc import Iterator

from environments.dns_names import base_name, is_wildcard
from environments.faults import Fault, dotted
from environments.rules.rule import Rule, certificate_names, fault, hosts, named, names_on_certificates
from environments.schema import EnvironmentFile
from environments.text import listed, shown


def _hosts_have_a_zone(environment: EnvironmentFile) -> Iterator[Fault]:
    for path, _, host in (*hosts(environment), *certificate_names(environment)):
        if environment.find_zone(host) is None:
            problem = f"{named(host)} lies in no declared zone; add its zone to [zones], or use a host in one of "
            yield fault(path, problem + listed(environment.zones), "zones")


def _primary_hosts_are_in_the_platform_account(environment: EnvironmentFile) -> Iterator[Fault]:
    account = environment.platform.account
    for name, service in environment.services.items():
        zone = environment.find_zone(service.primary_host)
        if zone is None:
            continue
        holder = environment.zones[zone].account
        if {account, holder} <= environment.accounts.keys() and holder != account:
            problem = (
                f"{named(service.primary_host)} is the primary host and lies in {zone}, which account "
                f'"{holder}" holds; put a host in a zone of account "{account}" first'
            )
            path = dotted("services", name, "hosts", service.hosts.index(service.primary_host))
            yield fault(path, problem, "zones", dotted("zones", zone), "platform.account")


def _primary_hosts_are_no_wildcards(environment: EnvironmentFile) -> Iterator[Fault]:
    """Demand a name that a client can open: for the service's URL, and for the CNAMEs that lead to it."""
    for name, service in environment.services.items():
        if is_wildcard(service.primary_host):
            problem = (
                f"holds wildcards only; add a host that clients can open, such as {shown(base_name(service.hosts[0]))}"
            )
            yield fault(dotted("services", name, "hosts"), problem)


def _hosts_are_distinct(environment: EnvironmentFile) -> Iterator[Fault]:
    """Refuse a host twice in one service, and in two of which neither has paths to tell their requests apart.

    For one deploy two may have it, of which one takes it over: no moment is then without a rule and a certificate.
    """
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for path, name, host in hosts(environment):
        service = environment.services[name]
        is_shared = service.paths or host in service.takes_over
        holders = [(host, name)] if is_shared else [(host, ""), (host, name)]
        other, holder = next((first[key] for key in holders if key in first), ("", ""))
        if other:
            rests_on = (dotted("services", service, "paths") for service in (name, holder))
            yield fault(path, f"{named(host)} is also given at {other}; keep one of them", other, *rests_on)
        for key in holders:
            first.setdefault(key, (path, name))


def _hosts_are_taken_over_from_somebody(environment: EnvironmentFile) -> Iterator[Fault]:
    """Refuse a host to take over that is not the service's, that nobody else has, or that two take over."""
    takers: dict[str, str] = {}
    for name, service in environment.services.items():
        for number, host in enumerate(service.takes_over):
            path = dotted("services", name, "takes_over", number)
            others = [other for other, held in environment.services.items() if other != name and host in held.hosts]
            taker = takers.setdefault(host, path)
            if host not in service.hosts:
                problem = f"{named(host)} is not among the service's hosts; add it there"
            elif taker != path:
                problem = f"{named(host)} is also given at {taker}; keep one of them"
            elif not others:
                problem = f"no other service has {named(host)} any more; remove it here"
            else:
                continue
            yield fault(path, problem, dotted("services", name, "hosts"), "services")


def _hosts_whose_records_come_first_are_hosts(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        for number, host in enumerate(service.records_first):
            if host not in service.hosts:
                problem = f"{named(host)} is not among the service's hosts; add it there, or remove it here"
                path = dotted("services", name, "records_first", number)
                yield fault(path, problem, dotted("services", name, "hosts"))


def _validation_records_have_one_owner(environment: EnvironmentFile) -> Iterator[Fault]:
    """Refuse a wildcard and its base name in two services: both would write the one record that proves them to ACM.

    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html (a wildcard shares its base name's record)
    """
    first: dict[str, tuple[str, str, str]] = {}
    for path, service, host in names_on_certificates(environment):
        owner_path, owner, owned = first.setdefault(base_name(host), (path, service, host))
        if owner != service:
            problem = (
                f"{named(host)} has the same validation record as {named(owned)} of services.{owner}, and only one "
                "service can write it; put both hosts in one service"
            )
            yield fault(path, problem, owner_path)


def _canonical_hosts_are_hosts(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        if service.canonical_host is not None and service.canonical_host not in service.hosts:
            problem = (
                f"{named(service.canonical_host)} is not among the service's hosts; add it there, or use one of them"
            )
            yield fault(dotted("services", name, "canonical_host"), problem, dotted("services", name, "hosts"))


RULES: tuple[Rule, ...] = (
    _hosts_have_a_zone,
    _primary_hosts_are_in_the_platform_account,
    _primary_hosts_are_no_wildcards,
    _hosts_are_distinct,
    _hosts_are_taken_over_from_somebody,
    _hosts_whose_records_come_first_are_hosts,
    _validation_records_have_one_owner,
    _canonical_hosts_are_hosts,
)
