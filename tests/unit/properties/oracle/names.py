"""DNS names, as RFC 1035 and 1123 have them; `idna` only turns Unicode into punycode."""

import re
import unicodedata
from collections.abc import Iterator

import idna

MAX_LABEL = 63  # RFC 1035, 2.3.4
MAX_ZONE = 253  # RFC 1035, 2.3.4: 255 octets, less the first length and the root
MAX_HOST = 128  # the value of a host condition of an Application Load Balancer
MAX_COMMON_NAME = 64  # ACM's first name of a certificate
_JOINERS = "\u200c\u200d"  # letters' own in some scripts, RFC 5892
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def key(host: str) -> str:
    """Give the spelling that DNS compares: two hosts with one key are one host. Unencodable names stay as they are."""
    star, base = ("*.", host[2:]) if host.startswith("*.") else ("", host)
    if not base.isascii():
        try:
            base = idna.encode(base, uts46=True).decode()
        except idna.IDNAError:
            return host
    return star + base.lower()


def lies_in(host: str, zone: str) -> bool:
    """Tell whether a zone is a suffix of a host by whole labels; both as `key` gives them."""
    return host == zone or host.endswith("." + zone)


def host_breaches(host: str) -> Iterator[str]:
    """Judge the name of a host, which may start with `*.`."""
    yield from _name_breaches(host, host.removeprefix("*."))
    if len(key(host)) > MAX_HOST:
        yield f"{host!r} has {len(key(host))} characters, and a listener rule takes {MAX_HOST}"


def zone_breaches(zone: str) -> Iterator[str]:
    """Judge the name of a hosted zone, which is not a wildcard."""
    yield from _name_breaches(zone, zone)
    if len(key(zone)) > MAX_ZONE:
        yield f"{zone!r} has {len(key(zone))} characters, and DNS takes {MAX_ZONE}"


def _name_breaches(name: str, base: str) -> Iterator[str]:
    if name != name.lower():
        yield f"{name!r} is not in lower case"
    if base.endswith("."):
        yield f"{name!r} ends in a dot"
    if any(unicodedata.category(item) == "Cf" and item not in _JOINERS for item in name):
        yield f"{name!r} holds a format character"
    labels = key(base).split(".")
    if len(labels) == 1:
        yield f"{name!r} has no dot"
    if labels[-1].isdecimal():
        yield f"{name!r} ends in a number"
    yield from _label_breaches(name, labels)


def _label_breaches(name: str, labels: list[str]) -> Iterator[str]:
    for label in labels:
        if len(label) > MAX_LABEL:
            yield f"{name!r} has a label of {len(label)} characters, and DNS takes {MAX_LABEL}"
        if not _LABEL.fullmatch(label):
            yield f"{name!r} has the label {label!r}, which no host name has"
        if re.match("..--", label) and not label.startswith("xn--"):
            yield f"{name!r} has the label {label!r}, of a form that only punycode has"
        if label.startswith("xn--") and not _is_punycode(label):
            yield f"{name!r} has the label {label!r}, which is not punycode"


def _is_punycode(label: str) -> bool:
    try:
        return idna.encode(idna.decode(label)).decode() == label
    except idna.IDNAError:
        return False
