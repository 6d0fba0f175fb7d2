"""The listener, simulated: which service answers a request for a host, by priority and by pattern."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any, NamedTuple

from tests.unit.properties.oracle.names import key, lies_in

HOSTS_PER_RULE = 5
LAST_PRIORITY = 50000


class Rule(NamedTuple):
    """One rule of the listener: the lower its priority, the earlier it is asked."""

    priority: int
    service: str
    patterns: list[str]


def rules(services: dict[str, Any]) -> list[Rule]:
    """Build the rules in the order in which they are asked; hosts beyond five go to the following priorities."""
    built = [
        Rule(service["priority"] + part, name, [key(host) for host in service["hosts"][start : start + HOSTS_PER_RULE]])
        for name, service in services.items()
        for part, start in enumerate(range(0, len(service["hosts"]), HOSTS_PER_RULE))
    ]
    return sorted(built)


def answering(asked: list[Rule], host: str) -> str | None:
    """Walk the rules as the load balancer does: the first that matches answers; `*` stands for dots as well."""
    matching = (rule.service for rule in asked if any(fnmatchcase(host, pattern) for pattern in rule.patterns))
    return next(matching, None)


def priority_breaches(services: dict[str, Any]) -> Iterator[str]:
    asked = rules(services)
    for before, rule in pairwise(asked):
        if before.priority == rule.priority:
            yield f"priority {rule.priority} is taken by {before.service} and by {rule.service}"
    yield from (
        f"{rule.service} has priority {rule.priority}, and AWS ends at {LAST_PRIORITY}"
        for rule in asked
        if rule.priority > LAST_PRIORITY
    )


def shadowing_breaches(services: dict[str, Any]) -> Iterator[str]:
    """Send a request for each declared host and demand that the service that declares it answers."""
    asked = rules(services)
    declared = {key(host) for service in services.values() for host in service["hosts"]}
    for name, service in services.items():
        for host in map(key, service["hosts"]):
            for request in _requests(host, declared):
                if (answer := answering(asked, request)) != name:
                    yield f"a request for {request} goes to {answer}, and {name} declares {host}"


def _requests(host: str, declared: set[str]) -> list[str]:
    """Give the host itself, or names under a wildcard that no narrower declared wildcard claims."""
    if not host.startswith("*."):
        return [host]
    base = host[2:]
    samples = [f"{label}.{base}" for label in ("zz-nobody-9", "a", "a.zz-nobody-9", "zz-nobody-9.www")]
    narrower = [each[2:] for each in declared if each.startswith("*.") and lies_in(each[2:], base) and each != host]
    return [each for each in samples if each not in declared and not any(lies_in(each, zone) for zone in narrower)]
