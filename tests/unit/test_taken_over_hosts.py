"""A host that one service takes over from another: for one deploy both have it, in their rules and on the way there."""

from typing import Any

import pytest

from environments import rules
from environments.checked import Environment
from environments.schema import Service
from environments.shared_hosts import SharedHosts
from tests.support.files import environment, prod
from tests.support.synthesizing import synthesize

LINK, GO, SHORT = "link.prod.getorcha.com", "go.prod.getorcha.com", "go.getorcha.com"
EARLIER, LATER = 10, 30


def moving(priority: int, *, link: tuple[str, ...], docs: tuple[str, ...], takes_over: tuple[str, ...]) -> Environment:
    content = prod()
    content["services"]["link"]["hosts"] = list(link)
    docs_table: dict[str, Any] = {"port": 9100, "priority": priority, "hosts": ["docs.prod.getorcha.com", *docs]}
    content["services"]["docs"] = docs_table | ({"takes_over": list(takes_over)} if takes_over else {})
    return environment(content)


def both(priority: int) -> Environment:
    return moving(priority, link=(LINK, GO, SHORT), docs=(GO, SHORT), takes_over=(GO, SHORT))


@pytest.mark.parametrize("priority", [EARLIER, LATER])
def test_both_may_have_the_host_whichever_is_asked_first(priority: int) -> None:
    assert rules.faults(both(priority), "prod.toml") == []
    unsaid = moving(priority, link=(LINK, GO, SHORT), docs=(GO, SHORT), takes_over=())
    assert {fault.path for fault in rules.faults(unsaid, "prod.toml")} >= {"services.docs.hosts[1]"}


def test_a_third_services_wildcard_shadows_the_host_all_the_same() -> None:
    web = {"port": 9102, "priority": 5, "hosts": ["web.prod.getorcha.com", "*.getorcha.com"]}
    shadowed = both(LATER).model_copy(update={"services": {**both(LATER).services, "web": Service.model_validate(web)}})
    paths = {fault.path for fault in rules.faults(shadowed, "prod.toml")}
    assert {"services.docs.hosts[2]", "services.link.hosts[2]"} <= paths


def test_the_givers_own_wildcard_shadows_the_host_all_the_same() -> None:
    """It would do so after the second deploy, too."""
    shadowed = moving(LATER, link=(LINK, GO, "*.prod.getorcha.com"), docs=(GO,), takes_over=(GO,))
    assert {fault.path for fault in rules.faults(shadowed, "prod.toml")} >= {"services.docs.hosts[1]"}


def test_the_same_paths_of_a_host_may_be_taken_over() -> None:
    content = prod()
    old = {"port": 9100, "priority": 10, "hosts": ["old.prod.getorcha.com", LINK], "paths": ["/api/*"]}
    new = {"port": 9101, "priority": 15, "hosts": ["new.prod.getorcha.com", LINK], "paths": ["/api/*"]}
    content["services"] |= {"old": old, "new": new}
    shadowed = rules.faults(environment(content), "prod.toml")
    assert [fault.path for fault in shadowed] == ["services.new.hosts[1]"]
    content["services"]["new"] = new | {"takes_over": [LINK]}
    assert rules.faults(environment(content), "prod.toml") == []
    assert SharedHosts(environment(content)).owner_of(LINK) == "link"  # which has all other paths


@pytest.mark.parametrize("priority", [EARLIER, LATER])
def test_the_taker_owns_the_host_wherever_its_rule_stands(priority: int) -> None:
    shared = SharedHosts(both(priority))
    assert (shared.owned_by("docs"), shared.owned_by("link")) == (("docs.prod.getorcha.com", GO, SHORT), (LINK,))


@pytest.mark.parametrize("priority", [EARLIER, LATER])
def test_each_host_is_asked_of_the_service_that_gets_its_requests(priority: int) -> None:
    shared = SharedHosts(both(priority))
    asked = {name: [host for host in (GO, SHORT) if shared.is_asked(name, host)] for name in ("docs", "link")}
    first = "docs" if priority == EARLIER else "link"
    assert asked == {"docs": [], "link": []} | {first: [GO, SHORT]}
    assert shared.is_asked("link", LINK)


def test_both_rules_take_the_host_and_wait_for_the_takers_certificate() -> None:
    stack = synthesize(both(LATER))["resource"]
    for name, rule in stack["aws_lb_listener_rule"].items():
        assert {GO, SHORT} <= set(rule["condition"][0]["host_header"]["values"]), name
        assert "aws_lb_listener_certificate.docs" in rule["depends_on"], name
    assert stack["aws_acm_certificate"]["docs"]["subject_alternative_names"] == [GO, SHORT]
    assert stack["aws_acm_certificate"]["link"]["subject_alternative_names"] == []
    assert stack["aws_route53_record"]["go_getorcha_com"]["records"] == ["docs.prod.getorcha.com"]


def test_the_second_deploy_changes_nothing_of_the_taker() -> None:
    taken = moving(LATER, link=(LINK,), docs=(GO, SHORT), takes_over=())
    before, after = synthesize(both(LATER))["resource"], synthesize(taken)["resource"]
    for kind in ("aws_acm_certificate", "aws_lb_listener_certificate", "aws_acm_certificate_validation"):
        assert before[kind] == after[kind]
    assert before["aws_lb_listener_rule"]["docs"] == after["aws_lb_listener_rule"]["docs"]
    assert set(before["aws_route53_record"]) == set(after["aws_route53_record"])


def test_two_services_may_take_over_from_each_other() -> None:
    content = prod()
    content["services"]["link"] |= {"hosts": [LINK, "link.getorcha.com", "docs.getorcha.com"]}
    content["services"]["link"]["takes_over"] = ["docs.getorcha.com"]
    hosts = ["docs.prod.getorcha.com", "docs.getorcha.com", "link.getorcha.com"]
    content["services"]["docs"] = {"port": 9100, "priority": 30, "hosts": hosts, "takes_over": ["link.getorcha.com"]}
    shared = SharedHosts(environment(content))
    assert shared.owner_of("docs.getorcha.com") == "link"
    assert shared.owner_of("link.getorcha.com") == "docs"
