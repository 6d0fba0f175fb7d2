"""Paths in listener rules: what a review says of them, and which changes of them it asks about."""

from typing import Any

import pytest

from edge.review.expected import declared
from edge.review.findings import Review
from edge.review.ownership import Owners
from edge.tfplan.parse import parse
from tests.support.reviewing import Plan, changed_review, environment, ids, plan, resource

LINK, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
RULE = "aws_lb_listener_rule.link"


def condition(*paths: str, hosts: tuple[str, ...] = (LINK, SHORT)) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"host_header": [{"values": list(hosts)}]}]
    return [*found, {"path_pattern": [{"values": list(paths)}]}] if paths else found


def with_paths(before: tuple[str, ...], after: tuple[str, ...]) -> Review:
    """Review a plan that changes only the paths that link's rule takes."""

    def change(content: Plan) -> None:
        body = resource(content, RULE)["change"]
        body["actions"] = ["update"] if before != after else ["no-op"]
        body["before"]["condition"], body["after"]["condition"] = condition(*before), condition(*after)

    return changed_review("no_change", change)


def with_another(priority: int, *paths: str, after: tuple[str, ...] = (), hosts: tuple[str, ...] = (LINK,)) -> Review:
    """Review a plan that adds a rule beside link's, which is at priority 20 and takes the paths of `after`."""
    return changed_review("no_change", lambda content: add(content, priority, *paths, after=after, hosts=hosts))


def add(content: Plan, priority: int, *paths: str, after: tuple[str, ...], hosts: tuple[str, ...]) -> None:
    link = resource(content, RULE)
    for side in ("before", "after"):
        link["change"][side]["condition"] = condition(*after)
    new = {**link["change"]["after"], "priority": priority, "condition": condition(*paths, hosts=hosts)}
    new |= {"tags": {"Service": "api"}, "tags_all": {"Service": "api"}}
    change = {"actions": ["create"], "before": None, "after": new}
    content["resource_changes"].append({**link, "address": "aws_lb_listener_rule.api", "name": "api", "change": change})


def line(review: Review, address: str) -> str:
    (found,) = (item.sentence for item in review.lines if item.address == address)
    return found


def test_a_new_rule_says_which_paths_it_takes() -> None:
    review = with_another(15, "/api/*", "/status")
    assert line(review, "aws_lb_listener_rule.api").endswith("is created; it takes only /api/*, /status")


@pytest.mark.parametrize(
    ("before", "after", "end"),
    [
        ((), ("/api/*",), "; it takes only /api/*"),
        (("/api/*",), ("/api/*", "/v2/*"), "; it takes only /api/*, /v2/*"),
        (("/api/*",), (), "; it takes every path"),
    ],
)
def test_a_rule_whose_paths_change_says_so(before: tuple[str, ...], after: tuple[str, ...], end: str) -> None:
    assert line(with_paths(before, after), RULE).endswith(end)


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ((), ("/api/*",), f"{LINK} but for /api/*, {SHORT} but for /api/*"),
        (("/api/*", "/v2"), ("/api/*",), f"{LINK}/v2, {SHORT}/v2"),
        (("/api/*",), ("/api/v2/*",), f"{LINK}/api/* but for /api/v2/*, {SHORT}/api/* but for /api/v2/*"),
        (("/api/v2/*",), ("/api/*",), None),
        (("/api/*",), (), None),
    ],
)
def test_paths_that_no_rule_takes_any_more_are_a_risk(
    before: tuple[str, ...], after: tuple[str, ...], lost: str | None
) -> None:
    risks = [risk.sentence for risk in with_paths(before, after).risks if risk.kind == "UNROUTED"]
    assert [risk.partition(" no longer takes ")[2] for risk in risks] == (
        [f"{lost}, and no other rule does"] if lost else []
    )


def test_paths_that_another_rule_takes_are_no_risk() -> None:
    def change(content: Plan) -> None:
        add(content, 30, after=(), hosts=(LINK, SHORT))
        body = resource(content, RULE)["change"]
        body["actions"], body["after"]["condition"] = ["update"], condition("/api/*")

    assert [name for name in ids(changed_review("no_change", change)) if "UNROUTED" in name] == []


@pytest.mark.parametrize(
    ("priority", "paths", "after", "shadowed"),
    [
        (10, ("/api/*",), (), []),
        (10, ("/api/*",), ("/api/v2/*",), [f"{LINK}/api/v2/*: listener rule", f"{LINK}/api/*"]),
        (10, ("/api/v2/*",), ("/api/*",), []),
        (10, ("/*",), (), [f"{LINK}: listener rule", LINK]),
        (30, ("/api/*",), (), [f"{LINK}/api/*: listener rule", LINK]),
        (30, ("/api/*",), ("/img/*",), []),
        (30, ("/api/*",), ("/API/*",), []),
    ],
)
def test_a_rule_that_another_takes_all_paths_of_a_host_from_is_shadowed(
    priority: int, paths: tuple[str, ...], after: tuple[str, ...], shadowed: list[str]
) -> None:
    risks = with_another(priority, *paths, after=after).risks
    sentences = [risk.sentence for risk in risks if risk.kind == "SHADOWED"]
    assert len(sentences) == (1 if shadowed else 0)
    for part in shadowed:
        assert part.partition(":")[0] in sentences[0]


def test_a_shared_host_is_its_owners() -> None:
    """The one that takes every path: of what stands by its rules, of what is declared by the file."""
    content = plan("no_change")
    add(content, 10, "/api/*", after=(), hosts=(LINK,))
    assert declared(parse(content), environment("no_change")).owners[LINK] == "link"
    removed = parse(plan("removed_service"))
    found = declared(removed, environment("removed_service"))
    assert found.owners["docs.getorcha.com"] == "docs"
    record = next(change for change in removed.changes if change.address == "aws_route53_record.docs_getorcha_com")
    assert Owners(found).service_of(record) == "docs"


@pytest.mark.parametrize(
    ("priority", "paths", "is_opened"),
    [(10, ("/api/*",), True), (10, (), True), (10, ("/img/*",), False), (30, ("/api/*",), False)],
)
def test_a_rule_that_leads_around_a_sign_in_is_a_risk(priority: int, paths: tuple[str, ...], is_opened: bool) -> None:
    def change(content: Plan) -> None:
        add(content, priority, *paths, after=("/api/v?/*", "/desk"), hosts=(LINK,))
        link = resource(content, RULE)["change"]
        for side in ("before", "after"):
            sign_in = {"type": "authenticate-cognito", "authenticate_cognito": [{"user_pool_client_id": "client"}]}
            link[side]["action"] = [sign_in, *link[side]["action"]]

    risks = [risk for risk in changed_review("no_change", change).risks if risk.kind == "OPENED"]
    what = f"{LINK}/api/v?/*" if paths else f"{LINK}/api/v?/*, {LINK}/desk"
    assert [risk.sentence for risk in risks] == (
        [
            f"listener rule of api (priority 10) lets in without a sign-in whoever asks for {what}, where "
            "aws_lb_listener_rule.link asked for one"
        ]
        if is_opened
        else []
    )


def test_paths_that_only_the_deploy_knows_are_not_made_up() -> None:
    def change(content: Plan) -> None:
        body = resource(content, RULE)["change"]
        body["actions"], body["after_unknown"] = ["update"], {"condition": True}
        body["before"]["condition"], body["after"]["condition"] = condition("/api/*"), None

    assert "it takes" not in line(changed_review("no_change", change), RULE)
