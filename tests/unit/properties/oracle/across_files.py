"""The rules across files, each of which is right for itself: nothing may be written by two environments."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tests.unit.properties.oracle.across_keys import target_group
from tests.unit.properties.oracle.listener import rules
from tests.unit.properties.oracle.managed import is_managed, load_balancer, own_name, sign_in_domain
from tests.unit.properties.oracle.names import key
from tests.unit.properties.oracle.sign_ins import has_a_pool
from tests.unit.properties.oracle.zones import created, zone_of


def file_breaches(contents: Iterable[dict[str, Any]]) -> list[str]:
    """List what two or more files write, as sentences."""
    written = Counter(item for content in contents for item in set(_written(content)))
    return [f"{what} is written by {count} files" for what, count in written.items() if count > 1]


def _written(content: dict[str, Any]) -> Iterator[str]:
    if backend := content.get("backend"):
        yield f"state {backend['key']} in bucket {backend['bucket']}"
    platform, services = content["platform"], content.get("services", {})
    home = f"{content['accounts'][platform['account']]['id']} in {content['region']}"
    zones = [key(zone) for zone in content["zones"]]
    if is_managed(content):
        yield f"prefix {content['prefix']} of account {content['accounts'][platform['account']]['id']}"
        if has_a_pool(content):
            yield f"sign-in domain {sign_in_domain(content)} in {content['region']}"
    if own := own_name(content):
        yield f"record {own} in zone {zone_of(own, zones)}"
    yield from (f"created zone {zone}" for zone in created(content))
    for rule in rules(services):
        yield f"priority {rule.priority} on {load_balancer(content)} of {home}"
    for name, service in services.items():
        yield f"target group {target_group(content['prefix'], name, service)} of {home}"
        for host in map(key, service["hosts"]):
            # A wildcard and its base name share the record that proves them to ACM.
            yield f"record {host.removeprefix('*.')} in zone {zone_of(host, zones)}"
