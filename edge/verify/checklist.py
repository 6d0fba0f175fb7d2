"""Every check of an environment, in the order in which a client meets what it asks about."""

from functools import partial
from typing import Any

from edge.verify import resolution, service_checks, zones
from edge.verify.asked_paths import asked_paths
from edge.verify.check import Answered, Outcome, Run
from edge.verify.clients import Clients
from edge.verify.host_checks import Host
from edge.verify.platform_checks import PlatformChecks
from edge.verify.resolution import LoadBalancer
from edge.verify.side_by_side import Lane, SideBySide
from edge.verify.standing import records
from environments.certificates import Certificates
from environments.checked import Environment
from environments.dns_names import is_wildcard
from environments.schema import Service
from environments.shared_hosts import SharedHosts


def verify(environment: Environment, run: Run, clients: Clients) -> None:
    """Make every check of every service, side by side where none builds on another; `run` has the results in order."""
    with SideBySide(run) as beside:
        authority = _zones(environment, beside, clients)
        balancer_name = environment.load_balancer_name
        question = partial(resolution.load_balancer, balancer_name, dns=clients.dns, aws=clients.aws)
        balancer = run.ask(balancer_name, "load balancer", question)
        platform = PlatformChecks(environment, beside, clients, balancer)
        if environment.services:
            instance_ids = platform.check_the_instances()
            _Services(environment, beside, clients, authority, balancer, instance_ids).check()
            platform.check_the_records(authority)
            platform.check_the_load_balancer(instance_ids)
            platform.check_who_signs_in_and_who_is_notified()


class _Services:
    """The checks of the services: a lane for each host, and one for each service, which waits for its hosts."""

    def __init__(
        self,
        environment: Environment,
        beside: SideBySide,
        clients: Clients,
        authority: dict[str, Outcome[Any]],
        balancer: Outcome[LoadBalancer],
        instance_ids: Lane[Outcome[list[str]]],
    ) -> None:
        self._environment, self._beside, self._clients = environment, beside, clients
        self._authority, self._balancer, self._instance_ids = authority, balancer, instance_ids
        self._shared = SharedHosts(environment)
        self._certificates = Certificates(environment, self._shared)

    def check(self) -> None:
        """Check the way to a host once, whichever services share it, and then each service."""
        samples: dict[str, Lane[str]] = {}
        ways: dict[str, Lane[Host]] = {}
        for name, service in self._environment.services.items():
            met = [host for host in _canonical_first(service) if self._shared.is_asked(name, host)]
            new = [host for host in met if host not in ways]
            samples |= {host: self._beside.begin(partial(self._sample, host)) for host in new}
            ways |= {host: self._beside.begin(partial(self._way_in, name, host, samples[host])) for host in new}
            self._beside.begin(partial(self._service, name, {host: ways[host] for host in met}))

    def _sample(self, host: str, run: Run) -> str:
        """Choose the name under which a host is asked: for a wildcard one that no record hides from it."""
        if not is_wildcard(host):
            return host
        zone = self._environment.zone_of(host)
        question = partial(records.wildcard, self._environment, host, zone, aws=self._clients.aws)
        found = run.ask(host, "wildcard", question, after=[self._authority[zone]])
        return found.value if found.passed else resolution.sample(host)

    def _way_in(self, name: str, host: str, sample: Lane[str], run: Run) -> Host:
        """Check the way to a host; its certificate may be another service's."""
        server = self._environment.services[self._certificates.serving(host)]
        way = self._host(name, host, sample.value())
        way.check_the_way_in(run, least_days=server.alarms.certificate_days_to_expiry)
        return way

    def _host(self, name: str, host: str, asked: str) -> Host:
        return Host(
            host,
            self._environment.services[name],
            asked=asked,
            paths=asked_paths(self._environment, self._shared, name, host),
            zone=self._authority[self._environment.zone_of(host)],
            balancer=self._balancer,
            clients=self._clients,
        )

    def _service(self, name: str, ways: dict[str, Lane[Host]], run: Run) -> None:
        """Check a service, on the ways that lead to its hosts."""
        environment, clients = self._environment, self._clients
        hosts = [self._host(name, host, way.value().asked).come_in_as(way.value()) for host, way in ways.items()]
        route = service_checks.service(environment, name, hosts, run, clients, self._balancer) if hosts else None
        if route is not None:
            service_checks.targets(environment, name, route, self._instance_ids.value(), run, clients)
        service_checks.discovery(environment, environment.services[name], hosts, run)
        proven = self._certificates.names_on(name)
        own = service_checks.renewal(environment, name, proven, self._authority, run, clients)
        if route is not None:
            service_checks.alarms(environment, name, route, own, run, clients)


def _canonical_first(service: Service) -> list[str]:
    """Order the hosts for a document that the others are compared with; otherwise as in the file."""
    return sorted(service.hosts, key=lambda host: host != service_checks.canonical_host(service))


def _zones(environment: Environment, beside: SideBySide, clients: Clients) -> dict[str, Outcome[Any]]:
    """Check the zones that hosts and proofs lie in, parents first; give for each whether its name servers answer."""
    zones_of_all = environment.zones_of(environment.names)
    lanes = {zone: beside.begin(partial(_zone, zone, clients)) for zone in zones_of_all}
    beside.finish()
    return {zone: lane.value() for zone, lane in lanes.items()}


def _zone(zone: str, clients: Clients, run: Run) -> Outcome[Any]:
    delegated = run.ask(zone, "delegation", partial(zones.delegation, zone, dns=clients.dns, aws=clients.aws))
    answered = run.ask(zone, "name servers", partial(_authority, zone, delegated, clients), after=[delegated])
    for check, ask in {"NS set": _name_server_set, "DNSSEC": _signatures}.items():
        run.ask(zone, check, partial(ask, zone, delegated, answered, clients), after=[delegated, answered])
    return answered


def _authority(zone: str, delegated: Outcome[tuple[str, ...]], clients: Clients) -> Any:
    return zones.authority(zone, delegated.value, dns=clients.dns)


def _name_server_set(zone: str, delegated: Outcome[Any], addresses: Outcome[Any], clients: Clients) -> Answered[None]:
    return zones.name_server_set(zone, delegated.value, addresses.value, dns=clients.dns)


def _signatures(zone: str, _: Outcome[Any], addresses: Outcome[Any], clients: Clients) -> Answered[None]:
    return zones.signatures(zone, addresses.value, dns=clients.dns)
