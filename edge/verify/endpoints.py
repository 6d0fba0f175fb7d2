"""Where names resolve and where connections go: the real internet, unless the shell says otherwise.

    ORCHA_VERIFY_DNS=127.0.0.1:5300        the resolver; without it, that of the system, on port 53
    ORCHA_VERIFY_CA_FILE=/path/ca.pem      the only authority that is trusted; without it, the system's trust store
    ORCHA_VERIFY_ROUTES=/path/routes.json  {"192.0.2.1:443": "127.0.0.1:4430"}: who connects there is sent here

The embedded AWS gives all three among its variables.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dns.resolver

from edge.cli.exits import BadInputError

DNS, CA_FILE, ROUTES = "ORCHA_VERIFY_DNS", "ORCHA_VERIFY_CA_FILE", "ORCHA_VERIFY_ROUTES"
_DNS_PORT = 53
_OTHER_AWS = "AWS_ENDPOINT_URL"


def has_a_world(environ: Mapping[str, str]) -> bool:
    """Tell whether a public DNS belongs to a shell's AWS; behind an endpoint, only one that is named beside it."""
    return not environ.get(_OTHER_AWS) or bool(environ.get(DNS))


@dataclass(frozen=True)
class Endpoint:
    """An IP address and a port."""

    address: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Endpoint":
        """Read `address:port`; raises ValueError where it is something else."""
        address, _, port = text.rpartition(":")
        return cls(address, int(port))

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


class SettingsError(BadInputError):
    """A variable cannot be used; the message is one line that names it and says what to give."""


@dataclass(frozen=True)
class Settings:
    """The resolver; the file of the only trusted authority, or None for the system's; the file of routes, or None."""

    resolver: Endpoint
    ca_file: Path | None = None
    routes: Path | None = None

    def way_to(self, endpoint: Endpoint) -> Endpoint:
        """Give where a connection to an endpoint really goes; the file is read again, since routes come and go."""
        if self.routes is None:
            return endpoint
        routes = json.loads(self.routes.read_text(encoding="utf-8"))
        return Endpoint.parse(routes.get(str(endpoint), str(endpoint)))


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Read the settings from a shell's variables; raises SettingsError."""
    files = {name: Path(environ[name]) if environ.get(name) else None for name in (CA_FILE, ROUTES)}
    for name, file in files.items():
        if file is not None and not file.is_file():
            message = f"{name}: there is no file {file}; unset it, or start the embedded AWS that it belongs to"
            raise SettingsError(message)
    return Settings(_resolver(environ.get(DNS)), ca_file=files[CA_FILE], routes=files[ROUTES])


def _resolver(address: str | None) -> Endpoint:
    try:
        return Endpoint.parse(address) if address else Endpoint(_system_resolver(), _DNS_PORT)
    except ValueError:
        message = f'{DNS}: "{address}" is not an address with a port; write one such as 127.0.0.1:53'
        raise SettingsError(message) from None


def _system_resolver() -> str:
    try:
        return str(dns.resolver.get_default_resolver().nameservers[0])
    except (dns.resolver.NoResolverConfiguration, IndexError):
        message = f"{DNS}: this machine names no resolver; set it to one, such as 9.9.9.9:53"
        raise SettingsError(message) from None
