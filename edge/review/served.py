"""Which hosts and paths each service serves before a plan and after it, and what of that changes, in words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from edge.review.expected import RULE, rule_hosts, rule_paths, service_of_address
from edge.review.risks.providers import asks_for_login
from edge.review.risks.scene import Scene, is_unknown
from edge.tfplan.model import Action
from environments.listener_rules import EVERY_PATH
from environments.text import listed

_ANYWHERE = frozenset({EVERY_PATH})
_NAME = "NAME"
Paths = frozenset[str]


@dataclass(frozen=True)
class Serving:
    """Which hosts each service serves on one side of a plan, at which paths, and which services ask for a sign-in."""

    hosts: Mapping[str, tuple[str, ...]]
    paths: Mapping[tuple[str, str], Paths]
    signs_in: frozenset[str]

    @classmethod
    def of_side(cls, scene: Scene, side: str) -> "Serving":
        """Read the rules of one side, `before` or `after`."""
        hosts: dict[str, tuple[str, ...]] = {}
        paths: dict[tuple[str, str], Paths] = {}
        signing_in: set[str] = set()
        for change in scene.plan.changes:
            stays = change.action is Action.FORGET  # in AWS, and goes on serving
            attributes = change.before if side == "before" or stays else change.after
            is_gone = side == "after" and change.action is Action.DESTROY
            if change.type != RULE or change.deposed or not attributes or is_gone:
                continue
            service = service_of_address(change.name)
            known = not (side == "after" and is_unknown(change, "condition"))
            found = rule_hosts(attributes) if known else scene.declared.hosts.get(service, ())
            hosts[service] = tuple(dict.fromkeys((*hosts.get(service, ()), *found)))
            for host in found if known else ():
                served = paths.get((service, host), frozenset())
                paths[service, host] = served | (frozenset(rule_paths(attributes)) or _ANYWHERE)
            if asks_for_login(attributes):
                signing_in.add(service)
        return cls(hosts, paths, frozenset(signing_in))

    def of(self, service: str) -> tuple[str, ...]:
        """Give the hosts of a service."""
        return self.hosts.get(service, ())

    def paths_of(self, service: str, host: str) -> Paths:
        """Give the paths at which a service serves a host; every path, where they are not known yet."""
        return self.paths.get((service, host), _ANYWHERE)

    def at(self, service: str, host: str) -> str:
        """Write at which paths a service serves a host, as ` at /docs`; nothing for every path."""
        paths = self.paths_of(service, host)
        return "" if paths == _ANYWHERE else f" at {listed(sorted(paths))}"

    def shown(self, service: str, host: str) -> str:
        """Write a host, with the paths at which the service serves it where others serve the rest."""
        return f"{host}{self.at(service, host)}"

    def ways(self) -> dict[str, frozenset[bool]]:
        """Say of each host whether its services ask for a sign-in: some, all or none of them."""
        found: dict[str, set[bool]] = {}
        for service, hosts in self.hosts.items():
            for host in hosts:
                found.setdefault(host, set()).add(service in self.signs_in)
        return {host: frozenset(ways) for host, ways in found.items()}

    def takers(self, host: str) -> set[str]:
        """Give the services of a host."""
        return {service for service, hosts in self.hosts.items() if host in hosts}


def moves(name: str, before: Serving, after: Serving) -> Iterator[str]:
    """Say which hosts a service gets from others, and which it gives up to them."""
    came: dict[str, list[str]] = {}
    for host in after.of(name):
        if host not in before.of(name) and (givers := before.takers(host) - {name}):
            came.setdefault(_coming(name, host, givers, after), []).append(host)
    yield from (f"{', '.join(hosts)} {_verb(phrase, hosts)}" for phrase, hosts in came.items())
    went: dict[str, list[str]] = {}
    for host in before.of(name):
        if host not in after.of(name) and (takers := after.takers(host) - {name}):
            went.setdefault(f"moves to {', '.join(sorted(takers))}", []).append(host)
    yield from (f"{', '.join(hosts)} {_verb(phrase, hosts)}" for phrase, hosts in went.items())


def starts_and_stops(name: str, before: Serving, after: Serving) -> Iterator[str]:
    """Say which hosts of a service start and stop, and what of those that stay it serves from now on."""
    sides = (after, before, "starts"), (before, after, "stops")
    for here, there, word in sides:
        hosts = [host for host in here.of(name) if host not in there.of(name) and not there.takers(host) - {name}]
        if hosts:
            yield f"{', '.join(hosts)} {_verb(word, hosts)}"
    yield from _paths(name, before, after)


def _paths(name: str, before: Serving, after: Serving) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for host in after.of(name):
        old, new = before.paths_of(name, host), after.paths_of(name, host)
        if host in before.of(name) and (name, host) in after.paths and old != new:
            found.setdefault(_at_other_paths(old, new), []).append(host)
    yield from (f"{', '.join(hosts)} {phrase}" for phrase, hosts in found.items())


def _at_other_paths(old: Paths, new: Paths) -> str:
    """Say at which paths a host is served from now on, where those are others."""
    if new == _ANYWHERE:
        return "from now on at every path"
    if old < new:
        return f"from now on also at {listed(sorted(new - old))}"
    if new < old:
        return f"no longer at {listed(sorted(old - new))}"
    return f"from now on only at {listed(sorted(new))}"


def _coming(name: str, host: str, givers: set[str], after: Serving) -> str:
    keeping = after.takers(host) & givers
    if not keeping:
        return f"moves here from {', '.join(sorted(givers))}"
    return f"is served here too{after.at(name, host)}, beside {', '.join(sorted(keeping))}"


def _verb(phrase: str, hosts: Sequence[str]) -> str:
    """Write a phrase that begins with a verb for one host or for several: `moves to x`, `move to x`."""
    verb, space, rest = phrase.partition(" ")
    several = "are" if verb == "is" else verb.removesuffix("s")
    return f"{verb if len(hosts) == 1 else several}{space}{rest}"


# Services in a list


_FEW = 8


def in_order(names: Sequence[str]) -> list[str]:
    """Sort names as people count: s2 before s10."""
    return sorted(names, key=lambda name: [(part.isdigit(), part.zfill(9)) for part in re.split(r"(\d+)", name)])


def together(hosts: Mapping[str, Sequence[str]]) -> str:
    """Write services with their hosts; of many whose hosts are their names in the same zones, these only once."""
    shapes = {tuple(sorted(_shape(name, host) for host in of)) for name, of in hosts.items()}
    if len(hosts) > _FEW and len(shapes) == 1 and (*shapes,)[0] and all(_NAME in host for host in (*shapes,)[0]):
        named = ", ".join(in_order(tuple(hosts)))
        return f"{len(hosts)} services, each at {' and '.join(shapes.pop())} ({named})"
    return ", ".join(f"{name} ({', '.join(of)})" if of else name for name, of in hosts.items())


def _shape(name: str, host: str) -> str:
    first, _, rest = host.partition(".")
    return f"{_NAME}.{rest}" if first == name else host
