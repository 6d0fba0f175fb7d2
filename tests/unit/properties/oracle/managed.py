"""The rules of a platform that the environment makes itself."""

from collections.abc import Iterator
from typing import Any

from tests.unit.properties.oracle.names import MAX_COMMON_NAME, key
from tests.unit.properties.oracle.sign_ins import has_a_pool
from tests.unit.properties.oracle.zones import holders

NO_SIGN_IN_WORDS = ("aws", "amazon", "cognito")
Content = dict[str, Any]


def is_managed(content: Content) -> bool:
    return bool(content["platform"]["kind"] == "managed")


def load_balancer(content: Content) -> str:
    """Name the load balancer, of either kind of platform."""
    if is_managed(content):
        return f"{content['prefix']}-alb"
    return str(content["platform"]["load_balancer"])


def sign_in_domain(content: Content) -> str:
    return str(content["platform"].get("login", {}).get("domain_prefix", content["prefix"]))


def own_name(content: Content) -> str | None:
    """Give the own name of a load balancer that is made here, below the first zone of the platform's account."""
    account = content["platform"]["account"]
    zone = next((zone for zone, holder in holders(content).items() if holder == account), None)
    return f"{content['prefix']}.{zone}" if is_managed(content) and zone else None


def managed_breaches(content: Content) -> Iterator[str]:
    if not is_managed(content):
        return
    platform = content["platform"]
    instances = platform["instances"]
    fewest, most = instances.get("min_size", 2), instances.get("max_size", 4)
    if fewest > most:
        yield f"at least {fewest} instances run, and at most {most}"
    emails = platform.get("alert_emails", [])
    yield from (f"the address {email} stands there again" for n, email in enumerate(emails) if email in emails[:n])
    domain = sign_in_domain(content) if has_a_pool(content) else ""
    yield from (f"the sign-in domain {domain} holds {word}" for word in NO_SIGN_IN_WORDS if word in domain)
    yield from _own_name_breaches(content)


def _own_name_breaches(content: Content) -> Iterator[str]:
    name = own_name(content)
    if name is None:
        yield "the platform's account has no zone"
        return
    if len(name) > MAX_COMMON_NAME:
        yield f"the load balancer's own name has {len(name)} characters"
    # One record proves a name and its wildcard to ACM, so the wildcard is the load balancer's as well.
    yield from (
        f"{host} of {service} is the load balancer's own name"
        for service, settings in content.get("services", {}).items()
        for host in settings["hosts"]
        if key(host).removeprefix("*.") == name
    )
