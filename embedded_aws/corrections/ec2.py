"""EC2: a security-group rule that references a group keeps its description."""

from collections.abc import Callable
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule

from embedded_aws.corrections.patching import replace


def apply() -> None:
    """Correct moto's EC2 in this process."""
    replace(SecurityGroupRule, "description", _description)
    replace(SecurityGroupRule, "__eq__", _equal_without_description)
    replace(SecurityGroupBackend, "modify_security_group_rules", _modify)


def _description(original: property) -> property:
    """Read the description from where it was given.

    AWS: a rule has one description, whether its peer is an address range or a group.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
    moto: keeps the group's description with the group, and reads only the address range's. Here: both.
    """

    def description(self: SecurityGroupRule) -> str | None:
        own: str | None = original.__get__(self)
        return own or self.source_group.get("Description")

    return property(description)


def _equal_without_description(original: Callable[..., bool]) -> Callable[..., bool]:
    """Compare rules by what they let through.

    AWS: a rule that differs only in its description is a duplicate, and is revoked without naming the description.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
    moto: compares a referenced group with its description. Here: without.
    """

    def equal(self: SecurityGroupRule, other: SecurityGroupRule) -> bool:
        mine, theirs = self.source_group, other.source_group
        try:
            self.source_group, other.source_group = _peer(mine), _peer(theirs)
            return original(self, other)
        finally:
            self.source_group, other.source_group = mine, theirs

    return equal


def _peer(source_group: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in source_group.items() if key != "Description"}


def _modify(original: Callable[..., None]) -> Callable[..., None]:
    """Change a group rule's description where it stands.

    AWS: ModifySecurityGroupRules sets the description of the rule that it is given.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
    moto: writes every description to the address range, from which a group rule then reads it beside the old one.
    Here: a rule that references a group holds it with the group alone.
    """

    def modify_security_group_rules(
        self: SecurityGroupBackend, group_id: str, rules: dict[str, dict[str, Any]]
    ) -> None:
        original(self, group_id, rules)
        group = self.get_security_group_by_name_or_id(group_id)
        changed = [group.get_rule(rule_id) for rule_id in rules] if group else []
        for rule in changed:
            if rule and rule.source_group and "Description" in rule.ip_range:
                rule.source_group["Description"] = rule.ip_range.pop("Description")

    return modify_security_group_rules
