"""One TLS handshake, and the certificate that came with it."""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from edge.verify.check import CheckFailedError
from edge.verify.endpoints import Endpoint, Settings
from edge.verify.requests import Requests

_TIMEOUT_SECONDS = 10.0
_PORT = 443
_FIREWALL = "let the load balancer's security group take TCP 443 from everywhere, and look at its HTTPS listener"


@dataclass(frozen=True)
class Certificate:
    """A server's certificate: its DNS names, and the last moment at which it is valid, in UTC."""

    names: tuple[str, ...]
    not_after: datetime


@dataclass(frozen=True)
class Handshake:
    """What was agreed: the TLS version in OpenSSL's words, such as TLSv1.3, and the certificate."""

    version: str
    certificate: Certificate


def trusting(settings: Settings) -> ssl.SSLContext:
    """Make a client's context: the chain must be trusted, TLS 1.2 is the least; the caller compares the names."""
    context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    return context


def looking(settings: Settings) -> ssl.SSLContext:
    """Make a context that takes any certificate, to read what is on one that is not trusted. Never send data by it."""
    context = trusting(settings)
    context.verify_mode = ssl.CERT_NONE
    return context


def shake_hands(
    settings: Settings, requests: Requests, *, context: ssl.SSLContext, host: str, address: str
) -> Handshake:
    """Connect to port 443 of an address, name the host by SNI, and hang up; raises CheckFailedError."""
    endpoint = Endpoint(address, _PORT)
    requests.note(f"tls {host} at {endpoint}")
    way = settings.way_to(endpoint)
    try:
        with (
            socket.create_connection((way.address, way.port), timeout=_TIMEOUT_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            return Handshake(str(secure.version()), _read(secure.getpeercert(binary_form=True) or b""))
    except ssl.SSLCertVerificationError as error:
        found = f"the certificate is not trusted: {error.verify_message}"
        raise CheckFailedError(found, "put a certificate that ACM issued, and that is valid, on the listener") from None
    except OSError as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise CheckFailedError(f"no TLS connection to {endpoint}: {reason}", _FIREWALL) from None


def _read(der: bytes) -> Certificate:
    certificate = x509.load_der_x509_certificate(der)
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return Certificate((), certificate.not_valid_after_utc)
    return Certificate(tuple(names.get_values_for_type(x509.DNSName)), certificate.not_valid_after_utc)
