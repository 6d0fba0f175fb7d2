"""Certificates that services share, from the raw tables: which names each has, and what it must cover."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.unit.properties.oracle.names import key
from tests.unit.properties.oracle.paths import owned

Services = dict[str, Any]


def on_certificate(services: Services, name: str) -> list[str]:
    """List the names on a service's own certificate; none where another's serves its hosts."""
    service = services[name]
    if "certificate" in service:
        return []
    return list(dict.fromkeys([*owned(services, name), *map(key, service.get("certificate_names", []))]))


def certificate_breaches(services: Services) -> Iterator[str]:
    """Find a certificate that nobody has, that does not cover what it serves, or that names something twice."""
    for name, service in services.items():
        beside = list(map(key, service.get("certificate_names", [])))
        yield from (f"{host} is on the certificate of {name} twice" for host, n in Counter(beside).items() if n > 1)
        if "certificate" not in service:
            both = set(beside) & set(owned(services, name))
            yield from (f"{host} is a host of {name}, and on its certificate by that" for host in both)
            continue
        if beside:
            yield f"{name} has names for a certificate, and another's"
        other = service["certificate"]
        if other == name or other not in services or not on_certificate(services, other):
            yield f"{name} is served with the certificate of {other}, which has none"
            continue
        for host in owned(services, name):
            label, _, above = host.partition(".")
            if not {host, f"*.{above}"} & set(on_certificate(services, other)) or not label:
                yield f"the certificate of {other} does not cover {host} of {name}"
