"""Routing: every priority is free, and every request reaches the service that declares its host.

A listener asks its rules in the order of their priorities, the lowest number first, and the first match takes the
request: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

from collections.abc import Iterator

from environments.faults import Fault, dotted
from environments.limits import PRIORITY_MAX
from environments.rules.making import Rule, fault, hosts, named
from environments.schema import Environment


def _priorities_are_distinct(environment: Environment) -> Iterator[Fault]:
    holders: dict[int, str] = {}
    in_order = sorted(environment.services.items(), key=lambda item: item[1].priority)
    for name, service in in_order:
        taken = [each for each in service.priorities if each in holders]
        if taken:
            yield _taken_priority(environment, name, holders[taken[0]], taken[0])
        for priority in service.priorities:
            holders.setdefault(priority, name)


def _taken_priority(environment: Environment, name: str, holder: str, priority: int) -> Fault:
    held = environment.services[holder].priorities
    range_held = "" if len(held) == 1 else f", which takes {held[0]} to {held[-1]}"
    paths = [dotted("services", each, key) for each in (name, holder) for key in ("priority", "hosts")]
    return fault(paths[0], f"{priority} is also used by services.{holder}{range_held}; choose a free one", *paths[1:])


def _priorities_are_in_range(environment: Environment) -> Iterator[Fault]:
    for name, service in environment.services.items():
        last = service.priorities[-1]
        if last > PRIORITY_MAX:
            problem = (
                f"{service.priority} leaves no room for {len(service.hosts)} hosts, which need priorities up to {last}"
            )
            path = dotted("services", name, "priority")
            yield fault(path, f"{problem}; choose a lower one", dotted("services", name, "hosts"))


def _hosts_are_not_shadowed(environment: Environment) -> Iterator[Fault]:
    """Refuse a host that an earlier rule's wildcard takes: its requests would reach the other service.

    A wildcard in a host condition stands for any characters, dots too, so `*.a.com` also takes `x.y.a.com`:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#host-conditions
    """
    wildcards = [(path, name, host) for path, name, host in hosts(environment) if host.startswith("*.")]
    for path, name, host in hosts(environment):
        service = environment.services[name]
        for wildcard_path, other, wildcard in wildcards:
            earlier = environment.services[other]
            if other != name and earlier.priority < service.priority and host.endswith(wildcard[1:]):
                if host == wildcard:
                    continue  # told as the same host twice
                problem = (
                    f"{named(host)} is never reached: {named(wildcard)} of services.{other}, which is asked first at "
                    f"priority {earlier.priority}, takes its requests; give services.{name} a priority below that"
                )
                rests_on = [dotted("services", each, "priority") for each in (name, other)]
                yield fault(path, problem, wildcard_path, *rests_on)
                break


RULES: tuple[Rule, ...] = (_priorities_are_distinct, _priorities_are_in_range, _hosts_are_not_shadowed)
