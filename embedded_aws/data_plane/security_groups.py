"""What security groups let through: rules only allow, and any one of them is enough.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

_NO_PORT, _EVERY_PORT = range(0), range(65536)
_ALL_PROTOCOLS, _TCP = "-1", {"tcp", "6"}


@dataclass(frozen=True)
class Peer:
    """The other end of a connection: its address, and the security groups of its network interface."""

    address: str
    groups: Sequence[str] = ()


def lets_in(rules: Iterable[Mapping[str, Any]], peer: Peer, port: int) -> bool:
    """Tell whether rules let a peer connect to a TCP port behind them."""
    return any(port in _tcp_ports(rule) for rule in rules if not rule["IsEgress"] and _names(rule, peer))


def lets_out(rules: Iterable[Mapping[str, Any]], peer: Peer, port: int) -> bool:
    """Tell whether rules let what is behind them connect to a peer's TCP port."""
    return any(port in _tcp_ports(rule) for rule in rules if rule["IsEgress"] and _names(rule, peer))


def _tcp_ports(rule: Mapping[str, Any]) -> range:
    if rule["IpProtocol"] == _ALL_PROTOCOLS:
        return _EVERY_PORT
    return range(rule["FromPort"], rule["ToPort"] + 1) if rule["IpProtocol"] in _TCP else _NO_PORT


def _names(rule: Mapping[str, Any], peer: Peer) -> bool:
    """Tell whether a rule is about a peer, by its address or by a group; prefix lists are empty here."""
    blocks = [ip_network(rule[key]) for key in ("CidrIpv4", "CidrIpv6") if rule.get(key)]
    group = (rule.get("ReferencedGroupInfo") or {}).get("GroupId")
    return group in peer.groups or any(ip_address(peer.address) in block for block in blocks)
