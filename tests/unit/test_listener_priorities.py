"""Priorities that the live listener holds: each case is reported with the step that works."""

import pytest

from edge.aws.listener_priorities import LiveRule, faults
from environments.checked import Environment
from tests.support.files import environment, prod

LINK, ADMIN = LiveRule(("link.prod.getorcha.com",), "link"), LiveRule(("admin.prod.getorcha.com",), "admin")


def two_services(*, link: int, admin: int) -> Environment:
    content = prod()
    content["services"]["link"]["priority"] = link
    content["services"]["admin"] = {"port": 7777, "priority": admin, "hosts": ["admin.prod.getorcha.com"]}
    return environment(content)


@pytest.mark.parametrize(
    "live",
    [
        {},
        {20: LINK, 30: ADMIN},
        {19: ADMIN, 21: LINK, 25: LiveRule(("app.prod.getorcha.com",), None)},
    ],
    ids=["nothing", "as it is", "both move to free ones"],
)
def test_free_priorities_and_ones_own_are_no_fault(live: dict[int, LiveRule]) -> None:
    assert faults(two_services(link=20, admin=30), live, "prod.toml") == []


@pytest.mark.parametrize(
    ("live", "line"),
    [
        (
            {20: ADMIN, 30: LINK, 31: LiveRule(("app.prod.getorcha.com",), None)},
            "services.link.priority: 20 is held on v1-orcha-alb by services.admin, and AWS moves one rule at a time; "
            "first give services.link and services.admin free ones, such as 21 and 29, and deploy; then deploy this "
            "file",
        ),
        (
            {20: ADMIN, 25: LINK},
            "services.link.priority: 20 is held on v1-orcha-alb by services.admin, and AWS moves one rule at a time; "
            "first leave services.link as it is deployed, change services.admin, and deploy; then deploy this file",
        ),
        (
            {20: LiveRule(("old.prod.getorcha.com",), "old"), 30: ADMIN},
            "services.link.priority: 20 is held on v1-orcha-alb by services.old, and AWS moves one rule at a time; "
            "first leave services.link as it is deployed, remove services.old, and deploy; then deploy this file",
        ),
        (
            {20: LiveRule(("app.prod.getorcha.com", "app.getorcha.com"), None), 21: ADMIN},
            "services.link.priority: 20 is held on v1-orcha-alb by a rule that this environment did not make, for "
            "app.prod.getorcha.com, app.getorcha.com; choose a free one, such as 19",
        ),
    ],
    ids=["swapped", "moved up", "removed", "somebody else's"],
)
def test_a_held_priority_is_reported_with_what_to_do_first(live: dict[int, LiveRule], line: str) -> None:
    found = faults(two_services(link=20, admin=30), live, "prod.toml")
    assert [str(finding) for finding in found] == [f"prod.toml: {line}"]


def test_a_rule_of_somebody_else_is_reported_with_its_paths() -> None:
    live = {20: LiveRule(("app.prod.getorcha.com",), None, ("/api/*", "/v2"))}
    (fault,) = faults(two_services(link=20, admin=30), live, "prod.toml")
    assert "for app.prod.getorcha.com at /api/*, /v2; choose a free one" in fault.problem


def test_a_free_priority_keeps_the_paths_of_a_shared_host_in_order() -> None:
    content = prod()
    link, shared = content["services"]["link"], {"hosts": ["link.prod.getorcha.com"]}
    content["services"]["api"] = {"port": 7777, "priority": 18, "paths": ["/api/*"], **shared}
    link["priority"] = 19
    (fault,) = faults(environment(content), {18: LiveRule((), None)}, "prod.toml")
    assert fault.path == "services.api.priority"
    assert fault.problem.endswith("choose a free one, such as 17")


def test_every_rule_of_a_split_is_compared() -> None:
    content = prod()
    content["services"]["link"]["hosts"] += [f"h{n}.getorcha.com" for n in range(4)]
    (fault,) = faults(environment(content), {20: LINK, 21: LiveRule((), None)}, "prod.toml")
    assert "21 is held on v1-orcha-alb by a rule that this environment did not make, for no host" in fault.problem
    assert fault.problem.endswith("such as 22")


def test_a_free_priority_shadows_no_host() -> None:
    content = prod()
    wild = ["admin.prod.getorcha.com", "*.prod.getorcha.com"]
    content["services"]["admin"] = {"port": 7777, "priority": 22, "hosts": wild}
    (fault,) = faults(environment(content), {20: LiveRule((), None), 21: LiveRule((), None)}, "prod.toml")
    assert fault.problem.endswith("choose a free one, such as 19")


def test_a_rule_of_somebody_else_for_our_hosts_can_be_taken_over() -> None:
    hosts = ("link.prod.getorcha.com", "link.getorcha.com")
    theirs = LiveRule(hosts, None, arn="arn:rule")
    (fault,) = faults(environment(prod()), {20: theirs}, "prod.toml")
    assert str(fault).endswith("link.getorcha.com; take it over with `edge adopt prod`, or choose a free one")
    adopting = environment(prod()).model_copy(update={"imports": {"aws_lb_listener_rule.link": "arn:rule"}})
    assert faults(adopting, {20: theirs}, "prod.toml") == []
