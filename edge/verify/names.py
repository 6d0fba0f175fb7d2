"""Names, as pure questions: which zone answers, what a certificate covers, what to ask for a wildcard."""

from collections.abc import Iterable, Iterator

_SAMPLE_LABEL = "orcha-verify"


def canonical(name: str) -> str:
    """Write a DNS name as it compares: in lower case and without the last dot (RFC 4343)."""
    return name.lower().rstrip(".")


def sample(host: str) -> str:
    """Give the name to ask for a host: itself, or for a wildcard one that nothing else stands for."""
    return f"{_SAMPLE_LABEL}.{host[2:]}" if host.startswith("*.") else host


def parents(name: str) -> Iterator[str]:
    """Go up from a name, without itself and without the root: `a.b.com` gives `b.com`, then `com`."""
    labels = canonical(name).split(".")
    return (".".join(labels[index:]) for index in range(1, len(labels)))


def zone_of(name: str, zones: Iterable[str]) -> str | None:
    """Find the longest of the zones that is a suffix of the name, or None."""
    found = [zone for zone in zones if canonical(name) == zone or canonical(name).endswith(f".{zone}")]
    return max(found, key=len, default=None)


def covers(pattern: str, host: str) -> bool:
    """Tell whether a certificate's DNS name covers a host.

    A wildcard stands for exactly one label, and only as the whole left-most one (RFC 9525 section 6.3, RFC 6125
    section 6.4.3); everything else compares without regard to case.
    """
    pattern, host = canonical(pattern), canonical(host)
    if "*" not in pattern:
        return pattern == host
    first, _, rest = pattern.partition(".")
    label, _, below = host.partition(".")
    return first == "*" and "*" not in rest and "." in rest and bool(label) and rest == below
