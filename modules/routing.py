"""Routing: the listener rules that send a service's hosts, or some paths of them, to its target group."""

from collections.abc import Mapping, Sequence

from environments.listener_rules import ListenerRule
from imports.aws import (
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleCondition,
    LbListenerRuleConditionHostHeader,
    LbListenerRuleConditionPathPattern,
)
from imports.terraform import Construct, TerraformElement
from modules.addresses import addressed
from modules.shared_platform import Platform


class Routing(Construct):
    """Rules by host and path on the shared HTTPS listener: one, or as many as the hosts need.

    `actions` run in their order, and the last one forwards; `after` is what must stand before the first request is
    routed. `rules` are the rules made of those asked for.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        address: str,
        rules: Sequence[ListenerRule],
        actions: Sequence[LbListenerRuleAction],
        platform: Platform,
        after: Sequence[TerraformElement],
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        self.rules = []
        for number, wanted in enumerate(rules, start=1):
            rule = LbListenerRule(
                self,
                f"rule_{number}",
                provider=platform.provider,
                listener_arn=platform.https_listener_arn,
                priority=wanted.priority,
                condition=_conditions(wanted),
                action=list(actions),
                tags=dict(tags),
                depends_on=list(after),
            )
            self.rules.append(addressed(rule, address if number == 1 else f"{address}_{number}"))


def _conditions(rule: ListenerRule) -> list[LbListenerRuleCondition]:
    hosts = LbListenerRuleCondition(host_header=LbListenerRuleConditionHostHeader(values=list(rule.hosts)))
    if not rule.paths:
        return [hosts]
    paths = LbListenerRuleConditionPathPattern(values=list(rule.paths))
    return [hosts, LbListenerRuleCondition(path_pattern=paths)]


def forward_to(target_group_arn: str, *, order: int) -> LbListenerRuleAction:
    """Make the last action of a rule: forward to a target group. Lower orders run first."""
    return LbListenerRuleAction(type="forward", order=order, target_group_arn=target_group_arn)
