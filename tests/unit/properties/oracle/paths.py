"""Paths of hosts that services share: who owns a host, and what a service must get, from the raw tables."""

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tests.unit.properties.oracle.listener import (
    CALLBACK,
    VALUES_PER_RULE,
    WILDCARDS_PER_RULE,
    answering,
    paths_in_rules,
    paths_like,
    rules,
    wildcards,
)
from tests.unit.properties.oracle.names import key
from tests.unit.properties.oracle.sign_ins import kind_of

DISCOVERY = "/.well-known/oauth-authorization-server"
Services = dict[str, Any]


def owned(services: Services, name: str) -> list[str]:
    """List the hosts of a service that no other one has without paths, or takes over, or is asked for later."""
    service = services[name]
    others = [item for other, item in services.items() if other != name]

    def rank(having: Services, host: str) -> tuple[bool, bool, int]:
        return "paths" not in having, takes_over(having, host), having["priority"]

    return [
        host
        for host in map(key, service["hosts"])
        if not any(host in map(key, other["hosts"]) and rank(other, host) > rank(service, host) for other in others)
    ]


def takes_over(service: Services, host: str) -> bool:
    """Say whether a service has a host that another one has until the next deploy."""
    return host in map(key, service.get("takes_over", []))


def handover_breaches(services: Services) -> Iterator[str]:
    """Find hosts to take over that are not the taker's, that nobody has to give, or that two would take."""
    for name, service in services.items():
        for host in map(key, service.get("takes_over", [])):
            having = [other for other, item in services.items() if host in map(key, item["hosts"])]
            if name not in having:
                yield f"{name} takes over {host}, which is not its host"
            elif having == [name]:
                yield f"{name} takes over {host} from nobody"
        for host in map(key, service.get("records_first", [])):
            if host not in map(key, service["hosts"]):
                yield f"the records of {host} come first, which is not a host of {name}"
    taken = [host for service in services.values() for host in map(key, service.get("takes_over", []))]
    yield from (f"{host} is taken over {count} times" for host, count in Counter(taken).items() if count > 1)


def path_breaches(services: Services) -> Iterator[str]:
    for name, service in services.items():
        paths = service.get("paths", [])
        yield from (f"{name} has the path {path} {count} times" for path, count in Counter(paths).items() if count > 1)
        if paths and all(any(fnmatchcase(path, item) for item in paths) for path in paths_like("/*")):
            yield f"the paths of {name} are every path"
        if len(paths_in_rules(service)) >= VALUES_PER_RULE:
            yield f"the paths of {name} leave no place for a host in a rule"
        most = max(wildcards([key(host), *paths_in_rules(service)]) for host in service["hosts"])
        if most > WILDCARDS_PER_RULE:
            yield f"{name} needs a rule with {most} wildcards"


def sign_in_breaches(services: Services) -> Iterator[str]:
    """Follow clients that come back from a sign-in: the rule of another sign-in must not take them."""
    asked = rules(services)
    for name, service in services.items():
        for host in map(key, service["hosts"] if kind_of(service) else []):
            below = [
                pattern for rule in asked for pattern in rule.patterns if pattern.endswith(host[1:]) and host[0] == "*"
            ]
            for request in {host.replace("*", "zz-nobody-9"), *(item.replace("*", "zz-nobody-9") for item in below)}:
                taker = answering(asked, request, CALLBACK)
                paths = [path for pattern in service.get("paths", ["/*"]) for path in paths_like(pattern)]
                asks = any(answering(asked, request, path) == name for path in paths)
                if asks and taker not in (None, name) and kind_of(services[str(taker)]):
                    yield f"clients of {name} come back from a sign-in to {taker}"


def discovery_breaches(services: Services) -> Iterator[str]:
    asked = rules(services)
    for name, service in services.items():
        for host in map(key, service["hosts"] if service.get("oauth_discovery", False) else []):
            taker = answering(asked, host.replace("*", "zz-nobody-9"), DISCOVERY)
            if taker != name and not any(takes_over(services.get(str(item), {}), host) for item in (name, taker)):
                yield f"the document of {name} is asked for at {host}, and {taker} answers"
