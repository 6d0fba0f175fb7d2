"""Which names a certificate covers, as clients match them: RFC 9525 section 6.3."""

from dns.exception import DNSException
from dns.name import Name

from embedded_aws.dns_names import parse

_ASTERISK = b"*"


def covers(presented: str, reference: str) -> bool:
    """Tell whether a presented identifier, a certificate's DNS name, matches the name that a client asks for.

    An asterisk counts only as the whole left-most label, and stands for exactly one label; an identifier with one
    anywhere else is ignored. Unlike in DNS, no wildcard covers names further below (RFC 9525 section 6.3, last part).
    """
    identifier, asked = _name(presented), _name(reference)
    if identifier is None or asked is None:
        return False
    first, *others = identifier.labels
    if any(_ASTERISK in label for label in others):
        return False
    if _ASTERISK not in first:
        return bool(identifier == asked)
    return identifier.is_wild() and asked.parent() == identifier.parent()


def is_exact(presented: str, reference: str) -> bool:
    """Tell whether a certificate's DNS name is the name that a client asks for, without a wildcard."""
    return covers(presented, reference) and _name(presented) == _name(reference)


def _name(text: str) -> Name | None:
    """Read a name; None for what is not one, and for the root, which no certificate is for."""
    try:
        name = parse(text)
    except (DNSException, UnicodeEncodeError):
        return None
    return name if len(name) > 1 else None
