"""What every rule is made of: the shape of a rule, its faults, and walks over an environment."""

from collections.abc import Callable, Hashable, Iterator, Mapping

from environments.dns_names import to_unicode
from environments.faults import Fault, dotted
from environments.schema import EnvironmentFile
from environments.shared_hosts import SharedHosts
from environments.text import shown

Rule = Callable[[EnvironmentFile], Iterator[Fault]]


def fault(path: str, problem: str, *rests_on: str) -> Fault:
    """Make a fault of a rule; `rests_on` names the paths, besides its own, that it follows from."""
    return Fault("", path, problem, rests_on)


def hosts(environment: EnvironmentFile) -> Iterator[tuple[str, str, str]]:
    """Go over every host, with its path and its service's name."""
    for name, service in environment.services.items():
        for number, host in enumerate(service.hosts):
            yield dotted("services", name, "hosts", number), name, host


def names_on_certificates(environment: EnvironmentFile) -> Iterator[tuple[str, str, str]]:
    """Go over every name that a service's own certificate has, with its path and the service's name."""
    shared = SharedHosts(environment)
    for path, name, host in hosts(environment):
        if environment.services[name].certificate is None and shared.owner_of(host) == name:
            yield path, name, host
    yield from certificate_names(environment)


def certificate_names(environment: EnvironmentFile) -> Iterator[tuple[str, str, str]]:
    """Go over every name that stands on a certificate beside hosts, with its path and its service's name."""
    for name, service in environment.services.items():
        for number, host in enumerate(service.certificate_names):
            yield dotted("services", name, "certificate_names", number), name, host


def named(host: str) -> str:
    """Write a host for a sentence; one in punycode also in its own script, in which the user may know it."""
    readable = to_unicode(host)
    return shown(host) if readable == host else f"{shown(host)} ({readable})"


def repeated(values: Mapping[str, Hashable]) -> Iterator[tuple[str, str]]:
    """Go over the names whose value an earlier name has too, with that earlier name."""
    first: dict[Hashable, str] = {}
    for name, value in values.items():
        if value in first:
            yield name, first[value]
        first.setdefault(value, name)
