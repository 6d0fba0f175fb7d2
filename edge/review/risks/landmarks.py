"""What every service leads to or stands behind, by its values: the load balancer, the two groups, the topic.

A rule compares what a plan says with these. One that this plan makes is UNKNOWN, and then what leads to it must be
unknown as well, and refer to it by its address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edge.tfplan.model import UNKNOWN, Change, Plan, hides, part, with_unknown

_MADE = {
    "load balancer": "aws_lb.load_balancer",
    "load balancer's group": "aws_security_group.load_balancer",
    "instances' group": "aws_security_group.instances",
    "topic": "aws_sns_topic.alerts",
}
_LOOKED_UP = {
    "load balancer": "data.aws_lb.load_balancer",
    "load balancer's group": "data.aws_security_groups.load_balancer_security_group",
    "instances' group": "data.aws_security_groups.instance_security_group",
    "topic": "data.aws_sns_topic.alerts",
}


@dataclass(frozen=True)
class Landmark:
    """One attribute of a thing: the address that a configuration refers to, and the value, UNKNOWN or None for none."""

    address: str
    value: Any


class Landmarks:
    """The landmarks of one plan; a managed platform makes them, another looks them up."""

    def __init__(self, plan: Plan, *, is_managed: bool) -> None:
        self._addresses, self._is_managed = _MADE if is_managed else _LOOKED_UP, is_managed
        self._things: dict[str, Mapping[str, Any]] = dict(plan.data)
        self._things |= {
            change.address: with_unknown(change.after, change.unknown) for change in plan.changes if not change.deposed
        }

    def at(self, address: str, attribute: str) -> Landmark:
        """Give an attribute of any thing in the plan, by its address."""
        return Landmark(address, self._things.get(address, {}).get(attribute))

    def of(self, name: str, attribute: str) -> Landmark:
        """Give an attribute of a landmark by its name here."""
        return self.at(self._addresses[name], attribute)

    def group(self, name: str) -> Landmark:
        """Give the id of a security group."""
        if self._is_managed:
            return self.of(name, "id")
        found = self.of(name, "ids")
        is_one = isinstance(found.value, list) and len(found.value) == 1
        return Landmark(found.address, found.value[0] if is_one else None)


def is_hidden(change: Change, attribute: str) -> bool:
    """Say whether something in an attribute is secret, before a plan or after it."""
    return any(hides(part(mask, attribute)) for mask in (change.before_sensitive, change.after_sensitive))


def leads_to(change: Change, attribute: str, planned: Any, landmark: Landmark) -> bool:
    """Say whether a planned value, in an attribute of a change, is a landmark's."""
    if planned is UNKNOWN or landmark.value is UNKNOWN:
        refers = any(name.startswith(f"{landmark.address}.") for name in change.settings.get(attribute, ()))
        return planned is landmark.value and refers
    return landmark.value is not None and bool(planned == landmark.value)
