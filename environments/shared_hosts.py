"""Hosts that services share: which service owns one, and which requests each of them gets.

Services share a host by paths, or for one deploy, in which one takes it over from another. A host has one set of
records and one certificate, which its owner makes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from environments import patterns
from environments.listener_rules import EVERY_PATH
from environments.schema import EnvironmentFile, Service


@dataclass(frozen=True, kw_only=True)
class Taker:
    """What a rule takes: a path of a host, each a pattern, for a service; the lower its priority, the earlier."""

    priority: int
    service: str
    host: str
    path: str


class SharedHosts:
    """The services of an environment by their hosts."""

    def __init__(self, environment: EnvironmentFile) -> None:
        self._services: Mapping[str, Service] = environment.services
        self._sharing: dict[str, list[str]] = {}
        self._takers: dict[str, list[Taker]] = {}
        for name, service in sorted(self._services.items(), key=lambda item: item[1].priority):
            for taker in _takers(name, service):
                self._takers.setdefault(taker.host, []).append(taker)
            for host in service.hosts:
                self._sharing.setdefault(host, []).append(name)

    def services_of(self, host: str) -> tuple[str, ...]:
        """Name the services that have a host, in the order in which they are asked."""
        return tuple(dict.fromkeys(self._sharing[host]))

    def owner_of(self, host: str) -> str:
        """Name the service that owns a host: the one without `paths`, and of two the one that takes it over.

        Where all have some, it is the one that takes it over, or else the one asked last.
        """
        services = self._services
        return max(
            self._sharing[host],
            key=lambda name: (not services[name].paths, host in services[name].takes_over, services[name].priority),
        )

    def is_handed_over(self, host: str, one: str, other: str) -> bool:
        """Tell whether one of two services takes a host over from the other, so that both have it for one deploy."""
        both = [self._services[name] for name in (one, other)]
        return all(host in service.hosts for service in both) and any(host in service.takes_over for service in both)

    def owned_by(self, name: str) -> tuple[str, ...]:
        """List the hosts that a service owns, in its own order; none where other services own them all."""
        return tuple(host for host in self._services[name].hosts if self.owner_of(host) == name)

    def asked_before(self, name: str, host: str) -> tuple[Taker, ...]:
        """List what other services take of the whole of a host, before this one is asked."""
        wildcards = (pattern for pattern in self._takers if pattern != host and patterns.wildcards([pattern]))
        over = [host, *(pattern for pattern in wildcards if patterns.covers(pattern, host))]
        takers = (taker for pattern in over for taker in self._takers.get(pattern, ()))
        mine = self._services[name].priority
        earlier = (taker for taker in takers if taker.service != name and taker.priority < mine)
        return tuple(sorted(earlier, key=lambda taker: taker.priority))

    def first_path(self, name: str, host: str, pattern: str) -> str | None:
        """Find the shortest path of a pattern at which a service gets a host's requests; None where others get all."""
        taken = [taker.path for taker in self.asked_before(name, host)]
        return patterns.first_taken(pattern, besides=taken)

    def is_asked(self, name: str, host: str) -> bool:
        """Tell whether a service gets any requests of a host; not where it is taken over and the other comes first."""
        return any(self.first_path(name, host, pattern) is not None for pattern in paths_of(self._services[name]))

    def gets(self, name: str, host: str, path: str) -> bool:
        """Tell whether a service gets the requests for a path of a host; `path` has no query."""
        taken = [taker.path for taker in self.asked_before(name, host)]
        return patterns.takes(paths_of(self._services[name]), path) and not patterns.takes(taken, path)


def paths_of(service: Service) -> tuple[str, ...]:
    """List the patterns of the paths that a service's rules take, also where that is every path."""
    return service.rules[0].paths or (EVERY_PATH,)


def _takers(name: str, service: Service) -> Iterator[Taker]:
    for rule in service.rules:
        for host in rule.hosts:
            for path in rule.paths or (EVERY_PATH,):
                yield Taker(priority=rule.priority, service=name, host=host, path=path)
