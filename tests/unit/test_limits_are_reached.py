"""A file that is exactly at a limit is right: what is refused begins one above it."""

from typing import Any

from environments.aws_limits import CONDITION_WILDCARDS_PER_RULE
from environments.listener_rules import PATHS_PER_RULE
from environments.rules import faults
from tests.support.files import environment, managed, prod


def link(**changes: Any) -> list[str]:
    content = prod()
    content["services"]["link"] |= {"oauth_discovery": False, **changes}
    return [fault.problem for fault in faults(environment(content), "prod.toml")]


def test_as_many_wildcards_as_a_rule_takes_are_right_and_one_more_is_not() -> None:
    most = ["/" + "/".join("*" * CONDITION_WILDCARDS_PER_RULE)]
    assert link(paths=most) == []
    (problem,) = link(hosts=["link.prod.getorcha.com", "*.getorcha.com"], paths=most)
    assert problem.startswith(f"hold, with a host, {CONDITION_WILDCARDS_PER_RULE + 1} wildcards")


def test_as_many_paths_as_a_rule_takes_are_right() -> None:
    assert link(paths=[f"/v{number}" for number in range(PATHS_PER_RULE)]) == []


def test_a_group_of_one_size_is_right() -> None:
    content = managed()
    content["platform"]["instances"] |= {"min_size": 3, "max_size": 3}
    assert faults(environment(content, "staging"), "staging.toml") == []
