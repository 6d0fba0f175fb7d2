"""Certificates that services share: the one that is named exists, and covers what it must."""

from collections.abc import Iterator

from environments.certificates import Certificates
from environments.dns_names import is_wildcard, parent
from environments.faults import Fault, dotted
from environments.rules.rule import Rule, certificate_names, fault, named
from environments.schema import EnvironmentFile
from environments.shared_hosts import SharedHosts
from environments.text import listed, shown


def _are_of_services_that_have_one(environment: EnvironmentFile) -> Iterator[Fault]:
    certificates = Certificates(environment)
    for name, service in environment.services.items():
        if service.certificate is not None and (problem := _unusable(environment, certificates, name)):
            rests_on = dotted("services", service.certificate)
            yield fault(dotted("services", name, "certificate"), problem, "services", rests_on)


def _unusable(environment: EnvironmentFile, certificates: Certificates, name: str) -> str | None:
    """Say why a service cannot be served with the certificate of the one that it names; None where it can."""
    owner = environment.services[name].certificate or ""
    if owner == name:
        return "is the service itself; remove it, and the service has a certificate of its own"
    if owner not in environment.services:
        return f"{shown(owner)} is not a service of this file; name one that has a certificate of its own"
    if other := environment.services[owner].certificate:
        return f"services.{owner} is served with the certificate of services.{other}; name a service that has its own"
    if not certificates.names_on(owner):
        return f"services.{owner} owns none of its hosts, and so has no certificate; name a service that has its own"
    return None


def _cover_every_host(environment: EnvironmentFile) -> Iterator[Fault]:
    """Demand that the named certificate covers each host that the service owns, as clients compare them.

    A wildcard stands for one label: RFC 9525 section 6.3, and
    https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html (wildcard names).
    """
    certificates = Certificates(environment)
    for name, service in environment.services.items():
        if service.certificate is None or _unusable(environment, certificates, name):
            continue
        owner, uncovered = service.certificate, certificates.uncovered(name)
        if uncovered:
            names = certificates.names_on(owner)
            problem = (
                f"the certificate of services.{owner} is for {listed(names)}, where a wildcard stands for one label, "
                f"and does not cover {listed(map(named, uncovered))}; add "
                f"{listed(dict.fromkeys(shown(_covering(host)) for host in uncovered))} to "
                f"services.{owner}.certificate_names, or remove certificate here"
            )
            rests_on = (dotted("services", service, key) for service in (name, owner) for key in _ON_IT)
            yield fault(dotted("services", name, "certificate"), problem, *rests_on)


_ON_IT = ("hosts", "certificate_names", "paths", "takes_over")


def _covering(host: str) -> str:
    """Give a name that covers a host and its neighbours: a wildcard in its place, but for a domain below the top."""
    above = parent(host)
    return host if is_wildcard(host) or "." not in above else f"*.{above}"


def _names_are_on_a_certificate_once(environment: EnvironmentFile) -> Iterator[Fault]:
    shared, first = SharedHosts(environment), dict[tuple[str, str], str]()
    for path, name, host in certificate_names(environment):
        service = environment.services[name]
        other = first.setdefault((name, host), path)
        if other != path:
            yield fault(path, f"{named(host)} is also given at {other}; keep one of them", other)
        elif service.certificate is None and host in shared.owned_by(name):
            place = dotted("services", name, "hosts", service.hosts.index(host))
            yield fault(path, f"{named(host)} is a host, and on the certificate by {place}; remove it here", place)


def _names_have_a_certificate(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        if service.certificate is not None and service.certificate_names:
            problem = (
                f"are for a certificate of its own, and certificate = {shown(service.certificate)} names another's; "
                f"move them to services.{service.certificate}.certificate_names, or remove certificate"
            )
            path = dotted("services", name, "certificate_names")
            yield fault(path, problem, dotted("services", name, "certificate"))


RULES: tuple[Rule, ...] = (
    _are_of_services_that_have_one,
    _cover_every_host,
    _names_are_on_a_certificate_once,
    _names_have_a_certificate,
)
