"""The rules across keys of one file whose values are each right, from the raw table."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tests.unit.properties.oracle.managed import is_managed
from tests.unit.properties.oracle.names import MAX_COMMON_NAME, key
from tests.unit.properties.oracle.paths import handover_breaches, takes_over
from tests.unit.properties.oracle.shared_certificates import certificate_breaches, on_certificate
from tests.unit.properties.oracle.sign_ins import kind_of
from tests.unit.properties.oracle.zones import holders, zone_of

RESERVED_PORTS = {22, 2375, 2376, 9878}
MAX_TARGET_GROUP_NAME = 32
Content = dict[str, Any]


def _twice(what: str, values: Iterable[Any]) -> Iterator[str]:
    return (f"{what} {value!r} stands there {count} times" for value, count in Counter(values).items() if count > 1)


def account_breaches(content: Content) -> Iterator[str]:
    accounts = content["accounts"]
    for name, account in accounts.items():
        ways = {"profile", "role_arn"} & account.keys()
        if len(ways) != 1:
            yield f"account {name} is entered by {len(ways)} of profile and role_arn"
        role = account.get("role_arn")
        if role and role.split(":")[4] != account["id"]:
            yield f"account {name} is {account['id']}, and its role {role} is another account's"
    yield from _twice("account id", (account["id"] for account in accounts.values()))
    named = [content["platform"]["account"], *holders(content).values()]
    backend = content.get("backend", {})
    if "account" in backend:
        named.append(backend["account"])
    if "kms_key_arn" in backend and f":kms:{backend['region']}:" not in backend["kms_key_arn"]:
        yield f"the state's key {backend['kms_key_arn']} is not in {backend['region']}"
    yield from (f"account {name} is named and not declared" for name in named if name not in accounts)


def ownership_breaches(content: Content) -> Iterator[str]:
    zones = holders(content)
    yield from handover_breaches(content.get("services", {}))
    yield from certificate_breaches(content.get("services", {}))
    owners: dict[str, set[str]] = {}
    for name, service in content.get("services", {}).items():
        hosts = [key(host) for host in service["hosts"]]
        named = [*hosts, *map(key, service.get("certificate_names", []))]
        yield from (f"host {host} of {name} lies in no zone" for host in named if zone_of(host, zones) is None)
        primary = next((host for host in hosts if not host.startswith("*.")), None)
        if primary is None:
            yield f"{name} has wildcards only, and so no primary host"
        elif zones.get(zone_of(primary, zones) or "") != content["platform"]["account"]:
            yield f"the primary host {primary} of {name} lies in no zone of the platform's account"
        if "canonical_host" in service and key(service["canonical_host"]) not in hosts:
            yield f"the canonical host {service['canonical_host']} is not a host of {name}"
        for host in on_certificate(content["services"], name):
            owners.setdefault(host.removeprefix("*."), set()).add(name)
        if "paths" in service or "takes_over" in service:
            yield from _twice(f"host of {name}", hosts)
    yield from (
        f"{base}, itself or as a wildcard, stands in {' and '.join(sorted(names))}"
        for base, names in owners.items()
        if len(names) > 1
    )
    yield from _twice(
        "host",
        (
            key(host)
            for service in content.get("services", {}).values()
            for host in service["hosts"]
            if "paths" not in service and not takes_over(service, key(host))
        ),
    )


def port_breaches(services: Content) -> Iterator[str]:
    ports = [service["port"] for service in services.values()]
    yield from _twice("port", ports)
    yield from (f"port {port} is reserved" for port in ports if port in RESERVED_PORTS)


def target_group(prefix: str, name: str, service: Content) -> str:
    generation = service.get("generation", 1)
    return f"{prefix}-{name}-tg" + (f"-{generation}" if generation > 1 else "")


def name_breaches(content: Content) -> Iterator[str]:
    services = content.get("services", {})
    groups = [target_group(content["prefix"], name, service) for name, service in services.items()]
    yield from (
        f"target group {group} has {len(group)} characters" for group in groups if len(group) > MAX_TARGET_GROUP_NAME
    )
    yield from _twice("target group", groups)
    yield from _twice("output", ("".join(word.capitalize() for word in name.split("-")) for name in services))
    yield from (
        f"the first host of {name} is longer than a certificate's first name"
        for name in services
        if len("".join(on_certificate(services, name)[:1])) > MAX_COMMON_NAME
    )
    former = [service["renamed_from"] for service in services.values() if "renamed_from" in service]
    yield from (f"the former name {name} is a service's name" for name in former if name in services)
    yield from _twice("former name", former)


def setting_breaches(content: Content) -> Iterator[str]:
    for name, service in content.get("services", {}).items():
        check = service.get("health_check", {})
        interval, timeout = check.get("interval_seconds", 30), check.get("timeout_seconds", 5)
        if timeout >= interval:
            yield f"{name} waits {timeout} s for an answer and asks every {interval} s"
        if kind_of(service) == "cognito" and not is_managed(content) and "user_pool" not in content["platform"]:
            yield f"{name} has a login, and the platform no user pool"
        if is_managed(content) and service.get("opens_port", True) is False:
            yield f"{name} does not open its port, and nobody else does on a platform that is made here"
        if "login" in service and "sign_in" in service:
            yield f"{name} asks for a sign-in by login and by a table"
    tables = [service["sign_in"] for service in content.get("services", {}).values() if kind_of(service) == "oidc"]
    clients: dict[str, set[tuple[str, str]]] = {}
    for table in tables:
        clients.setdefault(table["client_secret_parameter"], set()).add((table["token_endpoint"], table["client_id"]))
    yield from (f"the secret {name} is that of several clients" for name, of in clients.items() if len(of) > 1)
