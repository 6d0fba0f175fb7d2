"""Certificates that end: what ACM does after a year, or when it gives up, done when somebody asks for it."""

from moto.acm.models import acm_backends


def end(domain: str, state: str) -> int:
    """Give the certificates that stand over a domain name another state, for good; give how many those are.

    An expired one was valid until yesterday, and is still what a listener sends.
    """
    found = [
        certificate
        for regions in list(acm_backends.values())
        for backend in list(regions.values())
        for certificate in list(backend._certificates.values())
        if certificate.describe()["Certificate"]["DomainName"] == domain
    ]
    for certificate in found:
        certificate.status = state
    return len(found)
