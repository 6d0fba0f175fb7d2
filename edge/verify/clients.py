"""Everything that the checks of one environment ask with."""

from collections.abc import Mapping
from dataclasses import dataclass
from ssl import SSLContext

from edge.aws.sessions import ClientOf
from edge.verify import tls_client
from edge.verify.aws_client import AwsClient
from edge.verify.dns_client import DnsClient
from edge.verify.endpoints import Settings
from edge.verify.http_client import HttpClient
from edge.verify.read_once import ReadOnce
from edge.verify.requests import Requests
from environments.checked import Environment


@dataclass(frozen=True)
class Clients:
    """AWS, DNS, TLS and HTTP, all noting what they send in the same list."""

    settings: Settings
    requests: Requests
    aws: AwsClient
    dns: DnsClient
    http: HttpClient
    contexts: Mapping[bool, SSLContext]
    once: ReadOnce

    @classmethod
    def make(cls, environment: Environment, client_of: ClientOf, settings: Settings, requests: Requests) -> "Clients":
        """Make them; a context is made once, since each reads all authorities that the system trusts."""
        return cls(
            settings,
            requests,
            AwsClient(environment, client_of, requests),
            DnsClient(settings, requests),
            HttpClient(settings, requests),
            {True: tls_client.trusting(settings), False: tls_client.looking(settings)},
            ReadOnce(requests),
        )

    def handshake(self, host: str, address: str, *, trusting: bool) -> tls_client.Handshake:
        """Shake hands with an address under a host's name; with `trusting` the chain must be good."""
        context = self.contexts[trusting]
        return tls_client.shake_hands(self.settings, self.requests, context=context, host=host, address=address)
