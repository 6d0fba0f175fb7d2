"""Hosts and certificates that services share: what their parts wait for, once all services are made.

A host is public with its owner's records. They wait for the rules of every service on it, so that no path of it is
answered by the wrong one; and every rule waits for the certificates that serve its hosts, whichever services have them,
so that it never serves without one.
"""

from collections.abc import Iterable, Mapping, Set

from environments import naming, schema
from environments.certificates import Certificates
from environments.dns_names import base_name
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
    certificates: Certificates,
    *,
    first: Set[str],
) -> None:
    """Put services in order: the certificate that serves a host, then all rules of it, then its owner's records.

    The records of hosts in `first` wait for no rule, and what proves them waits for them.
    """
    for name, service in declared.items():
        made = services[name]
        owners = {host: services[shared.owner_of(host)] for host in service.hosts}
        for host, owner in owners.items():
            if owner is not made and host not in first:
                wait(owner.dns.made[host], for_=made.routing.rules)
        servers = {host: services[certificates.serving(host)] for host in service.hosts}
        for server in servers.values():
            attached = [server.certificate.attachment] if server.certificate and server is not made else []
            wait(made.routing.rules, for_=attached)
        _tag_with_servers(made, servers.values())
        primary = owners[service.primary_host]
        if primary is not made:
            for host in made.dns.made.keys() - first:
                wait(made.dns.made[host], for_=primary.dns.made[service.primary_host])
        _show_the_certificate(name, made, servers[service.primary_host])
    _prove_afterwards(services, shared, certificates, first)


def _prove_afterwards(
    services: Mapping[str, Service], shared: SharedHosts, certificates: Certificates, first: Set[str]
) -> None:
    """Let the proofs of hosts in `first` wait for their records; one behind another's wildcard has no proof."""
    provers = certificates.provers
    for host in sorted(first):
        prover = services.get(provers.get(base_name(host), ""))
        if prover is not None and prover.certificate is not None:
            wait([prover.certificate.proofs[base_name(host)]], for_=services[shared.owner_of(host)].dns.made[host])


def _tag_with_servers(made: Service, servers: Iterable[Service]) -> None:
    """Name on a service's rules the other services whose certificates they serve with.

    So a host's new certificate changes the rules too. Terraform then removes the former one after the change, which
    waits for the new one; beside rules that stay as they are it would remove it at once.
    """
    others = dict.fromkeys(server.node.id for server in servers if server is not made)
    for rule in made.routing.rules if others else []:
        rule.tags = {**(rule.tags_input or {}), CERTIFICATE_TAG: " ".join(others)}


def _show_the_certificate(name: str, made: Service, server: Service) -> None:
    """Give the output of a service that has no certificate: the one that serves its primary host."""
    if made.certificate is None and server.certificate is not None:
        address = naming.output_name(service=name, quantity="CertificateArn")
        addressed(TerraformOutput(made, address, value=server.certificate.arn), address)
