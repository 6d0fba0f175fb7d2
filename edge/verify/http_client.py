"""One HTTP request to one address, under a host's name."""

import ssl
import threading

import httpx

from edge.verify import tls_client
from edge.verify.check import CheckFailedError
from edge.verify.endpoints import Endpoint, Settings
from edge.verify.requests import Requests

_TIMEOUT_SECONDS = 15.0  # longer than the load balancer's own 10 seconds for a connection to a target
PORTS = {"http": 80, "https": 443}


class HttpClient:
    """Sends GET requests; follows no redirect, uses no proxy, and compares the certificate with the host."""

    def __init__(self, settings: Settings, requests: Requests) -> None:
        self._settings, self._requests = settings, requests
        self._of_thread = threading.local()

    def _context(self) -> ssl.SSLContext:
        """Give this thread's own context, since httpx writes into it for each connection; it checks chain and host."""
        if not hasattr(self._of_thread, "context"):
            self._of_thread.context = tls_client.trusting(self._settings)
            self._of_thread.context.check_hostname = True
        context: ssl.SSLContext = self._of_thread.context
        return context

    def get(self, url: str, *, address: str) -> httpx.Response:
        """Ask an address for a URL; host, SNI and certificate are those of the URL. Raises CheckFailedError."""
        target = httpx.URL(url)
        endpoint = Endpoint(address, PORTS[target.scheme])
        way = self._settings.way_to(endpoint)
        self._requests.note(f"{target.scheme} GET {url} at {endpoint}")
        try:
            with httpx.Client(verify=self._context(), trust_env=False, timeout=_TIMEOUT_SECONDS) as client:
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
