"""Whose a resource is: the service, and the account where the plan alone does not say."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from edge.review.expected import RECORD, Declared, service_of_address, service_tag
from edge.tfplan.model import Change, Plan
from environments.addresses import Purpose, RecordAddress
from environments.dns_names import base_name, canonical, parent, zone_of
from environments.dns_records import TYPES

_SERVICE_NAME = re.compile(r"[a-z0-9-]+")

# What `modules/service.py` makes for each service, each with how its name goes on; a test compares the two.
_PLAIN, _NUMBERED = r"", r"(_[2-9]|_[1-9][0-9]+)?"
_ALARM = r"_(unhealthy|degraded|5xx|latency|certificate_expiry)"
NAMED_AFTER_SERVICES = {
    "aws_acm_certificate": _PLAIN,
    "aws_acm_certificate_validation": _PLAIN,
    "aws_autoscaling_attachment": _PLAIN,
    "aws_cloudwatch_metric_alarm": _ALARM,
    "aws_cognito_user_pool_client": _PLAIN,
    "aws_lb_listener_certificate": _PLAIN,
    "aws_lb_listener_rule": _NUMBERED,
    "aws_lb_target_group": _PLAIN,
    "aws_vpc_security_group_egress_rule": _PLAIN,
    "aws_vpc_security_group_ingress_rule": _PLAIN,
}


def service_of_rule(name: str, services: Iterable[str]) -> str | None:
    """Name the one of some services that a listener rule is made for, by the rule's name; None for any other rule."""
    return named_after("aws_lb_listener_rule", name, services)


def named_after(type: str, name: str, services: Iterable[str]) -> str | None:
    """Name the one of some services that a resource is made for, by its type and name; None for any other."""
    service = service_of_address(name)
    rest = NAMED_AFTER_SERVICES.get(type)
    is_named = rest is not None and re.fullmatch(rest, name.removeprefix(service)) is not None
    return service if is_named and service in services else None


class Owners:
    """Finds the service of a change; None is the platform's, which services share."""

    def __init__(self, declared: Declared) -> None:
        self._services = declared.services
        # Many rules ask this of every change; each is kept beside its answer, so that its id stays its own.
        self._found: dict[int, tuple[Change, str | None]] = {}
        names = declared.names(former=True)
        service_of, provers = declared.owners, {**declared.former_provers, **declared.provers}
        bases = {base_name(host): service for host, service in service_of.items()}
        self._hosts = names
        self._records: Mapping[str, str | None] = {
            address: (provers.get(host) if RecordAddress.parse(address).purpose is Purpose.VALIDATION else None)
            or service_of.get(host)
            or bases.get(host)
            for address, host in names.items()
        }

    def service_of(self, change: Change) -> str | None:
        """Find it by the whole address, by the tag, or by the address's beginning: `link_5xx` is link's.

        Whoever may tag in AWS may write any tag: it counts only where the address says nothing, and names a service.
        """
        if id(change) not in self._found:
            self._found[id(change)] = change, self._service_of(change)
        return self._found[id(change)][1]

    def _service_of(self, change: Change) -> str | None:
        if (made_for := self.made_for(change)) is not None:
            return made_for
        tagged = service_tag(change)
        if tagged is not None and _SERVICE_NAME.fullmatch(tagged):
            return tagged
        if change.type == RECORD:
            return self._records.get(change.name)
        if change.type not in NAMED_AFTER_SERVICES:
            return None
        service = service_of_address(change.name)
        return service if service in self._services else None

    def host_of(self, change: Change) -> str | None:
        """Name the host that a record's address promises; None for any other resource, and for a record of no host."""
        return self._hosts.get(change.name) if change.type == RECORD else None

    def made_for(self, change: Change) -> str | None:
        """Name the service that surely makes a resource, by its whole address and whatever its tags say."""
        if change.address != f"{change.type}.{change.name}":
            return None
        if change.type == RECORD:
            return self._records.get(change.name)
        return named_after(change.type, change.name, self._services)


def is_record_of(change: Change, attributes: Mapping[str, object], host: str) -> bool:
    """Say whether a record's name and type are those that its address promises; what is unknown comes from ACM."""
    name, type = attributes.get("name"), attributes.get("type")
    written, purpose = canonical(str(name)), RecordAddress.parse(change.name).purpose
    if purpose is Purpose.VALIDATION:
        if name is None:
            return any(reference.startswith("aws_acm_certificate.") for reference in change.settings.get("name", ()))
        return written.startswith("_") and parent(written) == host and type in TYPES[purpose]
    return written == host and type in TYPES[purpose]


def with_accounts(plan: Plan, declared: Declared) -> Plan:
    """Name the account of the records that the configuration no longer has, by their zone's."""
    return replace(plan, changes=tuple(_with_account(change, declared) for change in plan.changes))


def _with_account(change: Change, declared: Declared) -> Change:
    if change.account is not None or change.type != RECORD:
        return change
    zones = [zone for name in _names(change) if (zone := zone_of(name, declared.zones))]
    return replace(change, account=declared.zones[max(zones, key=len)]) if zones else change


def _names(change: Change) -> tuple[str, ...]:
    """Give what a record is called, by its attributes and by its address; a delegation counts as its parent."""
    address = RecordAddress.parse(change.name)
    names = canonical(str(change.state.get("name") or "")), address.name
    return tuple(map(parent, names)) if address.purpose is Purpose.DELEGATION else names
