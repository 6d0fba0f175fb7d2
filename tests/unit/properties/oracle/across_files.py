"""The rules across files, each of which is right for itself: nothing may be written by two environments."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tests.unit.properties.oracle.across_keys import target_group
from tests.unit.properties.oracle.listener import rules
from tests.unit.properties.oracle.managed import is_managed, load_balancer, own_name, sign_in_domain
from tests.unit.properties.oracle.names import key
from tests.unit.properties.oracle.sign_ins import has_a_pool
from tests.unit.properties.oracle.zones import created, holders, zone_of


def file_breaches(contents: Iterable[dict[str, Any]]) -> list[str]:
    """List what two or more files write, as sentences."""
    files = list(contents)
    written = Counter(item for content in files for item in set(_written(content)))
    twice = [f"{what} is written by {count} files" for what, count in written.items() if count > 1]
    return [*twice, *_contradictions(files), *_below_others_zones(files)]


def _contradictions(files: list[dict[str, Any]]) -> Iterator[str]:
    """An account's name has one id, and a zone lies in one account, whatever the file."""
    ids = {(name, account["id"]) for content in files for name, account in content["accounts"].items()}
    places = {
        (zone, content["accounts"][account]["id"]) for content in files for zone, account in holders(content).items()
    }
    for what, pairs in (("account", ids), ("zone", places)):
        count = Counter(name for name, _ in pairs)
        yield from (f"{what} {name} is in {number} accounts" for name, number in count.items() if number > 1)


def _below_others_zones(files: list[dict[str, Any]]) -> Iterator[str]:
    every = {zone for content in files for zone in holders(content)}
    for content in files:
        for service in content.get("services", {}).values():
            for host in map(key, service["hosts"]):
                if zone_of(host, every) != zone_of(host, holders(content)):
                    yield f"host {host} lies in the zone {zone_of(host, every)}, which its file does not declare"


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
