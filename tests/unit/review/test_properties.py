"""Whatever a plan does: nothing is destroyed silently, no secret is shown, and no comment is too long."""

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rich.console import Console

from edge.review.findings import Review
from edge.review.labels import LABEL_MAX_CHARACTERS
from edge.review.render_json import document
from edge.review.render_markdown import MAX_BYTES, full_markdown, markdown
from edge.review.render_terminal import terminal
from edge.review.reviewing import review
from edge.review.rows import open_rows, rows
from edge.tfplan.model import PlanError
from tests.plans import STORED_PLANS
from tests.support.reviewing import Plan, environment, plan

pytestmark = pytest.mark.takes(minutes=0.7)

EXAMPLES = 200
GITHUB_MAX_CHARACTERS = 65_536
ACTIONS = (
    ["no-op"],
    ["create"],
    ["update"],
    ["delete"],
    ["delete", "create"],
    ["create", "delete"],
    ["forget"],
    ["create", "forget"],
)
SECRET = "hunter2-does-not-belong-here"
TYPES = (
    "aws_lb",
    "aws_lb_listener",
    "aws_lb_listener_rule",
    "aws_lb_target_group",
    "aws_route53_record",
    "aws_route53_zone",
    "aws_s3_bucket",
    "aws_cognito_user_pool",
    "aws_cloudwatch_metric_alarm",
    "aws_iam_role",
    "aws_instance",
    "random_pet",
)
NAMES = st.builds("{}{}".format, st.sampled_from("_aZé"), st.text(st.characters(categories=["L", "Nd"]), max_size=80))
KEYS = st.text(st.characters(categories=["L", "N"], include_characters='_-"[]`|*<@# .'), max_size=80)
INDICES = st.just("") | st.integers(0, 9).map("[{}]".format) | KEYS.map(lambda key: f"[{json.dumps(key)}]")
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.just(SECRET)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["name", "zone_id", "type", "priority", "tags", "arn", "condition_note", "cidr_ipv4", "port"]),
    VALUES,
    max_size=5,
)


def sides(actions: list[str], before: Any, after: Any) -> tuple[Any, Any]:
    """The values before and after an action, as Terraform writes them."""
    gone, new = actions in (["delete"], ["forget"]), actions == ["create"]
    return None if new else before, None if gone else before if actions == ["no-op"] else after


def a_resource(type: str, name: str, index: str, actions: list[str], before: Any, after: Any) -> dict[str, Any]:
    before, after = sides(actions, before, after)
    return {
        "address": f"{type}.{name}{index}",
        "mode": "managed",
        "type": type,
        "name": name,
        "change": {
            "actions": actions,
            "before": before,
            "after": after,
            "after_unknown": {},
            "before_sensitive": {},
            "after_sensitive": {},
        },
    }


STARTS = (
    "no_change",
    "first_deploy",
    "san_added",
    "san_removed",
    "removed_service",
    "renamed_service",
    "staging_no_change",
)
RESOURCES = st.builds(
    a_resource, st.sampled_from(TYPES), NAMES, INDICES, st.sampled_from(ACTIONS), ATTRIBUTES, ATTRIBUTES
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, Plan]:
    """A real plan, of which some actions are others, with some resources more."""
    name = draw(st.sampled_from(STARTS))
    content = plan(name)
    managed = [change for change in content["resource_changes"] if change["mode"] == "managed"]
    for item in draw(st.lists(st.sampled_from(managed), max_size=4)):
        body, actions = item["change"], draw(st.sampled_from(ACTIONS))
        before, after = body["before"] or body["after"], body["after"] or body["before"]
        body["before"], body["after"] = sides(actions, before, after)
        body["actions"], body["after_unknown"] = actions, {} if actions == ["no-op"] else body["after_unknown"]
        forget(content, item["address"] if actions == ["create"] else "")
    more = draw(st.lists(RESOURCES, max_size=6, unique_by=lambda resource: resource["address"]))
    content["resource_changes"] += more
    return name, content


def forget(content: Plan, address: str) -> None:
    """Let the state before a plan not have what the plan creates."""
    root = content["prior_state"]["values"].get("root_module", {})
    root["resources"] = [resource for resource in root.get("resources", []) if resource["address"] != address]


def review_of(name: str, content: Plan) -> Review:
    """Review it; draw another where the file does not declare a host that it routes, since that is refused whole."""
    try:
        return review(content, environment(name))
    except PlanError as error:
        assume("was not made from the environment file" not in str(error))
        raise


def renderings(made: Review) -> list[str]:
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    with console.capture() as capture:
        for part in terminal(made):
            console.print(part)
    return [markdown(made), full_markdown(made), json.dumps(document(made)), capture.get()]


@settings(max_examples=EXAMPLES, deadline=None)
@given(plans())
def test_a_plan_that_destroys_is_never_clean(made: tuple[str, Plan]) -> None:
    name, content = made
    found = review_of(name, content)
    destroyed = {
        change["address"]
        for change in content["resource_changes"]
        if change["change"]["actions"] in (["delete"], ["delete", "create"])
    }
    assert destroyed <= {risk.address for risk in found.open_risks}
    if destroyed:
        assert found.exit_code == 1


@settings(max_examples=EXAMPLES, deadline=None)
@given(plans())
def test_only_what_is_named_is_acknowledged(made: tuple[str, Plan]) -> None:
    found = review_of(*made)
    for risk in found.risks:
        rest = found.accepting([risk.id]).open_risks
        assert {item.id for item in found.risks} - {item.id for item in rest} <= {risk.id}
        assert len(risk.label) <= LABEL_MAX_CHARACTERS


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(plans(), st.data())
def test_every_risk_is_in_one_row_and_no_open_one_is_hidden(made: tuple[str, Plan], data: st.DataObject) -> None:
    found = review_of(*made)
    names = [risk.id for risk in found.risks]
    accepted = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    seen = found.accepting(accepted)
    assert sorted(risk.id for row in rows(seen) for risk in row.risks) == sorted(names)
    open_ids = {risk.id for risk in seen.open_risks}
    assert open_ids <= {risk.id for row in open_rows(seen) for risk in row.risks}
    assert bool(open_ids) == bool(open_rows(seen))
    assert (seen.exit_code == 1) == bool(open_ids or seen.failures)
    screen, _, details = full_markdown(seen).partition("### Details")
    for row in open_rows(seen):
        assert f"`{row.label}`" in screen or row.status == "to be fixed"
    assert all(f"`{risk.short_id}`" in details for risk in seen.risks)


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(plans())
def test_a_group_covers_what_goes_with_it_and_nothing_else(made: tuple[str, Plan]) -> None:
    found = review_of(*made)
    everything = {risk.id for risk in found.risks}
    for row in rows(found):
        for name in (row.id, row.label):
            left = {risk.id for risk in found.accepting([name]).open_risks}
            assert everything - left == {risk.id for risk in row.risks if risk.can_be_accepted}
        if row.is_group:
            assert len({(risk.kind, risk.account) for risk in row.risks}) == 1 or row.risks[0].group_id
            assert {risk.kind for risk in row.risks if risk.group_id} <= {"DESTROY", "FORGET", "REPLACE"}
            assert all(risk.address.count(".") == 1 and "[" not in risk.address for risk in row.risks)


@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(plans())
def test_what_is_sensitive_is_shown_nowhere(made: tuple[str, Plan]) -> None:
    name, content = made
    for change in content["resource_changes"]:
        body = change["change"]
        for side, mask in (("before", "before_sensitive"), ("after", "after_sensitive")):
            if isinstance(body[side], dict):
                which = "before" if body["actions"] == ["no-op"] else side
                body[side] = {**body[side], "client_secret": f"{SECRET}-{which}", "description": SECRET}
                body[mask] = {"client_secret": True, "description": True}
    for text in renderings(review_of(name, content)):
        assert f"{SECRET}-before" not in text
        assert f"{SECRET}-after" not in text


@settings(max_examples=EXAMPLES // 8, deadline=None)
@given(plans(), st.integers(1, 2000))
def test_a_comment_is_never_longer_than_github_takes(made: tuple[str, Plan], times: int) -> None:
    name, content = made
    last = content["resource_changes"][-1]
    if last["type"] == "aws_lb_listener_rule":
        times %= 100  # a load balancer has no more of them, and each is compared with every other
    content["resource_changes"] += [
        {**last, "address": f"{last['type']}.{last['name']}_{number}", "name": f"{last['name']}_{number}"}
        for number in range(times)
    ]
    found = review_of(name, content)
    text = markdown(found)
    assert len(text.encode()) <= MAX_BYTES < GITHUB_MAX_CHARACTERS
    assert (text == full_markdown(found)) or "review-full.md" in text
    assert ("open" in text) == bool(found.open_risks) or not found.risks


def test_the_plans_that_examples_start_from_are_stored() -> None:
    assert set(STARTS) <= set(STORED_PLANS)
