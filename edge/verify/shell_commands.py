"""The shell lines that make the three checks after a deploy by hand, on real AWS or on the embedded one."""

import shlex
from collections.abc import Iterator

from edge.verify.asked_paths import asked_paths
from edge.verify.check import Result
from edge.verify.endpoints import Endpoint, Settings
from edge.verify.resolution import sample
from environments.checked import Environment
from environments.oauth import DISCOVERY_PATH
from environments.shared_hosts import SharedHosts

_HTTPS = 443


def lines(environment: Environment, settings: Settings, results: list[Result]) -> Iterator[str]:
    """Give `dig` and `curl` for every host whose address a verification has found: DNS, health, OAuth discovery."""
    addresses = {result.subject: result.detail.split(" -> ")[-1] for result in results if _is_resolved(result)}
    shared = SharedHosts(environment)
    for key, service in environment.services.items():
        for host in service.hosts:
            name = sample(host)
            yield f"dig @{settings.resolver.address} -p {settings.resolver.port} {name}"
            if host in addresses:
                curl = _curl(name, addresses[host].split(", ")[0], settings)
                for asked in asked_paths(environment, shared, key, host):
                    yield f"{curl} {shlex.quote(f'https://{name}{asked.path}')}"
                if service.oauth_discovery:
                    yield f"{curl} https://{name}{DISCOVERY_PATH}"


def _is_resolved(result: Result) -> bool:
    return result.check == "resolves" and result.outcome == "passed"


def _curl(name: str, address: str, settings: Settings) -> str:
    """Begin a curl that goes where a client would; `--connect-to` can change the port, which `--resolve` cannot."""
    way = settings.way_to(Endpoint(address, _HTTPS))
    trusted = f" --cacert {shlex.quote(str(settings.ca_file))}" if settings.ca_file else ""
    return f"curl --include --silent --show-error{trusted} --connect-to {name}:{_HTTPS}:{way}"
