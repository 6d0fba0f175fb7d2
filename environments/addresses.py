"""Terraform names made of host names: written here for whoever makes or expects a record, and read back here alone.

A host holds no underscore and no empty label, so no two hosts give the same name, and every name can be read back.
"""

from dataclasses import dataclass
from enum import Enum

from environments.dns_names import base_name

_WILDCARD, _WILDCARD_WRITTEN = "*.", "any__"


class Purpose(Enum):
    """What a DNS record is for; the value is the end of its Terraform name."""

    HOST = ""
    HOST_OVER_IPV6 = "__ipv6"
    VALIDATION = "__validation"
    DELEGATION = "__delegation"


@dataclass(frozen=True)
class RecordAddress:
    """A record's Terraform name, taken apart: what it is for, and the host, proven name or delegated zone."""

    name: str
    purpose: Purpose

    def __str__(self) -> str:
        return host_address(self.name) + self.purpose.value

    @classmethod
    def parse(cls, address: str) -> "RecordAddress":
        """Read a Terraform name: `any__x_com__ipv6` -> `*.x.com`; one that nobody here wrote reads as some host's."""
        purpose = next(purpose for purpose in reversed(Purpose) if address.endswith(purpose.value))
        written = address.removesuffix(purpose.value)
        wildcard = _WILDCARD if written.startswith(_WILDCARD_WRITTEN) else ""
        return cls(wildcard + written.removeprefix(_WILDCARD_WRITTEN).replace("_", "."), purpose)

    @classmethod
    def all_of_host(cls, host: str) -> "tuple[RecordAddress, ...]":
        """Give the names of every record that a host can have, whatever the platform."""
        proof = cls(base_name(host), Purpose.VALIDATION)
        return cls(host, Purpose.HOST), cls(host, Purpose.HOST_OVER_IPV6), proof


def host_address(host: str) -> str:
    """Write a host as a Terraform name: `link.getorcha.com` -> `link_getorcha_com`, `*.x.com` -> `any__x_com`."""
    return host.replace(_WILDCARD, _WILDCARD_WRITTEN).replace(".", "_")
