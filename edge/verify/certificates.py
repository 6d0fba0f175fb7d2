"""TLS: the connection is good, the certificate covers the host, and it lasts."""

from collections.abc import Callable
from datetime import UTC, datetime

from edge.verify.check import Answered, CheckFailedError
from edge.verify.severity import Severity
from edge.verify.tls_client import Handshake
from environments.dns_names import certificate_covers

_SECONDS_A_DAY = 86400


def connection(shake: Callable[[], Handshake]) -> Answered[None]:
    """Connect with TLS 1.2 at least and a trusted chain; the client's own context demands both."""
    return Answered(f"{shake().version}, the chain is trusted", None)


def name(host: str, shake: Callable[[], Handshake]) -> Answered[None]:
    """See that the certificate that is sent for this host covers it."""
    names = shake().certificate.names
    covering = [pattern for pattern in names if certificate_covers(pattern, host)]
    if not covering:
        found = f"SNI {host} gets a certificate for {', '.join(names) or 'no name'}, which does not cover it"
        raise CheckFailedError(found, "put the service's certificate, with this host on it, on the HTTPS listener")
    return Answered(f"the certificate is for {', '.join(names)}", None)


def expiry(shake: Callable[[], Handshake], *, least_days: int) -> Answered[None]:
    """See that the certificate lasts longer than the days at which the service's alarm fires; ACM renews at 60.

    https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
    """
    end = shake().certificate.not_after
    days = (end - datetime.now(UTC)).total_seconds() / _SECONDS_A_DAY
    remedy = "see why ACM did not renew it: `aws acm describe-certificate`, RenewalSummary"
    if days <= 0:
        raise CheckFailedError(f"the certificate expired on {end:%Y-%m-%d %H:%M} UTC", remedy, Severity.OUTAGE)
    if days < least_days:
        raise CheckFailedError(f"the certificate expires in {days:.0f} days, on {end:%Y-%m-%d}", remedy)
    return Answered(f"{days:.0f} days, until {end:%Y-%m-%d}", None)
