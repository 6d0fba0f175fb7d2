"""One HTTP request to one address, under a host's name."""

import ssl

import httpx

from edge.verify.check import CheckFailedError, Requests
from edge.verify.endpoints import Endpoint, Settings

_TIMEOUT_SECONDS = 15.0  # longer than the load balancer's own 10 seconds for a connection to a target
PORTS = {"http": 80, "https": 443}


class HttpClient:
    """Sends GET requests; follows no redirect, uses no proxy, and compares the certificate with the host."""

    def __init__(self, settings: Settings, requests: Requests, context: ssl.SSLContext) -> None:
        """`context` must check the chain; the host is checked here by it too."""
        self._settings, self._requests = settings, requests
        self._context = context
        self._context.check_hostname = True

    def get(self, url: str, *, address: str) -> httpx.Response:
        """Ask an address for a URL; host, SNI and certificate are those of the URL. Raises CheckFailedError."""
        target = httpx.URL(url)
        endpoint = Endpoint(address, PORTS[target.scheme])
        way = self._settings.way_to(endpoint)
        self._requests.note(f"{target.scheme} GET {url} at {endpoint}")
        try:
            with httpx.Client(verify=self._context, trust_env=False, timeout=_TIMEOUT_SECONDS) as client:
                return client.get(
                    target.copy_with(host=way.address, port=way.port),
                    headers={"Host": target.host},
                    # https://www.python-httpx.org/advanced/extensions/#sni_hostname
                    extensions={"sni_hostname": target.host},
                )
        except httpx.HTTPError as error:
            reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
            remedy = f"look at the load balancer's listener and security group for TCP {endpoint.port}"
            raise CheckFailedError(f"no answer from {endpoint}: {reason}", remedy) from None
