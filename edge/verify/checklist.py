"""Every check of an environment, in the order in which a client meets what it asks about."""

from functools import partial
from typing import Any

from edge.verify import resolution, service_checks, zones
from edge.verify.asked_paths import asked_paths
from edge.verify.check import Answered, Outcome, Run
from edge.verify.clients import Clients
from edge.verify.host_checks import Host
from edge.verify.platform_checks import PlatformChecks
from edge.verify.standing import records
from environments.certificates import Certificates
from environments.checked import Environment
from environments.dns_names import is_wildcard
from environments.schema import Service
from environments.shared_hosts import SharedHosts


def verify(environment: Environment, run: Run, clients: Clients) -> None:
    """Make every check of every service; `run` keeps the results."""
    authority = _zones(environment, run, clients)
    balancer_name = environment.load_balancer_name
    question = partial(resolution.load_balancer, balancer_name, dns=clients.dns, aws=clients.aws)
    balancer = run.ask(balancer_name, "load balancer", question)
    shared, met = SharedHosts(environment), dict[str, Host]()
    certificates = Certificates(environment, shared)
    platform = PlatformChecks(environment, run, clients, balancer)
    instance_ids = platform.check_the_instances() if environment.services else None
    for name, service in environment.services.items():
        hosts = [
            Host(
                host,
                service,
                asked=met[host].asked if host in met else _asked(environment, host, authority, run, clients),
                paths=asked_paths(environment, shared, name, host),
                zone=authority[environment.zone_of(host)],
                balancer=balancer,
                run=run,
                clients=clients,
            )
            for host in _canonical_first(service)
            if shared.is_asked(name, host)
        ]
        for host in hosts:
            _way_in(environment, certificates, host, met)
        route = service_checks.service(environment, name, hosts, run, clients, balancer) if hosts else None
        if route is not None and instance_ids is not None:
            service_checks.targets(environment, name, route, instance_ids, run, clients)
        service_checks.discovery(environment, service, hosts, run)
        own = service_checks.renewal(environment, name, certificates.names_on(name), authority, run, clients)
        if route is not None:
            service_checks.alarms(environment, name, route, own, run, clients)
    if instance_ids is not None:
        platform.check_the_records(authority)
        platform.check_the_load_balancer(instance_ids)
        platform.check_who_signs_in_and_who_is_notified()


def _asked(environment: Environment, host: str, authority: dict[str, Outcome[Any]], run: Run, clients: Clients) -> str:
    """Choose the name under which a host is asked: for a wildcard one that no record hides from it."""
    if not is_wildcard(host):
        return host
    zone = environment.zone_of(host)
    question = partial(records.wildcard, environment, host, zone, aws=clients.aws)
    found = run.ask(host, "wildcard", question, after=[authority[zone]])
    return found.value if found.passed else resolution.sample(host)


def _way_in(environment: Environment, certificates: Certificates, host: Host, met: dict[str, Host]) -> None:
    """Check the way to a host once, whichever services share it; its certificate may be another service's."""
    if host.name in met:
        host.come_in_as(met[host.name])
    else:
        server = environment.services[certificates.serving(host.name)]
        host.check_the_way_in(least_days=server.alarms.certificate_days_to_expiry)
        met[host.name] = host


def _canonical_first(service: Service) -> list[str]:
    """Order the hosts for a document that the others are compared with; otherwise as in the file."""
    return sorted(service.hosts, key=lambda host: host != service_checks.canonical_host(service))


def _zones(environment: Environment, run: Run, clients: Clients) -> dict[str, Outcome[Any]]:
    """Check the zones that hosts and proofs lie in, parents first; give the last outcome for each."""
    last: dict[str, Outcome[Any]] = {}
    for zone in environment.zones_of(environment.names):
        delegated = run.ask(zone, "delegation", partial(zones.delegation, zone, dns=clients.dns, aws=clients.aws))
        question = partial(_authority, zone, delegated, clients)
        last[zone] = run.ask(zone, "name servers", question, after=[delegated])
        for check, ask in {"NS set": _name_server_set, "DNSSEC": _signatures}.items():
            question = partial(ask, zone, delegated, last[zone], clients)
            run.ask(zone, check, question, after=[delegated, last[zone]])
    return last


def _authority(zone: str, delegated: Outcome[tuple[str, ...]], clients: Clients) -> Any:
    return zones.authority(zone, delegated.value, dns=clients.dns)


def _name_server_set(zone: str, delegated: Outcome[Any], addresses: Outcome[Any], clients: Clients) -> Answered[None]:
    return zones.name_server_set(zone, delegated.value, addresses.value, dns=clients.dns)


def _signatures(zone: str, _: Outcome[Any], addresses: Outcome[Any], clients: Clients) -> Answered[None]:
    return zones.signatures(zone, addresses.value, dns=clients.dns)
