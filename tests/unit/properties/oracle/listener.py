"""The listener, simulated: which service answers a request for a host and a path, by priority and by pattern."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice, pairwise, product
from typing import Any, NamedTuple

from tests.unit.properties.oracle.names import key, lies_in
from tests.unit.properties.oracle.sign_ins import kind_of

VALUES_PER_RULE = 5
WILDCARDS_PER_RULE = 6
LAST_PRIORITY = 50000
CALLBACK = "/oauth2/idpresponse"
# What a request may have where a pattern has a wildcard.
ANY_TEXTS = ("", "z", "zz-nobody-9", "zz", "zzz", "/", "z/z", "/zz-nobody-9/", "0", "zzzzzz")
ANY_LETTERS = ("z", "0", "/", "y")
MOST_PATHS = 2000


class Rule(NamedTuple):
    """One rule of the listener: the lower its priority, the earlier it is asked; no paths are every path."""

    priority: int
    service: str
    patterns: list[str]
    paths: list[str]


def paths_in_rules(service: dict[str, Any]) -> list[str]:
    """Give the paths of a service, with the one at which a sign-in ends where none of them takes it."""
    paths: list[str] = service.get("paths", [])
    ends_elsewhere = kind_of(service) is not None and not any(fnmatchcase(CALLBACK, path) for path in paths)
    return [*paths, CALLBACK] if paths and ends_elsewhere else paths


def wildcards(values: list[str]) -> int:
    return sum(letter in "*?" for value in values for letter in value)


def rules(services: dict[str, Any]) -> list[Rule]:
    """Build the rules in the order in which they are asked; hosts that one cannot hold go to following priorities."""
    built: list[Rule] = []
    for name, service in services.items():
        paths = paths_in_rules(service)
        mine: list[list[str]] = [[]]
        for host in map(key, service["hosts"]):
            held = [*mine[-1], host, *paths]
            if mine[-1] and (len(held) > VALUES_PER_RULE or wildcards(held) > WILDCARDS_PER_RULE):
                mine.append([])
            mine[-1].append(host)
        built += [Rule(service["priority"] + part, name, hosts, paths) for part, hosts in enumerate(mine)]
    return sorted(built)


def answering(asked: list[Rule], host: str, path: str = "/") -> str | None:
    """Walk the rules as the load balancer does: the first that matches answers; `*` stands for dots as well."""
    matching = (
        rule.service
        for rule in asked
        if any(fnmatchcase(host, pattern) for pattern in rule.patterns)
        and (not rule.paths or any(fnmatchcase(path, pattern) for pattern in rule.paths))
    )
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
    """Send requests for each declared host and path and demand that the service that declares it answers some."""
    asked = rules(services)
    taken_over = {key(host) for service in services.values() for host in service.get("takes_over", [])}
    declared = {key(host) for service in services.values() for host in service["hosts"]}
    for name, service in services.items():
        for host in map(key, service["hosts"]):
            for request, pattern in product(_requests(host, declared), paths_in_rules(service) or [""]):
                answers = [answering(asked, request, path) for path in paths_like(pattern or "/*")]
                if name not in answers and not (host in taken_over and _has(services, answers[0], host)):
                    yield f"a request for {request}{pattern} goes to {answers[0]}, and {name} declares {host}"


def _has(services: dict[str, Any], name: str | None, host: str) -> bool:
    return name is not None and host in map(key, services[name]["hosts"])


def paths_like(pattern: str) -> list[str]:
    """Give paths that a pattern takes, the plainest first."""
    parts = [{"*": ANY_TEXTS, "?": ANY_LETTERS}.get(letter, (letter,)) for letter in pattern]
    plain = [
        "".join(part[number % len(part)] for part in parts) for number in range(max(map(len, [ANY_TEXTS, ANY_LETTERS])))
    ]
    return [*plain, *("".join(letters) for letters in islice(product(*parts), MOST_PATHS))]


def _requests(host: str, declared: set[str]) -> list[str]:
    """Give the host itself, or names under a wildcard that no narrower declared wildcard claims."""
    if not host.startswith("*."):
        return [host]
    base = host[2:]
    samples = [f"{label}.{base}" for label in ("zz-nobody-9", "a", "a.zz-nobody-9", "zz-nobody-9.www")]
    narrower = [item[2:] for item in declared if item.startswith("*.") and lies_in(item[2:], base) and item != host]
    return [
        sample for sample in samples if sample not in declared and not any(lies_in(sample, zone) for zone in narrower)
    ]
