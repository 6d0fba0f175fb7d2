"""Routing: the listener rules that send a service's hosts to its target group."""

from collections.abc import Mapping, Sequence

from environments.aws_limits import CONDITION_VALUES_PER_RULE
from imports.aws import LbListenerRule, LbListenerRuleAction, LbListenerRuleCondition, LbListenerRuleConditionHostHeader
from imports.terraform import Construct, TerraformElement
from modules.addresses import addressed
from modules.shared_platform import Platform


class Routing(Construct):
    """Host-header rules on the shared HTTPS listener: one, or as many as the hosts need at five for each rule.

    The rules take `priority` and those that follow it, which the environment's checks reserve. `actions` run in their
    order, and the last one forwards; `after` is what must stand before the first request is routed. `rules` are the
    rules made.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        address: str,
        hosts: tuple[str, ...],
        priority: int,
        actions: Sequence[LbListenerRuleAction],
        platform: Platform,
        after: Sequence[TerraformElement],
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        self.rules = []
        for number, start in enumerate(range(0, len(hosts), CONDITION_VALUES_PER_RULE), start=1):
            values = list(hosts[start : start + CONDITION_VALUES_PER_RULE])
            rule = LbListenerRule(
                self,
                f"rule_{number}",
                provider=platform.provider,
                listener_arn=platform.https_listener_arn,
                priority=priority + number - 1,
                condition=[LbListenerRuleCondition(host_header=LbListenerRuleConditionHostHeader(values=values))],
                action=list(actions),
                tags=dict(tags),
                depends_on=list(after),
            )
            self.rules.append(addressed(rule, address if number == 1 else f"{address}_{number}"))


def forward_to(target_group_arn: str, *, order: int) -> LbListenerRuleAction:
    """Make the last action of a rule: forward to a target group. Lower orders run first."""
    return LbListenerRuleAction(type="forward", order=order, target_group_arn=target_group_arn)
