"""What the environment file declares, as far as a review must know it, beside what the plan's own rules say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from edge.tfplan.model import Change, Plan, hides, part
from environments.addresses import Purpose, RecordAddress
from environments.certificates import Certificates
from environments.checked import Environment
from environments.dns_names import base_name
from environments.quota_overrides import Limits
from environments.shared_hosts import SharedHosts
from environments.text import printable
from environments.wildcards import made_first

RECORD = "aws_route53_record"
RULE = "aws_lb_listener_rule"
ZONE = "aws_route53_zone"
CERTIFICATE = "aws_acm_certificate"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The accounts' parts and the services' hosts.

    `platform_account` is where the load balancer lies. `hosts` are the hosts of each service by its name, and `ports`
    those on which services listen; `former_hosts` are the hosts that its rules had before this plan. `owners` name the
    service that makes each host's records, after the plan or before it, and `provers` the one whose certificate makes
    the record that proves each name (`former_provers` before the plan); `certificates` name the service with whose
    certificate each service is served, and that is surely on the listener with all its hosts. `zones` are the hosted
    zones with their accounts, `created_zones` those of them that are made here, `former_zones` those that this state
    had before the plan, and `own_name` is what the default certificate of a managed platform proves. The records of the
    hosts in `made_first` come before their proofs. `renamed` are the services with another name than before, each with
    that.
    """

    platform_account: str
    hosts: Mapping[str, tuple[str, ...]]
    ports: frozenset[int]
    former_hosts: Mapping[str, tuple[str, ...]]
    owners: Mapping[str, str]
    zones: Mapping[str, str]
    created_zones: tuple[str, ...]
    former_zones: tuple[str, ...]
    own_name: str | None
    made_first: frozenset[str]
    limits: Limits
    is_managed: bool
    renamed: Mapping[str, str] = field(default_factory=dict)
    provers: Mapping[str, str] = field(default_factory=dict)
    former_provers: Mapping[str, str] = field(default_factory=dict)
    certificates: Mapping[str, str] = field(default_factory=dict)

    @property
    def services(self) -> tuple[str, ...]:
        """All services, also those that this plan removes, the longest names first."""
        return tuple(sorted({*self.hosts, *self.former_hosts}, key=lambda name: (-len(name), name)))

    def names(self, *, former: bool) -> Mapping[str, str]:
        """Give the Terraform names of all records that the services' hosts need, each with its host."""
        services = [self.hosts, self.former_hosts] if former else [self.hosts]
        hosts = [host for service in services for hosts in service.values() for host in hosts]
        found = {str(address): address.name for host in hosts for address in RecordAddress.all_of_host(host)}
        if self.own_name:
            found[str(RecordAddress(self.own_name, Purpose.VALIDATION))] = self.own_name
        proven = {*self.provers, *(self.former_provers if former else ())}
        found |= {str(RecordAddress(name, Purpose.VALIDATION)): name for name in sorted(proven)}
        zones = [*self.created_zones, *(self.former_zones if former else ())]
        return found | {str(RecordAddress(zone, Purpose.DELEGATION)): zone for zone in zones}


def declared(plan: Plan, environment: Environment) -> Declared:
    """Say what is declared by the environment file."""
    stood = (change for change in plan.changes if change.type == ZONE and change.imported_id is None)
    certificates = Certificates(environment)
    zones = tuple(str(change.before["name"]) for change in stood if change.before.get("name"))
    return Declared(
        platform_account=environment.platform.account,
        hosts={name: service.hosts for name, service in environment.services.items()},
        ports=frozenset(service.port for service in environment.services.values()),
        former_hosts=_former_hosts(plan.changes),
        owners=_owners_by_rules(plan.changes, "before") | _declared_owners(environment),
        zones={name: zone.account for name, zone in environment.zones.items()},
        created_zones=environment.created_zones,
        former_zones=zones,
        own_name=environment.managed.own_name if environment.managed else None,
        made_first=made_first(environment),
        limits=environment.limits,
        is_managed=environment.managed is not None,
        provers=certificates.provers,
        former_provers=_former_provers(plan.changes),
        certificates=_sure(plan.changes, environment, certificates),
        renamed={name: was for name, service in environment.services.items() if (was := service.renamed_from)},
    )


def service_tag(change: Change) -> str | None:
    """Give the service that a resource's own tags name, after the plan or before it."""
    sides = ((change.after, change.after_sensitive), (change.before, change.before_sensitive))
    for attributes, mask in sides:
        tags = attributes.get("tags")
        if isinstance(tags, dict) and isinstance(tags.get("Service"), str) and not hides(part(mask, "tags")):
            return printable(tags["Service"])
    return None


def service_of_address(name: str) -> str:
    """Give the service of what is named after one: a service's name holds no underscore, and what follows begins so."""
    return name.partition("_")[0]


def rule_hosts(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """List the hosts that a listener rule's attributes match; none where it matches none or they are not known."""
    return _condition_values(attributes, "host_header")


def rule_paths(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """List the paths that a listener rule's attributes match; none where it matches all or they are not known."""
    return _condition_values(attributes, "path_pattern")


def _condition_values(attributes: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    conditions = attributes.get("condition") or ()
    blocks = [block for condition in conditions for block in condition.get(kind) or ()]
    return tuple(str(value) for block in blocks for value in block.get("values") or ())


def _declared_owners(environment: Environment) -> dict[str, str]:
    shared = SharedHosts(environment)
    return {host: shared.owner_of(host) for service in environment.services.values() for host in service.hosts}


def _owners_by_rules(changes: Iterable[Change], side: str) -> dict[str, str]:
    """Name the owner of each host by its rules: the last that takes every path, or else the last."""
    found: dict[str, tuple[bool, int, str]] = {}
    for change in changes:
        attributes = getattr(change, side)
        if change.type == RULE:
            priority = attributes.get("priority")
            last = priority if isinstance(priority, int) else 0
            rank = (not rule_paths(attributes), last, service_of_address(change.name))
            for host in rule_hosts(attributes):
                found[host] = max(rank, found.get(host, rank))
    return {host: service for host, (_, _, service) in found.items()}


def names_on(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """List the names on a certificate, by its attributes."""
    others = attributes.get("subject_alternative_names") or ()
    return tuple(dict.fromkeys(str(name) for name in (attributes.get("domain_name"), *others) if name))


def _former_provers(changes: Iterable[Change]) -> dict[str, str]:
    """Name the service of each name that a service's certificate proved, by the certificate's address."""
    services = _former_hosts(changes)
    certificates = (change for change in changes if change.type == CERTIFICATE and change.name in services)
    return {base_name(name): change.name for change in certificates for name in names_on(change.before)}


def _sure(changes: Iterable[Change], environment: Environment, certificates: Certificates) -> dict[str, str]:
    """Name whose certificate a service is served with, where that one is on the listener after the plan, over all."""
    stays = {change.address: change for change in changes if change.after and not change.deposed}
    found: dict[str, str] = {}
    for name, service in environment.services.items():
        owner = service.certificate or ""
        names = names_on(stays[f"{CERTIFICATE}.{owner}"].after) if f"{CERTIFICATE}.{owner}" in stays else ()
        is_attached = f"aws_lb_listener_certificate.{owner}" in stays
        if owner and is_attached and set(certificates.names_on(owner)) <= set(names):
            found[name] = owner
    return found


def _former_hosts(changes: Iterable[Change]) -> dict[str, tuple[str, ...]]:
    hosts: dict[str, tuple[str, ...]] = {}
    for change in changes:
        if change.type == RULE:
            service = service_of_address(change.name)
            hosts[service] = hosts.get(service, ()) + rule_hosts(change.before)
    return hosts
