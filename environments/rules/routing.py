"""Routing: every priority is free, and every request reaches the service that declares its host.

A listener asks its rules in the order of their priorities, the lowest number first, and the first match takes the
request: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

from collections.abc import Iterator

from environments.aws_limits import PRIORITY_MAX
from environments.faults import Fault, dotted
from environments.rules.rule import Rule, fault, hosts, named
from environments.schema import EnvironmentFile, Service


def _priorities_are_distinct(environment: EnvironmentFile) -> Iterator[Fault]:
    holders: dict[int, str] = {}
    in_order = sorted(environment.services.items(), key=lambda item: item[1].priority)
    for name, service in in_order:
        taken = [each for each in service.priorities if each in holders]
        if taken:
            yield _taken_priority(environment, name, holders[taken[0]], taken[0])
        for priority in service.priorities:
            holders.setdefault(priority, name)


def _taken_priority(environment: EnvironmentFile, name: str, holder: str, priority: int) -> Fault:
    held = environment.services[holder].priorities
    range_held = "" if len(held) == 1 else f", which takes {held[0]} to {held[-1]}"
    paths = [dotted("services", each, key) for each in (name, holder) for key in ("priority", "hosts")]
    return fault(paths[0], f"{priority} is also used by services.{holder}{range_held}; choose a free one", *paths[1:])


def _priorities_are_in_range(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        last = service.priorities[-1]
        if last > PRIORITY_MAX:
            problem = (
                f"{service.priority} leaves no room for {len(service.hosts)} hosts, which need priorities up to {last}"
            )
            path = dotted("services", name, "priority")
            yield fault(path, f"{problem}; choose a lower one", dotted("services", name, "hosts"))


def _hosts_are_not_shadowed(environment: EnvironmentFile) -> Iterator[Fault]:
    """Refuse a host that an earlier rule's wildcard takes: its requests would reach the other service.

    A wildcard in a host condition stands for any characters, dots too, so `*.a.com` also takes `x.y.a.com`:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#host-conditions
    """
    for path, name, host in hosts(environment):
        for other, earlier in environment.services.items():
            wildcard = _wildcard_over(host, earlier)
            if wildcard and other != name and earlier.priority < environment.services[name].priority:
                problem = (
                    f"{named(host)} is never reached: {named(wildcard)} of services.{other}, which is asked first at "
                    f"priority {earlier.priority}, takes its requests; "
                )
                rests_on = [dotted("services", each, key) for each in (name, other) for key in ("priority", "hosts")]
                yield fault(path, problem + _remedy(environment, name, other), *rests_on)
                break


def _wildcard_over(host: str, service: Service) -> str | None:
    """Find a wildcard of a service that takes every request for a host; the same wildcard is not told as one."""
    wildcards = (each for each in service.hosts if each.startswith("*."))
    return next((each for each in wildcards if host.endswith(each[1:]) and host != each), None)


def _remedy(environment: EnvironmentFile, name: str, other: str) -> str:
    """Tell how to get a host of service `name` asked before the wildcard of service `other`."""
    service, earlier = environment.services[name], environment.services[other]
    if any(_wildcard_over(host, service) for host in earlier.hosts):
        return f"services.{name} takes requests of services.{other} too: move a wildcard to a service of its own"
    return f"give services.{name} a priority below that"


RULES: tuple[Rule, ...] = (_priorities_are_distinct, _priorities_are_in_range, _hosts_are_not_shadowed)
