"""At which paths a host is asked: one for each pattern that a service takes, which no earlier rule takes."""

from collections.abc import Iterator
from dataclasses import dataclass

from environments import patterns
from environments.checked import Environment
from environments.listener_rules import EVERY_PATH
from environments.shared_hosts import SharedHosts, paths_of


@dataclass(frozen=True)
class AskedPath:
    """A path to ask for, and the subject of the checks that do: the host, with the pattern where the service has some.

    `is_health` says that it is the service's health path, whose answer is known; `is_own` that the service answers
    there, and not the load balancer, which answers clients that come back from a sign-in.
    """

    subject: str
    path: str
    is_health: bool
    is_own: bool = True


def asked_paths(environment: Environment, shared: SharedHosts, name: str, host: str) -> tuple[AskedPath, ...]:
    """List the paths at which a service's host is asked; at its health path wherever it gets the requests for that."""
    return tuple(_asked_paths(environment, shared, name, host))


def _asked_paths(environment: Environment, shared: SharedHosts, name: str, host: str) -> Iterator[AskedPath]:
    service = environment.services[name]
    health = service.health_check.path
    is_reached = shared.gets(name, host, health.partition("?")[0])
    for pattern in paths_of(service):
        is_health = is_reached and patterns.takes([pattern], health.partition("?")[0])
        path = health if is_health else shared.first_path(name, host, pattern) or pattern
        subject = host if pattern == EVERY_PATH else f"{host}{pattern}"
        yield AskedPath(subject, path, is_health, is_own=pattern in (service.paths or (EVERY_PATH,)))
