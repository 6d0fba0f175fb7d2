"""DNS names in the embedded AWS: dnspython's, which compare label by label and without regard to case (RFC 4343).

Nothing here is shared with `edge.verify`, so that a fault on one side is seen by the other.
"""

import re
from collections.abc import Iterable

from dns.name import Name

_ESCAPE = re.compile(rb"\\([0-3][0-7]{2})")
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_*")
_ASTERISK = Name((b"*",))


def parse(text: str) -> Name:
    r"""Read an absolute name as AWS's APIs write it, with or without its last dot.

    Route 53 escapes in octal, `\052` for an asterisk, where RFC 1035 section 5.1, and dnspython, escape in decimal.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
    Raises dns.exception.DNSException for an empty or too long label or name, UnicodeEncodeError for a U-label: names
    travel in A-labels (RFC 5890).
    """
    relative = text.encode("ascii").removesuffix(b".")
    labels = [_ESCAPE.sub(_octet, label) for label in relative.split(b".")] if relative else []
    return Name([*labels, b""])


def _octet(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape[1], 8)])


def written(name: Name) -> str:
    """Write a name in its canonical form: lower case, without the last dot, an asterisk plain and the rest as AWS."""
    labels = name.canonicalize().labels[:-1]
    return ".".join("".join(chr(octet) if octet in _PLAIN else f"\\{octet:03o}" for octet in label) for label in labels)


def zone_of(name: Name, zones: Iterable[Name]) -> Name | None:
    """Find the zone that a name lies in: the deepest of the zones that are the name or above it; None where none is."""
    return max((zone for zone in zones if name.is_subdomain(zone)), key=len, default=None)


def base_of(name: Name) -> Name:
    """Give the name that proves a name to a certificate authority: a wildcard's is the one that it stands below."""
    return name.parent() if name.is_wild() else name


def wildcard_below(name: Name) -> Name:
    """Give the wildcard right below a name (RFC 4592 section 2.1.1)."""
    return _ASTERISK.concatenate(name)


def is_below(name: Name, other: Name) -> bool:
    """Tell whether a name lies below another and is not that name itself."""
    return name != other and name.is_subdomain(other)
