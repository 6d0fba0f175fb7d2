"""Ports: each service has one of its own, which the instances publish and which nothing else there needs."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from environments.faults import Fault, dotted
from environments.rules.rule import Rule, fault, repeated
from environments.schema import EnvironmentFile
from environments.text import listed

# What listens on an instance and is for people and machines that run it, never for the load balancer.
RESERVED = {
    22: "SSH",
    2375: "Docker's own API",
    2376: "Docker's own API",
    9878: "operators, on the instances' own network",
}


def _are_distinct(environment: EnvironmentFile) -> Iterator[Fault]:
    ports = {name: service.port for name, service in environment.services.items()}
    for name, other in repeated(ports):
        problem = f"{ports[name]} is also used by services.{other}; choose another"
        yield fault(dotted("services", name, "port"), problem, dotted("services", other, "port"))


def _are_not_reserved(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        if service.port in RESERVED:
            problem = f"{service.port} is reserved for {RESERVED[service.port]}; choose another"
            yield fault(dotted("services", name, "port"), problem)


def unpublished(environment: EnvironmentFile, published: AbstractSet[int]) -> Iterator[Fault]:
    """Find the services whose port the compose file does not publish: no request would reach them."""
    ports = listed(map(str, sorted(published))) or "no port"
    for name, service in environment.services.items():
        if service.port not in published and service.port not in RESERVED:
            problem = f"{service.port} is not published by the compose file, which publishes {ports}"
            yield fault(dotted("services", name, "port"), f"{problem}; publish it there, or use one of those")


RULES: tuple[Rule, ...] = (_are_distinct, _are_not_reserved)
