"""One host on its way from the name to the listener rule."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import httpx

from edge.verify import certificates, resolution, routing, web
from edge.verify.asked_paths import AskedPath
from edge.verify.check import Outcome, Run
from edge.verify.clients import Clients
from edge.verify.tls_client import Handshake
from environments.schema import Service


class Host:
    """A host of a service. It is asked under the name `asked`, for a wildcard one that it serves, and at `paths`.

    `secure` is what must have passed before anything is asked over HTTPS.
    """

    def __init__(
        self,
        name: str,
        service: Service,
        *,
        asked: str,
        paths: Sequence[AskedPath],
        zone: Outcome[Any],
        balancer: Outcome[Any],
        clients: Clients,
    ) -> None:
        self.name, self.asked, self.paths = name, asked, paths
        self.secure: list[Outcome[Any]] = []
        self._resolved: Outcome[Any]
        self._service, self._zone, self._balancer = service, zone, balancer
        self._clients = clients

    def check_the_way_in(self, run: Run, *, least_days: int) -> None:
        """Check DNS, then TLS, then the redirect from port 80; a certificate must last for `least_days`."""
        ask, dns, name = run.ask, self._clients.dns, self.name
        self._resolved = ask(
            name,
            "resolves",
            lambda: resolution.resolves(self.asked, self._balancer.value.addresses, dns=dns),
            after=[self._zone, self._balancer],
        )
        ask(name, "CAA", lambda: resolution.certificate_authority(name, dns=dns), after=[self._zone])
        found = [self._resolved]
        self.secure = [
            ask(name, "TLS", lambda: certificates.connection(self._shake_trusting), after=found),
            ask(name, "certificate", lambda: certificates.name(self.asked, self._shake), after=found),
        ]
        ask(name, "expiry", lambda: certificates.expiry(self._shake, least_days=least_days), after=found)
        ask(name, "redirect", lambda: web.redirect(self.asked, self.paths[0].path, self.get), after=found)

    def come_in_as(self, other: "Host") -> "Host":
        """Take over what the checks of the way in found, perhaps for another service of the same host."""
        self._resolved, self.secure = other._resolved, other.secure
        return self

    def check_the_routing(self, run: Run, group_name: str) -> list[Outcome[str]]:
        """Find the listener rule that takes each path of the host; the value is the target group's ARN."""
        return [self._check_the_routing(run, asked, group_name) for asked in self.paths]

    def _check_the_routing(self, run: Run, asked: AskedPath, group_name: str) -> Outcome[str]:
        return run.ask(
            asked.subject,
            "routing",
            lambda: routing.route(
                self.asked,
                asked,
                group_name=group_name,
                port=self._service.port,
                load_balancer_arn=self._balancer.value.arn,
                aws=self._clients.aws,
            ),
            after=[self._balancer],
        )

    def get(self, url: str) -> httpx.Response:
        """Ask the address to which the host leads for a URL."""
        return self._clients.http.get(url, address=self._resolved.value)

    def _shake(self) -> Handshake:
        """Read a certificate, whoever signed it; the one that came with a trusted chain, where one did."""
        return self._shake_once(trusting=False)

    def _shake_trusting(self) -> Handshake:
        return self._shake_once(trusting=True)

    def _shake_once(self, *, trusting: bool) -> Handshake:
        """Shake hands once for all checks of the certificate, of which the one that demands trust comes first."""
        address: str = self._resolved.value
        shake = partial(self._clients.handshake, self.asked, address, trusting=trusting)
        return self._clients.once.ask(shake, "tls", self.asked, address)
