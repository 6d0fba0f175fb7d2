"""Routing: every priority is free, and every request reaches the service that declares its host and path.

A listener asks its rules in the order of their priorities, the lowest number first, and the first match takes the
request: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

from collections.abc import Iterator, Sequence

from environments import patterns
from environments.aws_limits import PRIORITY_MAX
from environments.faults import Fault, dotted
from environments.listener_rules import EVERY_PATH, SIGN_IN_CALLBACK_PATH
from environments.rules.rule import Rule, fault, hosts, named
from environments.schema import EnvironmentFile
from environments.shared_hosts import SharedHosts, Taker, paths_of
from environments.text import listed, shown


def _priorities_are_distinct(environment: EnvironmentFile) -> Iterator[Fault]:
    holders: dict[int, str] = {}
    in_order = sorted(environment.services.items(), key=lambda item: item[1].priority)
    for name, service in in_order:
        taken = [priority for priority in service.priorities if priority in holders]
        if taken:
            yield _taken_priority(environment, name, holders[taken[0]], taken[0])
        for priority in service.priorities:
            holders.setdefault(priority, name)


def _taken_priority(environment: EnvironmentFile, name: str, holder: str, priority: int) -> Fault:
    held = environment.services[holder].priorities
    range_held = "" if len(held) == 1 else f", which takes {held[0]} to {held[-1]}"
    first, *others = _rests_on(name, holder)
    return fault(first, f"{priority} is also used by services.{holder}{range_held}; choose a free one", *others)


def _priorities_are_in_range(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        last = service.priorities[-1]
        if last > PRIORITY_MAX:
            problem = (
                f"{service.priority} leaves no room for {len(service.hosts)} hosts, which need priorities up to {last}"
            )
            path, *others = _rests_on(name)
            yield fault(path, f"{problem}; choose a lower one", *others)


def _hosts_are_not_shadowed(environment: EnvironmentFile) -> Iterator[Fault]:
    """Refuse a host, or a path of it, of which earlier rules take every request: others would get them.

    A wildcard in a host condition stands for any characters, dots too, so `*.a.com` also takes `x.y.a.com`:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#host-conditions
    """
    shared = SharedHosts(environment)
    for path, name, host in hosts(environment):
        earlier = [
            taker
            for taker in shared.asked_before(name, host)
            if taker.host != host or not shared.is_handed_over(host, name, taker.service)
        ]
        lost = {
            owned: takers
            for owned in paths_of(environment.services[name])
            if (takers := _takers(earlier, owned)) and not _is_of_two_sign_ins(environment, name, owned, takers)
        }
        first = next(iter(lost.values()), [])
        if first and not _is_repeated(environment, name, host, first[0]):
            where = f" at {listed(map(shown, lost))}" if environment.services[name].paths else ""
            others = tuple(dict.fromkeys(taker.service for taker in first))
            problem = (
                f"{named(host)} is never reached{where}: {_taken_by(environment, host, first)}; "
                f"{_remedy(environment, name, others)}"
            )
            yield fault(path, problem, *_rests_on(name, *others))


def _is_repeated(environment: EnvironmentFile, name: str, host: str, taker: Taker) -> bool:
    """Say whether two services have a host, and neither has paths: the rules of ownership refuse that."""
    return taker.host == host and not environment.services[name].paths and taker.path == EVERY_PATH


def _is_of_two_sign_ins(environment: EnvironmentFile, name: str, path: str, takers: Sequence[Taker]) -> bool:
    """Say whether a path ends a sign-in, and another one takes it: the rules of paths refuse that."""
    services = environment.services
    return (
        path not in services[name].paths and path == SIGN_IN_CALLBACK_PATH and bool(services[takers[0].service].sign_in)
    )


def _takers(earlier: Sequence[Taker], path: str) -> list[Taker]:
    """Pick those that take every request for a path: the first that does alone, or all of them together; or none."""
    alone = next((taker for taker in earlier if patterns.covers(taker.path, path)), None)
    if alone:
        return [alone]
    together = list(earlier)
    if not _take_all(together, path):
        return []
    for taker in earlier:
        without = [other for other in together if other is not taker]
        together = without if _take_all(without, path) else together
    return together


def _take_all(takers: Sequence[Taker], path: str) -> bool:
    return patterns.first_taken(path, besides=[taker.path for taker in takers]) is None


def _taken_by(environment: EnvironmentFile, host: str, takers: Sequence[Taker]) -> str:
    if len(takers) > 1:
        what = listed(dict.fromkeys(f"{shown(taker.path)} of services.{taker.service}" for taker in takers))
        return f"{what}, which are asked first, take its requests"
    taker = takers[0]
    has_paths = bool(environment.services[taker.service].paths)
    parts = [shown(taker.path)] if has_paths else []
    parts += [named(taker.host)] if taker.host != host else []
    priority = environment.services[taker.service].priority
    of = " of ".join([*parts, f"services.{taker.service}"])
    return f"{of}, which is asked first at priority {priority}, takes its requests"


def _remedy(environment: EnvironmentFile, name: str, others: Sequence[str]) -> str:
    """Say how to get what service `name` lost asked before what services `others` take."""
    for other in others:
        if _loses(environment, other, name):
            mixed = environment.services[name].paths or environment.services[other].paths
            way = "give one of them other paths" if mixed else "move a wildcard to a service of its own"
            return f"services.{name} takes requests of services.{other} too: {way}"
    return f"give services.{name} a priority below that" if len(others) == 1 else f"ask services.{name} before them"


def _loses(environment: EnvironmentFile, name: str, other: str) -> bool:
    """Say whether service `name` would lose a path of a host, were service `other` asked before it."""
    service, before = environment.services[name], environment.services[other]
    return any(
        patterns.covers(theirs, host) and patterns.covers(taken, path)
        for host in service.hosts
        for theirs in before.hosts
        for path in paths_of(service)
        for taken in paths_of(before)
    )


def _rests_on(*names: str) -> list[str]:
    """List the keys that the order of services' rules follows from, the priority of the first service first.

    Hosts are left out: what stands in for one that is faulty takes nobody's requests.
    """
    return [dotted("services", name, key) for name in names for key in ("priority", "paths", "login", "sign_in")]


RULES: tuple[Rule, ...] = (_priorities_are_distinct, _priorities_are_in_range, _hosts_are_not_shadowed)
