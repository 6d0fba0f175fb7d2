"""Every check of an environment, in the order in which a client meets what it asks about."""

from collections.abc import Callable
from functools import partial
from typing import Any

from edge.verify import discovery, renewal, resolution, routing, sign_in, web, zones
from edge.verify.asked_paths import AskedPath, asked_paths
from edge.verify.check import Answered, Outcome, Run
from edge.verify.clients import Clients
from edge.verify.host_checks import Host
from environments.checked import Environment
from environments.schema import Service
from environments.shared_hosts import SharedHosts
from environments.sign_in import OidcSignIn


def verify(environment: Environment, run: Run, clients: Clients) -> None:
    """Make every check of every service; `run` keeps the results."""
    authority = _zones(environment, run, clients)
    balancer_name = environment.load_balancer_name
    question = partial(resolution.load_balancer, balancer_name, dns=clients.dns, aws=clients.aws)
    balancer = run.ask(balancer_name, "load balancer", question)
    shared, met = SharedHosts(environment), dict[str, Host]()
    for name, service in environment.services.items():
        hosts = [
            Host(
                host,
                service,
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
            _way_in(environment, shared, host, met)
        if hosts:
            _service(environment, name, hosts, run, clients, balancer)
        _discovery(service, hosts, run)
        _renewal(environment, name, shared.owned_by(name), authority, run, clients)


def _way_in(environment: Environment, shared: SharedHosts, host: Host, met: dict[str, Host]) -> None:
    """Check the way to a host once, whichever services share it; its certificate is its owner's."""
    if host.name in met:
        host.come_in_as(met[host.name])
    else:
        owner = environment.services[shared.owner_of(host.name)]
        host.check_the_way_in(least_days=owner.alarms.certificate_days_to_expiry)
        met[host.name] = host


def _canonical_host(service: Service) -> str:
    return service.canonical_host or service.primary_host


def _canonical_first(service: Service) -> list[str]:
    """Order the hosts for a document that the others are compared with; otherwise as in the file."""
    return sorted(service.hosts, key=lambda host: host != _canonical_host(service))


def _zones(environment: Environment, run: Run, clients: Clients) -> dict[str, Outcome[Any]]:
    """Check the zones that hosts lie in, parents first; give the last outcome for each."""
    last: dict[str, Outcome[Any]] = {}
    for zone in environment.zones_of(environment.hosts):
        delegated = run.ask(zone, "delegation", partial(zones.delegation, zone, dns=clients.dns, aws=clients.aws))
        question = partial(_authority, zone, delegated, clients)
        last[zone] = run.ask(zone, "name servers", question, after=[delegated])
    return last


def _authority(zone: str, delegated: Outcome[tuple[str, ...]], clients: Clients) -> Any:
    return zones.authority(zone, delegated.value, dns=clients.dns)


def _service(
    environment: Environment, name: str, hosts: list[Host], run: Run, clients: Clients, balancer: Outcome[Any]
) -> None:
    """Routing of each host, then targets and security groups, then what the service or its sign-in answers."""
    service = environment.services[name]
    group = routing.group_name(environment, name)
    routes = [route for host in hosts for route in host.check_the_routing(group)]
    route = next((route for route in routes if route.passed), routes[0])
    targets = run.ask(name, "targets", lambda: routing.targets(route.value, aws=clients.aws), after=[route])
    run.ask(
        name,
        "firewall",
        lambda: routing.firewall(targets.value, service=service, aws=clients.aws),
        after=[balancer, targets],
    )
    for host in hosts:
        for asked in host.paths:
            if asked.is_own:
                check, question = asked_without_session(name, service, host, asked, clients)
                run.ask(asked.subject, check, question, after=host.secure)
    if isinstance(service.sign_in, OidcSignIn):
        question = partial(sign_in.provider, service.sign_in, dns=clients.dns, http=clients.http)
        run.ask(name, "identity provider", question)


def asked_without_session(
    name: str, service: Service, host: Host, asked: AskedPath, clients: Clients
) -> tuple[str, Callable[[], Answered[None]]]:
    """Choose what a client without a session asks: for the service, or for the sign-in before it."""
    settings = service.sign_in
    if settings is None or settings.on_unauthenticated_request == "allow":
        if asked.is_health:
            return "health", partial(web.health, host.asked, service.health_check, host.get)
        return "answers", partial(web.answers, host.asked, asked.path, host.get)
    if settings.on_unauthenticated_request == "deny":
        return "sign-in", partial(sign_in.refuses, host.asked, asked.path, host.get)
    expecting = sign_in.expected_of(settings, host.asked, name=name, aws=clients.aws)
    return "sign-in", partial(sign_in.redirects, host.asked, asked.path, host.get, expecting=expecting)


def _discovery(service: Service, hosts: list[Host], run: Run) -> None:
    """Ask the canonical host for its document first, then every other host for the same."""
    issuer = f"https://{_canonical_host(service)}"
    first: list[Outcome[Any]] = []
    for host in hosts if service.oauth_discovery else []:
        question = partial(_document, host, issuer, first[:1])
        first.append(run.ask(host.name, "OAuth discovery", question, after=[*host.secure, *first[:1]]))


def _document(host: Host, issuer: str, first: list[Outcome[Any]]) -> Any:
    canonical = first[0].value if first else None
    return discovery.discovery(host.asked, host.get, issuer=issuer, canonical=canonical)


def _renewal(
    environment: Environment,
    name: str,
    hosts: tuple[str, ...],
    authority: dict[str, Outcome[Any]],
    run: Run,
    clients: Clients,
) -> None:
    """Every certificate that names an owned host is issued, and every name on it can be proven again."""
    if not hosts:
        return
    found = run.ask(name, "certificates", partial(renewal.certificates, hosts, aws=clients.aws))
    for certificate in found.value if found.passed else []:
        arn = certificate["CertificateArn"]
        run.ask(certificate["DomainName"], "issued", partial(renewal.issued, arn, aws=clients.aws))
    for option in renewal.options(found.value if found.passed else []):
        zone = authority.get(environment.find_zone(option["DomainName"]) or "")
        question = partial(renewal.validation, option, environment=environment, dns=clients.dns, aws=clients.aws)
        run.ask(option["DomainName"], "renewal", question, after=[zone] if zone else [])
