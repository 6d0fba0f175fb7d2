"""Where the plane's servers are: addresses as the world sees them, and the loopback ports behind them.

Loopback has one address everywhere but on Linux, so what differs by address on AWS differs by port here. DNS gives
addresses that no network uses (RFC 5737), and a file of routes says which loopback port stands for each of them:
`{"192.0.2.1:443": "127.0.0.1:40123"}`. A server is opened when its address is first given to anybody.
"""

import json
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

_DNS, _HTTP, _HTTPS = 53, 80, 443
_BALANCERS, _ZONES, _REGISTRY = "192.0.2.{}", "198.51.100.{}", "203.0.113.53"
_PROVIDERS = "203.0.113.80"
_MOST = 254

OpenDns = Callable[[str], int]
"""Starts the DNS server of a zone, by its id, or of the registry, by an empty id; gives its port."""
OpenFront = Callable[[str, int], int]
"""Starts the front of a load balancer, by its ARN, for one of its ports; gives the loopback port."""


class Places:
    """Gives out addresses, one for each load balancer and each zone, and keeps the file of routes."""

    def __init__(self, file: Path, open_dns: OpenDns, open_front: OpenFront) -> None:
        self._file, self._open_dns, self._open_front = file, open_dns, open_front
        self._given: dict[str, str] = {}
        self._routes: dict[str, str] = {}
        self._lock = threading.RLock()
        self._write()

    def balancer(self, arn: str) -> str:
        """Give a load balancer's address."""
        return self._address(arn, _BALANCERS, {port: partial(self._open_front, arn, port) for port in (_HTTP, _HTTPS)})

    def zone(self, zone_id: str) -> str:
        """Give the address of a zone's name servers; all four of them share it."""
        return self._address(zone_id, _ZONES, {_DNS: partial(self._open_dns, zone_id)})

    def registry(self) -> str:
        """Give the address of the registry's name server."""
        return self._address("", _REGISTRY, {_DNS: partial(self._open_dns, "")})

    def providers(self, start: Callable[[], int]) -> str:
        """Give the address of all identity providers, whom TLS tells apart by the names that clients ask for."""
        return self._address("identity providers", _PROVIDERS, {_HTTPS: start})

    def _address(self, key: str, template: str, openers: dict[int, Callable[[], int]]) -> str:
        with self._lock:
            if key not in self._given:
                number = 1 + sum(item.startswith(template.partition("{")[0]) for item in self._given.values())
                if number > _MOST:
                    message = f"more than {_MOST} of {template}: the documentation's addresses are used up"
                    raise RuntimeError(message)
                address = template.format(number)
                self._routes |= {f"{address}:{port}": f"127.0.0.1:{start()}" for port, start in openers.items()}
                self._given[key] = address
                self._write()
            return self._given[key]

    def _write(self) -> None:
        """Write the routes so that a reader sees the old or the new file, never half of one."""
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(self._routes, indent=2), encoding="utf-8")
        draft.replace(self._file)
