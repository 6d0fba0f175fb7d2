"""Whose a resource is: the service, and the account where the plan alone does not say."""

from collections.abc import Mapping
from dataclasses import replace

from edge.review.expected import RECORD, Declared, service_tag
from edge.tfplan.model import Change, Plan
from environments.addresses import Purpose, RecordAddress
from environments.dns_names import base_name, canonical, parent, zone_of

# What `modules/service.py` makes for each service. AWS has no tags for the first, which all bear its plain name.
_UNTAGGED = frozenset(
    {
        "aws_acm_certificate_validation",
        "aws_autoscaling_attachment",
        "aws_cognito_user_pool_client",
        "aws_lb_listener_certificate",
    }
)
_TYPES = _UNTAGGED | {
    "aws_acm_certificate",
    "aws_cloudwatch_metric_alarm",
    "aws_lb_listener_rule",
    "aws_lb_target_group",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
}


class Owners:
    """Finds the service of a change; None is the platform's, which services share."""

    def __init__(self, declared: Declared) -> None:
        self._services = declared.services
        names = declared.names(former=True)
        service_of = declared.owners
        bases = {base_name(host): service for host, service in service_of.items()}
        self._records: Mapping[str, str | None] = {
            address: service_of.get(host) or bases.get(host) for address, host in names.items()
        }

    def service_of(self, change: Change) -> str | None:
        """Find it by the tag, by the host that a record is named after, or by the address: `link_5xx` is link's."""
        tagged = service_tag(change)
        if tagged is not None:
            return tagged
        if change.type == RECORD:
            return self._records.get(change.name)
        if change.type not in _TYPES:
            return None
        name = change.name
        return next((service for service in self._services if name == service or name.startswith(f"{service}_")), None)

    def is_made_for_a_service(self, change: Change) -> bool:
        """Say whether it surely goes with its service: a name that only begins alike may be the platform's."""
        if change.type == RECORD or service_tag(change) is not None:
            return True
        return change.type in _UNTAGGED and change.name == self.service_of(change)


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
