"""A service's listener rules: how its hosts are split over them, and the priorities that follow."""

import pytest

from environments.listener_rules import ListenerRule, listener_rules


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, [(20, 1)]), (5, [(20, 5)]), (6, [(20, 5), (21, 1)]), (11, [(20, 5), (21, 5), (22, 1)])],
)
def test_a_rule_takes_five_hosts_and_the_next_priority_the_others(count: int, expected: list[tuple[int, int]]) -> None:
    hosts = tuple(f"h{number}.example.com" for number in range(count))
    rules = listener_rules(priority=20, hosts=hosts)
    assert [(rule.priority, len(rule.hosts)) for rule in rules] == expected
    assert tuple(host for rule in rules for host in rule.hosts) == hosts


def test_a_rule_is_a_value() -> None:
    (rule,) = listener_rules(priority=7, hosts=("a.example.com",))
    assert rule == ListenerRule(priority=7, hosts=("a.example.com",))
    assert len({rule, ListenerRule(priority=7, hosts=("a.example.com",))}) == 1
