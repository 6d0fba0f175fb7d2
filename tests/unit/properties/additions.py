"""What a breach on purpose is made of: services in a zone of their own, which breaks no rule by itself."""

from collections.abc import Callable
from typing import Any

from tests.unit.properties.right_platforms import make_of_kind

Content = dict[str, Any]
Service = dict[str, Any]
Change = Callable[[Content], None]

FIRST = "first.example"
HOME = "new.example"  # so that no wildcard of the environment shadows what is added


def says(words: str) -> Callable[[Change], Change]:
    """Note on a breach the words by which the oracle condemns it."""

    def note(change: Change) -> Change:
        vars(change)["words"] = words
        return change

    return note


def two(content: Content) -> tuple[Service, Service]:
    first, second, *_ = content["services"].values()
    return first, second


def open_every_port(content: Content) -> None:
    """Let every service open its port, which then counts against the firewall's quota."""
    for service in content["services"].values():
        service.pop("opens_port", None)


def primary(service: Service) -> str:
    hosts: list[str] = service["hosts"]
    return next(host for host in hosts if not host.startswith("*."))


def add(content: Content, name: str, **settings: Any) -> Service:
    """Add a service that breaks no rule, but for the settings given."""
    content["zones"].setdefault(HOME, content["platform"]["account"])
    others = content["services"].values()
    port = next(port for port in range(10_000, 20_000) if all(port != other["port"] for other in others))
    taken = [other["priority"] for other in others]
    priority = next(number for number in range(100, 5000) if all(abs(number - item) > 2 for item in taken))
    service = {"port": port, "priority": priority, "hosts": [f"{name}.{HOME}"], **settings}
    content["services"][name] = service
    return service


def managed(content: Content) -> Content:
    """Make the platform a managed one where it is not; give its table."""
    make_of_kind(content, "managed")
    platform: Content = content["platform"]
    return platform


def first_zone(content: Content) -> str:
    """Put a zone of the platform's account before all others, so that the load balancer's own name lies there."""
    content["zones"] = {FIRST: content["platform"]["account"], **content["zones"]}
    return FIRST


def add_many(content: Content, total: int) -> None:
    """Add services until there are so many."""
    for number in range(total - len(content["services"])):
        add(content, f"n{number}")
