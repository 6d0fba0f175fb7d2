"""Ranges of IP addresses: whether some of them are the whole internet, and whether one belongs to it at all."""

import ipaddress
from collections.abc import Iterable

# All of IPv4, and all of IPv6 that is given out: https://www.iana.org/assignments/ipv6-unicast-address-assignments
_ALL = {4: ipaddress.ip_network("0.0.0.0/0"), 6: ipaddress.ip_network("2000::/3")}
# 256 addresses of IPv4, and what RFC 6177 gives to one site of IPv6.
_WIDE_PREFIX = {4: 24, 6: 48}
# RFC 1918 section 3, RFC 6598 section 7, RFC 4193 section 3.1, RFC 4291 section 2.5.6: no route from the internet.
_PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10"),
    )
)


def is_everywhere(ranges: Iterable[str], *, version: int) -> bool:
    """Tell whether ranges together hold every address of a version of IP; raises ValueError for what is no range."""
    networks = [ipaddress.ip_network(written, strict=False) for written in ranges]
    alike = [network for network in networks if network.version == version]
    joined = ipaddress.collapse_addresses(alike)  # type: ignore[type-var]
    return any(_ALL[version].subnet_of(network) for network in joined)  # type: ignore[arg-type]


def is_public(written: str) -> bool:
    """Tell whether a range holds an address that is not private, which somebody on the internet may have."""
    network = ipaddress.ip_network(written, strict=False)
    return not any(
        network.version == private.version and network.subnet_of(private)  # type: ignore[arg-type]
        for private in _PRIVATE
    )


def is_wide(written: str) -> bool:
    """Tell whether a range holds more addresses than one office or customer has, who may be let in by their address."""
    network = ipaddress.ip_network(written, strict=False)
    return network.prefixlen < _WIDE_PREFIX[network.version]


def joined(ranges: Iterable[str]) -> list[str]:
    """Join ranges that lie beside or in one another."""
    networks = [ipaddress.ip_network(written, strict=False) for written in ranges]
    alike = [[network for network in networks if network.version == version] for version in _ALL]
    return [str(network) for found in alike for network in ipaddress.collapse_addresses(found)]  # type: ignore[type-var]
