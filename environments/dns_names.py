"""DNS names as people write them, as DNS and certificates take them, and how they compare.

A name is taken in Unicode and kept in punycode. What is wrong with a name is said in one sentence with its remedy.
Which zone a name lies in, what is above it and what a wildcard stands for is decided here alone, of names in lower case
without the last dot; `canonical` brings what others wrote into that form.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import idna

from environments.text import shown

# RFC 1035 section 2.3.4: a label has at most 63 octets, and a name 253 characters when written without the last dot.
LABEL_MAX_CHARACTERS = 63
NAME_MAX_CHARACTERS = 253

# The same for names that are ASCII already, so that editors accept a name before it is turned into punycode.
NAME_PATTERN = r"^[^\s.A-Z_*:/]+(\.[^\s.A-Z_*:/]+)+$"
HOST_PATTERN = r"^(\*\.)?[^\s.A-Z_*:/]+(\.[^\s.A-Z_*:/]+)+$"

# RFC 4592 section 2.1.1: the whole first label.
_WILDCARD = "*."
# Route 53 writes other characters than a-z, 0-9, - and _ in octal, such as a wildcard's star (master files in decimal):
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
# A dot or backslash within a label stays a code: it ends no label.
_ROUTE53_CODE = re.compile(r"\\(?!056|134)([0-7]{3})")

# RFC 5890 section 2.3.1; certificate authorities may issue for none of them: CA/Browser Forum, Baseline Requirements
# 7.1.4.2.1 (https://cabforum.org/working-groups/server/baseline-requirements/requirements/), and so ACM refuses them.
_RESERVED = (
    "has a label with hyphens in the third and fourth place, which only punycode may have (RFC 5890 section 2.3.1); "
    "write one hyphen"
)
_FOREIGN = re.compile(r"[^a-z0-9.-]")
_JOINERS = {"\u200c", "\u200d"}  # RFC 5892 appendix A: right in some scripts, and judged there
_CODE_POINT = re.compile(r"U\+[0-9A-F]+")


def to_ascii(name: str) -> str:
    """Give a name in the form that DNS takes: lower case, in punycode where it is not ASCII.

    Raises ValueError with what is wrong and what to do, as in "ends in a dot; remove it".
    """
    if is_wildcard(name):
        raise ValueError(f"is a wildcard, which only a host may be; write {shown(base_name(name))}")
    return _to_ascii(name)


def host_to_ascii(host: str) -> str:
    """Give a host as `to_ascii` does; its first label may be a wildcard, `*`.

    Raises ValueError as `to_ascii` does.
    """
    wildcard = _WILDCARD if is_wildcard(host) else ""
    return wildcard + _to_ascii(base_name(host), written_before=wildcard)


def to_unicode(name: str) -> str:
    """Give a name as people read it: punycode labels in their own script."""
    labels = [idna.decode(label) if label.startswith("xn--") else label for label in name.split(".")]
    return ".".join(labels)


def canonical(name: str) -> str:
    """Write a name as it compares: in lower case (RFC 4343), without the last dot and without Route 53's codes."""
    return _ROUTE53_CODE.sub(lambda code: chr(int(code[1], 8)), name).removesuffix(".").lower()


def in_route53(name: str) -> str:
    """Write a name as Route 53 compares it, with a code for the star of a wildcard."""
    return name.replace("*", "\\052")


def is_wildcard(host: str) -> bool:
    """Tell whether a host is a wildcard such as `*.getorcha.com`."""
    return host.startswith(_WILDCARD)


def base_name(host: str) -> str:
    """Give the name that proves a host to a certificate authority: a wildcard's is the name below it."""
    return host.removeprefix(_WILDCARD)


def parents(name: str) -> Iterator[str]:
    """Go up from a name, without itself and without the root: `a.b.com` gives `b.com`, then `com`."""
    labels = canonical(name).split(".")
    return (".".join(labels[index:]) for index in range(1, len(labels)))


def parent(name: str) -> str:
    """Give the name above a name: `link.getorcha.com` -> `getorcha.com`; empty above a name of one label."""
    return next(parents(name), "")


def is_within(name: str, zone: str) -> bool:
    """Tell whether a name is a zone's own or lies below it, at whatever depth; only whole labels count (RFC 1034)."""
    return name == zone or name.endswith(f".{zone}")


def zone_of(name: str, zones: Iterable[str]) -> str | None:
    """Find the zone that answers for a name: the longest in which it lies, or None.

    A longer zone is delegated to, so that the shorter ones above it are never asked (RFC 1034 section 4.2.1).
    """
    within = (zone for zone in zones if is_within(canonical(name), zone))
    return max(within, key=len, default=None)


def certificate_covers(pattern: str, host: str) -> bool:
    """Tell whether a certificate's DNS name covers a host.

    A wildcard stands for exactly one label, and only as the whole left-most one (RFC 9525 section 6.3); everything else
    compares without regard to case. In a host condition of a listener rule it stands for any characters, dots too.
    """
    pattern, host = canonical(pattern), canonical(host)
    if "*" not in pattern:
        return pattern == host
    below = base_name(pattern)
    return (
        is_wildcard(pattern)
        and "*" not in below
        and "." in below  # one below a top-level domain covers too much
        and not host.startswith(".")
        and parent(host) == below
    )


def _to_ascii(name: str, written_before: str = "") -> str:
    _refuse_what_is_no_name(name, written_before)
    ascii_name = name if name.isascii() else _punycode(name)
    _refuse_bad_labels(ascii_name, written_before)
    return ascii_name


def _refuse_what_is_no_name(name: str, written_before: str) -> None:
    faults = {
        "is empty; give a name, such as link.getorcha.com": not name,
        "is a URL or a path; give the host name alone": "/" in name,
        "names a port; give the host name alone": ":" in name,
        "holds a comma; write each name in quotes of its own": "," in name,
        "holds a space; remove it": any(character.isspace() for character in name),
        "holds an invisible character; remove it": any(map(_is_invisible, name)),
        "holds a * elsewhere than as the whole first label; write it as in *.getorcha.com": "*" in name,
        "ends in a dot; remove it": name.endswith("."),
        f"holds capital letters; write {shown(written_before + name.lower())}": name != name.lower(),
        "holds an underscore, which a host name may not (RFC 1123 section 2.1); use a hyphen": "_" in name,
    }
    _raise_first(faults)


def _is_invisible(character: str) -> bool:
    """Tell what UTS 46 drops without a word, such as U+200B; the joiners of RFC 5892 are letters' own."""
    return unicodedata.category(character) == "Cf" and character not in _JOINERS


def _punycode(name: str) -> str:
    try:
        # UTS 46 maps what looks the same to one name (full-width letters, composed and decomposed accents).
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError as error:
        message = f"is not an internationalized name (RFC 5891){_reason(str(error))}; correct it"
        raise ValueError(message) from None


def _reason(error: str) -> str:
    code_point = _CODE_POINT.search(error)
    if "too long" in error:
        return ": it is too long in punycode"
    return f": it may not hold {code_point[0]}" if code_point else ""


def _refuse_bad_labels(name: str, written_before: str) -> None:
    labels = name.split(".")
    longest = max(map(len, labels))
    foreign = _FOREIGN.findall(name)
    faults = {
        f"holds {shown(''.join(foreign[:1]))}; use a-z, 0-9, hyphens and dots": bool(foreign),
        "holds two dots in a row, or begins with one; remove one": "" in labels,
        _no_dot(name, written_before): len(labels) == 1,
        "has a label that begins or ends with a hyphen; remove it": any(label.strip("-") != label for label in labels),
        _too_long(f"a label of {longest}", LABEL_MAX_CHARACTERS): longest > LABEL_MAX_CHARACTERS,
        _too_long(f"{len(name)}", NAME_MAX_CHARACTERS): len(name) > NAME_MAX_CHARACTERS,
        "ends in a number, as an IP address does; give a name": labels[-1].isdecimal(),
        _RESERVED: any(label[2:4] == "--" and not label.startswith("xn--") for label in labels),
        "has a label in punycode that stands for no name (RFC 5891); correct it": not all(map(_decodes, labels)),
    }
    _raise_first(faults)


def _no_dot(name: str, written_before: str) -> str:
    if written_before:
        return f"is a wildcard over the top-level domain {name}; give one with a domain, such as *.getorcha.com"
    return "has no dot; give the full name, such as link.getorcha.com"


def _too_long(what: str, limit: int) -> str:
    return f"has {what} characters, and DNS takes {limit} (RFC 1035 section 2.3.4); shorten it"


def _decodes(label: str) -> bool:
    if not label.startswith("xn--"):
        return True
    try:
        return idna.encode(idna.decode(label)).decode() == label
    except idna.IDNAError:
        return False


def _raise_first(faults: dict[str, bool]) -> None:
    for problem, found in faults.items():
        if found:
            raise ValueError(problem)
