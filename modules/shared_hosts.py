"""Hosts that services share: what the owner's part and the others' parts wait for, once all services are made.

A host is public with its owner's records. They wait for the rules of every service on it, so that no path of it is
answered by the wrong one; and every rule waits for the owner's certificate, so that it never serves without one.
"""

from collections.abc import Iterable, Mapping, Set

from environments import naming, schema
from environments.shared_hosts import SharedHosts
from imports.terraform import TerraformOutput
from modules.addresses import addressed
from modules.service import Service
from modules.waiting import wait

CERTIFICATE_TAG = "Certificate"


def wait_for_one_another(
    declared: Mapping[str, schema.Service],
    services: Mapping[str, Service],
    shared: SharedHosts,
    *,
    first: Set[str],
) -> None:
    """Put services that share a host in order: the owner's certificate, then all rules, then the owner's records.

    The records of hosts in `first` wait for no rule.
    """
    for name, service in declared.items():
        made = services[name]
        owners = {host: services[shared.owner_of(host)] for host in service.hosts}
        for host, owner in owners.items():
            if owner is not made:
                if host not in first:
                    wait(owner.dns.made[host], for_=made.routing.rules)
                wait(made.routing.rules, for_=[owner.certificate.attachment] if owner.certificate else [])
        _tag_with_owners(made, owners.values())
        primary = owners[service.primary_host]
        if primary is not made:
            for host in made.dns.made.keys() - first:
                wait(made.dns.made[host], for_=primary.dns.made[service.primary_host])
            _show_the_certificate(name, made, primary)


def _tag_with_owners(made: Service, owners: Iterable[Service]) -> None:
    """Name on a service's rules the other services whose certificates they serve with.

    So a host's new owner changes the rules too. Terraform then removes the former owner's certificate after the change,
    which waits for the new owner's; beside rules that stay as they are it would remove it at once.
    """
    others = dict.fromkeys(owner.node.id for owner in owners if owner is not made)
    for rule in made.routing.rules if others else []:
        rule.tags = {**(rule.tags_input or {}), CERTIFICATE_TAG: " ".join(others)}


def _show_the_certificate(name: str, made: Service, owner: Service) -> None:
    """Give the output of a service that has no certificate: that of its primary host."""
    if made.certificate is None and owner.certificate is not None:
        address = naming.output_name(service=name, quantity="CertificateArn")
        addressed(TerraformOutput(made, address, value=owner.certificate.arn), address)
