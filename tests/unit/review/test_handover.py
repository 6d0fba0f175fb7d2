"""Requests that move from one rule to another in one deploy are asked about, with the two deploys that are safe."""

from collections.abc import Mapping
from typing import Any

import pytest

from edge.review.expected import declared
from edge.review.risks import find
from edge.review.risks.scene import Scene
from edge.tfplan.model import Action, Change
from tests.support.files import environment, prod
from tests.support.small_plans import plan_of

LINK, SHORT, GO = "link.prod.getorcha.com", "link.getorcha.com", "go.getorcha.com"
DOCS = "docs.prod.getorcha.com"


def state(priority: int, *hosts: str, paths: tuple[str, ...] = ()) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = [{"host_header": [{"values": list(hosts)}]}]
    conditions += [{"path_pattern": [{"values": list(paths)}]}] if paths else []
    return {"listener_arn": "arn:listener", "priority": priority, "condition": conditions}


def changed(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    action = Action.NOTHING if before == after else Action.UPDATE if before and after else None
    action = action or (Action.CREATE if after else Action.DESTROY)
    return Change(
        address=f"aws_lb_listener_rule.{name}",
        type="aws_lb_listener_rule",
        name=name,
        action=action,
        before=before,
        after=after,
    )


def found(*changes: Change) -> dict[str, str]:
    content = prod()
    content["services"]["docs"] = {"port": 9100, "priority": 30, "hosts": [DOCS]}
    plan = plan_of(*changes)
    scene = Scene.of(plan, declared(plan, environment(content)))
    return {risk.id: risk.sentence for risk in find(scene) if risk.kind == "HANDOVER"}


@pytest.mark.parametrize("priority", [10, 30])
def test_a_host_that_moves_in_one_deploy_is_asked_about_with_the_two_that_are_safe(priority: int) -> None:
    risks = found(
        changed("link", state(20, LINK, SHORT, GO), state(20, LINK, SHORT)),
        changed("docs", state(priority, DOCS), state(priority, DOCS, GO)),
    )
    assert risks == {
        "HANDOVER:aws_lb_listener_rule.link": "listener rule of link (priority 20) gives up go.getorcha.com, which "
        "services.docs takes in the same deploy: until both rules are changed, and the certificate of services.docs is "
        "issued, nobody may serve it. Take two deploys: in the first, leave it in services.link and write "
        'takes_over = ["go.getorcha.com"] in services.docs; in the second, remove both'
    }


def test_two_services_that_swap_hosts_are_asked_about_both() -> None:
    risks = found(
        changed("link", state(20, LINK, SHORT), state(20, LINK, GO)),
        changed("docs", state(30, DOCS, GO), state(30, DOCS, SHORT)),
    )
    assert set(risks) == {"HANDOVER:aws_lb_listener_rule.link", "HANDOVER:aws_lb_listener_rule.docs"}


def test_a_removed_services_host_that_another_takes_is_asked_about() -> None:
    risks = found(changed("docs", state(30, DOCS, GO), {}), changed("link", state(20, LINK), state(20, LINK, GO)))
    assert list(risks) == ["HANDOVER:aws_lb_listener_rule.docs"]


def test_paths_that_move_are_asked_about() -> None:
    risks = found(
        changed("link", state(20, LINK, paths=("/a/*", "/b/*")), state(20, LINK, paths=("/a/*",))),
        changed("docs", {}, state(30, LINK, paths=("/b/*",))),
    )
    assert "gives up link.prod.getorcha.com/b/*, which" in risks["HANDOVER:aws_lb_listener_rule.link"]


def test_a_host_that_moves_between_rules_of_one_service_is_asked_about() -> None:
    hosts = [f"h{number}.getorcha.com" for number in range(6)]
    risks = found(
        changed("link", state(20, *hosts[:5]), state(20, GO, *hosts[:4])),
        changed("link_2", state(21, hosts[5]), state(21, *hosts[4:])),
    )
    (sentence,) = risks.values()
    assert "h4.getorcha.com, which aws_lb_listener_rule.link_2 takes in the same deploy" in sentence
    assert sentence.endswith("leave the hosts in their order, and write new ones at the end")


@pytest.mark.parametrize(
    "changes",
    [
        [
            changed("link", state(20, LINK, GO), state(20, LINK)),
            changed("docs", state(30, DOCS, GO), state(30, DOCS, GO)),
        ],
        [
            changed("link", state(20, LINK, GO), state(20, LINK, GO)),
            changed("docs", state(30, DOCS), state(30, DOCS, GO)),
        ],
        [changed("link", state(20, LINK, GO), state(20, LINK)), changed("docs", state(30, DOCS), state(30, DOCS))],
        [
            changed("link", state(20, LINK, GO), state(20, LINK)),
            changed("docs", state(30, "*.getorcha.com"), state(30, "*.getorcha.com")),
        ],
    ],
    ids=["the second deploy", "the first deploy", "a host that leaves", "a wildcard that took it before"],
)
def test_what_was_taken_before_or_is_taken_by_nobody_is_no_handover(changes: list[Change]) -> None:
    assert found(*changes) == {}


def test_a_wildcard_between_does_not_make_it_safe() -> None:
    """Until the taker's rule is changed, another service would answer."""
    risks = found(
        changed("link", state(20, LINK, GO), state(20, LINK)),
        changed("docs", state(30, DOCS), state(30, DOCS, GO)),
        changed("web", state(40, "*.getorcha.com"), state(40, "*.getorcha.com")),
    )
    assert set(risks) == {"HANDOVER:aws_lb_listener_rule.link"}


def test_a_name_that_goes_is_handed_to_nobody() -> None:
    record = Change(
        address="aws_route53_record.go_getorcha_com",
        type="aws_route53_record",
        name="go_getorcha_com",
        action=Action.DESTROY,
        before={"name": GO, "type": "CNAME"},
    )
    rules = (
        changed("link", state(20, LINK, GO), state(20, LINK)),
        changed("docs", state(30, DOCS), state(30, DOCS, "*.getorcha.com")),
    )
    assert found(*rules, record) == {}
    assert found(*rules) != {}
