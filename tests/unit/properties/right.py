"""Right environments: each is right by the way it is made, so that no rule has to be asked.

One draw chooses among many values, and the bounds of each range are among them: draws are what the properties wait for.
"""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.unit.properties import right_platforms
from tests.unit.properties.right_platforms import AWS_NAMES, EXISTING_OPTIONS, MANAGED_OPTIONS, Content, Options
from tests.unit.properties.right_sign_ins import SIGN_INS

WORDS = ("link", "desk", "web", "a", "b2", "api-v1", "x-1-y", "shop", "z9")
KMS_KEY = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
# Below the service's own name, or of nothing that another one's is like.
PATHS: list[list[str]] = [[], [], ["/{name}/*"], ["/{name}", "/{name}/v?"], ["/{name}/*/~a@b.c+d$'\"_:"]]
PORTS = (1, 1024, 9000, 65520)  # the first of a run that holds no reserved one
PRIORITIES = (1, 20, 49960)

# The table that an option stands in, the option, and what it may be; the health checks keep timeout below interval.
SERVICE_OPTIONS: Options = {
    "health_check.path": ["/", "/health", "/a/b?c=1&d=%20", "/" + "p" * 1023],
    "health_check.matcher": ["200", "200-299", "200,202,404", "200-201,300-399", "499"],
    "health_check.healthy_threshold": [2, 10],
    "health_check.unhealthy_threshold": [2, 10],
    "health_check.interval_seconds": [6, 30, 300],
    "health_check.timeout_seconds": [2, 5],
    "alarms.error_share_percent": [100, 1, 0.001, 99.9],
    "alarms.latency_p95_seconds": [4000, 4000.0, 1e-9],
    "alarms.certificate_days_to_expiry": [1, 90],
    "deregistration_delay_seconds": [0, 3600],
    "slow_start_seconds": [30, 900],
    "stickiness_seconds": [1, 604800],
    "oauth_discovery": [True, False],
    "generation": [1, 2, 10, 999],
    "opens_port": [True, False],
}
# A small environment keeps these quotas.
FILE_OPTIONS: Options = {
    "limits.rules_per_application_load_balancer": [60, 1000],
    "limits.certificates_per_application_load_balancer": [20, 1000],
    "limits.domain_names_per_acm_certificate": [10, 100],
    "limits.rules_per_security_group": [20, 1000],
}


def _some(options: Options) -> SearchStrategy[list[tuple[str, Any]]]:
    pairs = [(path, value) for path, values in options.items() for value in values]
    return st.lists(st.sampled_from(pairs), max_size=4)


def _set(table: Content, options: list[tuple[str, Any]]) -> None:
    for path, value in options:
        *way, key = path.split(".")
        inner = table
        for item in way:
            inner = inner.setdefault(item, {})
        inner[key] = value


_FILE_OPTIONS = {
    "existing": _some({**FILE_OPTIONS, **EXISTING_OPTIONS}),
    "managed": _some({**FILE_OPTIONS, **MANAGED_OPTIONS}),
}
_SERVICE_OPTIONS = _some(SERVICE_OPTIONS)


@st.composite
def environments(draw: DrawFn, least: int = 0, most: int = 6) -> Content:
    """Draw an environment of so many services."""
    accounts = draw(_accounts())
    zones = draw(right_platforms.zones(list(accounts)))
    prefix, home = draw(st.sampled_from(["v1-orcha", "p", "edge-2-x-abcdefghi"])), next(iter(zones))
    content: Content = {
        "prefix": prefix,
        "region": "us-gov-west-1" if "a" in accounts else "eu-central-1",
        "accounts": accounts,
        # A managed load balancer's own name may be a zone, which then answers for it.
        "zones": zones | draw(st.sampled_from([{}, {}, {f"{prefix}.{home}": list(accounts)[-1]}])),
        "platform": draw(right_platforms.platforms(next(iter(accounts)))),
    }
    if draw(st.booleans()):
        content["backend"] = {"bucket": "state-of.orcha", "key": "edge/prod.tfstate", "region": "eu-central-1"}
        content["backend"] |= {"account": list(accounts)[-1]} if len(accounts) > 1 else {}
        content["backend"] |= draw(st.sampled_from([{}, {"kms_key_arn": KMS_KEY}]))
    _set(content, draw(_FILE_OPTIONS[content["platform"]["kind"]]))
    names = draw(st.lists(st.sampled_from(WORDS), min_size=least, max_size=most, unique=True))
    has_an_empty_table = draw(st.booleans())
    if names or has_an_empty_table:
        content["services"] = draw(_services(names, list(zones)))
        if content["platform"]["kind"] == "managed":  # nobody else opens a port there
            for service in content["services"].values():
                service.pop("opens_port", None)
    return deepcopy(content)  # its values are drawn from shared ones, and examples change what they are given


def apart(content: Content) -> Content:
    """Give an environment other accounts, zones and another key of the state; what is right stays right."""
    names = list(content["accounts"])
    moved: Content = _renamed(content, names)
    for account in moved["accounts"].values():
        number = account["id"]
        account |= {key: value.replace(number, f"9{number[1:]}") for key, value in account.items()}
    if "backend" in moved:
        moved["backend"]["key"] = "edge/other.tfstate"
    return moved


def _renamed(value: Any, accounts: list[str]) -> Any:
    """Write every account's name and every zone's last labels otherwise, in as many characters."""
    if isinstance(value, dict):
        return {_renamed(key, accounts): _renamed(item, accounts) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, accounts) for item in value]
    if isinstance(value, str):
        changed = value.replace(".example", ".elpmaxe").replace(".co.uk", ".co.nz")
        return f"{changed}-x" if changed in accounts else changed
    return value


@st.composite
def _accounts(draw: DrawFn) -> Content:
    names = draw(st.lists(st.sampled_from(["prod", "management", "brand-2", "a"]), min_size=1, unique=True))
    accounts: Content = {}
    for index, name in enumerate(names):
        number = str(index + 1) * 12
        ways = [("role_arn", f"arn:aws:iam::{number}:role/deploy/x"), *(("profile", item) for item in AWS_NAMES)]
        accounts[name] = {"id": number, **dict([draw(st.sampled_from(ways))])}
    return accounts


@st.composite
def _services(draw: DrawFn, names: list[str], zones: list[str]) -> Content:
    """Draw services with ports and priorities of their own, in the order of the priorities or against it.

    A service's wildcard lies below a name of its own, and only the one that is asked last takes a whole zone: nothing
    is shadowed.
    """
    port, priority = draw(st.sampled_from(PORTS)), draw(st.sampled_from(PRIORITIES))
    services: Content = {}
    for index, name in enumerate(names):
        hosts = draw(_hosts(name, zones, last=name == names[-1]))
        services[name] = {"port": port + index, "priority": priority + 6 * index, "hosts": hosts}
        _set(services[name], draw(_SERVICE_OPTIONS))
        services[name] |= draw(st.sampled_from(SIGN_INS))
        match draw(st.sampled_from(["", "canonical_host", "renamed_from", "records_first"])):
            case "records_first":
                services[name]["records_first"] = hosts[:2]
            case "canonical_host":
                services[name]["canonical_host"] = draw(st.sampled_from(hosts))
            case "renamed_from":
                services[name]["renamed_from"] = f"old-{name}"
    for name in names[:-1]:
        _take_paths(services[name], name, draw(st.sampled_from(PATHS)), services[names[-1]])
    if len(names) > 1 and draw(st.booleans()):
        _share_certificates(services, zones[0], draw(st.sampled_from(names[:-1])))
    if len(names) > 1 and draw(st.booleans()):
        _take_over(services[names[0]], services[names[-1]])
    return dict(reversed(services.items())) if draw(st.booleans()) else services


def _take_paths(service: Content, name: str, paths: list[str], owner: Content) -> None:
    """Let a service take some paths, also of a host whose owner is asked last; no other service's are like them.

    Its sign-in and its document would need paths that are the owner's.
    """
    if paths:
        service["paths"] = [path.replace("{name}", name) for path in paths]
        service["hosts"].append(next(host for host in owner["hosts"] if not host.startswith("*.")))
        for option in ("login", "sign_in", "oauth_discovery"):
            service.pop(option, None)


def _share_certificates(services: Content, home: str, name: str) -> None:
    """Serve a service whose hosts all lie right below the first zone with the last one's certificate."""
    *_, last = services
    is_below = all(host.partition(".")[2] == home and host[0] != "*" for host in services[name]["hosts"])
    is_own = "paths" not in services[name] and f"*.{home}" not in services[last]["hosts"]
    if is_below and is_own and home not in services[last]["hosts"]:
        services[name]["certificate"] = last
        services[last]["certificate_names"] = [f"*.{home}"]


def _take_over(service: Content, giver: Content) -> None:
    """Let a service take over a host of the last one, which goes without its document at that host meanwhile."""
    host = next((host for host in giver["hosts"] if host[0] != "*" and f"*.{host}" not in giver["hosts"]), None)
    if host is not None and "paths" not in service and _serves(service, giver, host):
        service["hosts"].append(host)
        service["takes_over"] = [host]


def _serves(service: Content, giver: Content, host: str) -> bool:
    """Say whether the certificate of a service is for a host that it takes over; its own is."""
    return "certificate" not in service or f"*.{host.partition('.')[2]}" in giver["certificate_names"]


@st.composite
def _hosts(draw: DrawFn, name: str, zones: list[str], *, last: bool) -> list[str]:
    """Draw the hosts of one service, its primary host behind wildcards only; none is another service's."""
    at_home = f"{name}.{zones[0]}"
    choices = [f"{name}-{number}.{zone}" for number, zone in enumerate(zones)]
    choices += [f"{name}.müller.{zones[0]}", f"{'l' * 30}.{name}.{zones[0]}", f"*.{at_home}", f"1.2.{name}.{zones[-1]}"]
    if last:
        choices += [zones[-1], f"*.{zones[-1]}", f"x.{zones[0]}"]
    others = draw(st.lists(st.sampled_from(choices), unique=True, max_size=8))
    place = next((index for index, host in enumerate(others) if not host.startswith("*.")), len(others))
    return [*others[:place], at_home, *others[place:]]
