"""Which certificate serves each host, and which names are on it.

A service has a certificate of its own over the hosts that it owns and its `certificate_names`, or its hosts are served
with another service's, which `certificate` names. A load balancer takes 25 certificates and 100 rules unless AWS raises
it, so that services which share a certificate are what lets an environment grow beyond that.
"""

from collections.abc import Mapping

from environments.dns_names import base_name, certificate_covers
from environments.schema import EnvironmentFile
from environments.shared_hosts import SharedHosts


class Certificates:
    """The certificates of an environment: by the services that have them, and by the hosts that they serve."""

    def __init__(self, environment: EnvironmentFile, shared: SharedHosts | None = None) -> None:
        self._services = environment.services
        self._shared = shared or SharedHosts(environment)
        self._names = {name: self._on_own(name) for name in self._services}

    def names_on(self, service: str) -> tuple[str, ...]:
        """List the names on a service's own certificate, the first of which ACM calls its domain name; none without."""
        return self._names[service]

    def serving(self, host: str) -> str:
        """Name the service whose certificate serves a host: its owner, or the one that its owner names."""
        owner = self._shared.owner_of(host)
        return self._services[owner].certificate or owner

    def resting_on(self, service: str) -> tuple[str, ...]:
        """Name the other services whose hosts are served with a service's certificate."""
        return tuple(name for name, other in self._services.items() if other.certificate == service != name)

    def uncovered(self, service: str) -> tuple[str, ...]:
        """List the hosts that a service owns and that the certificate which it names does not cover."""
        names = self._names.get(self._services[service].certificate or service, ())
        owned = self._shared.owned_by(service)
        return tuple(host for host in owned if not any(certificate_covers(name, host) for name in names))

    @property
    def provers(self) -> Mapping[str, str]:
        """The services whose certificates make the validation records, by the names that these prove."""
        return {base_name(host): service for service, names in self._names.items() for host in names}

    def _on_own(self, service: str) -> tuple[str, ...]:
        settings = self._services[service]
        if settings.certificate is not None:
            return ()
        return tuple(dict.fromkeys((*self._shared.owned_by(service), *settings.certificate_names)))
