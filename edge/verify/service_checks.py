"""The checks of one service: its routing, targets and ports, what it answers, and what its next months need."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from edge.verify import discovery as metadata
from edge.verify import renewal as renewals
from edge.verify import routing, sign_in, web
from edge.verify.asked_paths import AskedPath
from edge.verify.check import Answered, Outcome, Run
from edge.verify.clients import Clients
from edge.verify.host_checks import Host
from edge.verify.standing import fleet, target_group, user_pool, watch
from environments.checked import Environment
from environments.dns_names import is_within
from environments.schema import Service
from environments.sign_in import CognitoSignIn, OidcSignIn


def canonical_host(service: Service) -> str:
    """Give the host that names a service in its OAuth document."""
    return service.canonical_host or service.primary_host


def service(
    environment: Environment, name: str, hosts: list[Host], run: Run, clients: Clients, balancer: Outcome[Any]
) -> Outcome[str]:
    """Routing of each host, then targets and security groups, then what the service or its sign-in answers.

    The outcome is that of a host's routing, with the target group's ARN.
    """
    service = environment.services[name]
    group = routing.group_name(environment, name)
    routes = [route for host in hosts for route in host.check_the_routing(run, group)]
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
    if isinstance(service.sign_in, CognitoSignIn):
        question = partial(user_pool.client, service, name, service.sign_in, aws=clients.aws)
        run.ask(name, "user pool client", question)
    return route


def targets(
    environment: Environment, name: str, route: Outcome[str], ids: Outcome[list[str]], run: Run, clients: Clients
) -> None:
    """Check each target, and how the load balancer asks them."""
    service, aws = environment.services[name], clients.aws
    run.ask(
        name,
        "all targets",
        lambda: fleet.all_targets(route.value, ids.value, service=service, aws=aws),
        after=[route, ids],
    )
    questions = {"health check": target_group.health_check, "target group": target_group.target_group}
    for check, question in questions.items():
        run.ask(name, check, partial(_of_group, question, route, service, aws), after=[route])


def _of_group(question: Callable[..., Answered[None]], route: Outcome[str], service: Service, aws: Any) -> Any:
    return question(route.value, service=service, aws=aws)


def alarms(
    environment: Environment, name: str, route: Outcome[str], certificates: list[str], run: Run, clients: Clients
) -> None:
    """Check the alarms of a service whose certificates have these ARNs."""
    run.ask(
        name,
        "alarms",
        lambda: watch.alarms(environment, name, route.value, certificates, aws=clients.aws),
        after=[route],
    )


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


def discovery(environment: Environment, service: Service, hosts: list[Host], run: Run) -> None:
    """Ask the canonical host for its document first, then every other host for the same."""
    issuer = f"https://{canonical_host(service)}"
    first: list[Outcome[Any]] = []
    is_trusted = partial(_is_trusted, environment)
    for host in hosts if service.oauth_discovery else []:
        question = partial(_document, host, issuer, first[:1], is_trusted)
        first.append(run.ask(host.name, "OAuth discovery", question, after=[*host.secure, *first[:1]]))


def _document(host: Host, issuer: str, first: list[Outcome[Any]], is_trusted: Callable[[str], bool]) -> Any:
    canonical = first[0].value if first else None
    return metadata.discovery(host.asked, host.get, issuer=issuer, canonical=canonical, is_trusted=is_trusted)


def _is_trusted(environment: Environment, host: str) -> bool:
    """Tell whether a host is in a zone of the file, or is the identity provider's of a service or of the platform."""
    settings = [service.sign_in for service in environment.services.values()]
    endpoints = [
        url
        for setting in settings
        if isinstance(setting, OidcSignIn)
        for url in (setting.issuer, setting.authorization_endpoint, setting.token_endpoint, setting.user_info_endpoint)
    ]
    return (
        environment.find_zone(host) is not None
        or host in {urlsplit(url).hostname for url in endpoints}
        or (environment.user_pool_name is not None and is_within(host, f"{environment.region}.amazoncognito.com"))
    )


def renewal(
    environment: Environment,
    name: str,
    hosts: tuple[str, ...],
    authority: dict[str, Outcome[Any]],
    run: Run,
    clients: Clients,
) -> list[str]:
    """Every certificate that serves an owned host is issued, and every name on it can be proven again.

    Gives the ARNs of those certificates.
    """
    if not hosts:
        return []
    found = run.ask(
        name, "certificates", partial(renewals.certificates, hosts, environment.load_balancer_name, aws=clients.aws)
    )
    for certificate in found.value if found.passed else []:
        arn = certificate["CertificateArn"]
        run.ask(certificate["DomainName"], "issued", partial(renewals.issued, arn, aws=clients.aws))
    for option in renewals.options(found.value if found.passed else []):
        zone = authority.get(environment.find_zone(option["DomainName"]) or "")
        question = partial(renewals.validation, option, environment=environment, dns=clients.dns, aws=clients.aws)
        run.ask(option["DomainName"], "renewal", question, after=[zone] if zone else [])
    return [certificate["CertificateArn"] for certificate in (found.value if found.passed else [])]
