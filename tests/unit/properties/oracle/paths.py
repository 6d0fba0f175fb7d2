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
    """List the hosts of a service for which no other one without paths is there, nor one that is asked later."""
    service = services[name]
    others = [item for other, item in services.items() if other != name]
    return [
        host
        for host in map(key, service["hosts"])
        if not any(
            host in map(key, other["hosts"])
            and (("paths" not in other, other["priority"]) > ("paths" not in service, service["priority"]))
            for other in others
        )
    ]


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
            if (taker := answering(asked, host.replace("*", "zz-nobody-9"), DISCOVERY)) != name:
                yield f"the document of {name} is asked for at {host}, and {taker} answers"
