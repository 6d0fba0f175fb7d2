"""Terraform names made of host names, for all who write or read addresses.

A host holds no underscore and no empty label, so no two hosts give the same name.
"""


def host_address(host: str) -> str:
    """Write a host as a Terraform name: `link.getorcha.com` -> `link_getorcha_com`, `*.x.com` -> `any__x_com`."""
    return host.replace("*.", "any__").replace(".", "_")


def validation_address(name: str) -> str:
    """Write the address of the record that proves control over a name to ACM: `link_getorcha_com__validation`."""
    return host_address(name) + "__validation"


def delegation_address(zone: str) -> str:
    """Write the address of the record that delegates a zone: `staging_getorcha_com__delegation`."""
    return host_address(zone) + "__delegation"
