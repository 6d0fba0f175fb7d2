"""Whether DNS lets Amazon issue a certificate for a name (Certification Authority Authorization, RFC 8659)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from environments.dns_names import base_name, canonical, is_wildcard, parents

# https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html
AMAZON = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})
_KNOWN_TAGS = {"issue", "issuewild", "iodef"}
_CRITICAL = 128


@dataclass(frozen=True)
class Property:
    """One CAA record: flags, tag in lower case, and value without its quotes."""

    flags: int
    tag: str
    value: str

    @classmethod
    def parse(cls, text: str) -> "Property":
        """Read the presentation form, `0 issue "amazon.com"` (RFC 8659 section 4.1.1)."""
        flags, tag, value = text.split(maxsplit=2)
        return cls(int(flags), tag.lower(), value.strip().strip('"'))

    @property
    def issuer(self) -> str:
        """The issuer's domain: what stands before the first semicolon; empty where nobody may issue."""
        return canonical(self.value.partition(";")[0].strip())


def relevant(host: str, ask: Callable[[str], Sequence[Property]]) -> tuple[str, Sequence[Property]]:
    """Find the records that count for a host, with the name they stand at: its own, or else the nearest parent's.

    A wildcard counts as the name below it. `ask` gives the records of one name, after its CNAMEs (section 3: the tree
    is climbed from the host, never from where a CNAME leads). Without any, the name is empty.
    """
    name = base_name(canonical(host))
    for candidate in (name, *parents(name)):
        if found := ask(candidate):
            return candidate, found
    return "", ()


def permits(host: str, properties: Sequence[Property]) -> bool:
    """Tell whether the records that count for a host let Amazon issue.

    `issuewild` counts instead of `issue` for a wildcard, where it stands (section 4.3); without either, everybody may.
    A critical property that nobody knows forbids (section 4.5).
    """
    if any(entry.flags & _CRITICAL and entry.tag not in _KNOWN_TAGS for entry in properties):
        return False
    issue = [entry.issuer for entry in properties if entry.tag == "issue"]
    wild = [entry.issuer for entry in properties if entry.tag == "issuewild"]
    counting = wild if is_wildcard(host) and wild else issue
    return not counting or bool(AMAZON.intersection(counting))
