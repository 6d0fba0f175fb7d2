"""What a network ACL does with TCP: its rules are asked by their numbers, and the first that fits decides.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

_IPV4 = 4
_ALL = {_IPV4: "0.0.0.0/0", 6: "::/0"}
_TCP, _EVERY_PROTOCOL = "6", "-1"


def passes(entries: Sequence[Mapping[str, Any]], *, egress: bool, port: int, address: str) -> bool:
    """Tell whether a network ACL lets TCP pass to or from an address."""
    where = ip_address(address)
    return not any(
        where in ip_network(written) for written in refused(entries, where.version, egress=egress, port=port)
    )


def refused(entries: Sequence[Mapping[str, Any]], version: int, *, egress: bool, port: int) -> list[str]:
    """List the ranges of addresses whose TCP a network ACL refuses on a port.

    The first rule that fits decides, and where none does it refuses.
    """
    undecided, denied = [ip_network(_ALL[version])], []
    for entry in entries:
        block = entry.get("CidrBlock" if version == _IPV4 else "Ipv6CidrBlock")
        if block is None or entry["Egress"] != egress or not _fits(entry, port):
            continue
        network = ip_network(block, strict=False)
        met = [part for part in undecided if part.overlaps(network)]
        if entry["RuleAction"] == "deny":
            denied += [min(part, network, key=lambda item: -item.prefixlen) for part in met]
        undecided = [rest for part in undecided for rest in _without(part, network)]
    return [str(part) for part in (*denied, *undecided)]


def _without(part: Any, network: Any) -> list[Any]:
    """Take a range out of another one."""
    if not part.overlaps(network):
        return [part]
    return [] if part.subnet_of(network) else list(part.address_exclude(network))


def _fits(entry: Mapping[str, Any], port: int) -> bool:
    if str(entry["Protocol"]) == _EVERY_PROTOCOL:
        return True
    ports = entry.get("PortRange") or {"From": 0, "To": 65535}
    return str(entry["Protocol"]) == _TCP and bool(ports["From"] <= port <= ports["To"])
