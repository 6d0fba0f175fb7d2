"""The rules that a service puts on the shared HTTPS listener: their conditions, and the priorities that follow."""

from dataclasses import dataclass

from environments.aws_limits import CONDITION_VALUES_PER_RULE


@dataclass(frozen=True, kw_only=True)
class ListenerRule:
    """One rule: its priority, and the hosts of which a request must have one."""

    priority: int
    hosts: tuple[str, ...]


def listener_rules(*, priority: int, hosts: tuple[str, ...]) -> tuple[ListenerRule, ...]:
    """Split hosts over as many rules as AWS's limit asks for; they take `priority` and those that follow it."""
    starts = range(0, len(hosts), CONDITION_VALUES_PER_RULE)
    return tuple(
        ListenerRule(priority=priority + number, hosts=hosts[start : start + CONDITION_VALUES_PER_RULE])
        for number, start in enumerate(starts)
    )
