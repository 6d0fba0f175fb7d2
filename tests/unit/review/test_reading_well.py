"""How a review reads: lengths, escapes, differences, and what is somebody's deed."""

import base64
from typing import Any

import pytest

from edge.review.change_lines import sentence
from edge.review.differences import differences
from edge.review.drift import findings
from edge.review.markdown_text import fenced
from edge.review.render_markdown import MAX_BYTES, full_markdown, markdown
from edge.tfplan.model import Action, Change
from tests.support.reviewing import Plan, changed_review, ids, plan, resource, stored_review
from tests.support.small_plans import plan_of


def difference(before: Any, after: Any, **masks: Any) -> list[str]:
    change = Change(
        address="a.b", type="a", name="b", action=Action.UPDATE, before={"x": before}, after={"x": after}, **masks
    )
    return [str(item) for item in differences(change)]


@pytest.mark.parametrize(
    ("before", "after", "output"),
    [
        (1, 2, ["x 1 → 2"]),
        (None, "", []),
        (None, [], []),
        ({"a": None, "b": 0}, {}, []),
        (True, False, ["x true → false"]),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ["x.b 2 → 3"]),
        ([{"a": 1}], [{"a": 2}], ["x.a 1 → 2"]),
        ([{"a": 1}, {"a": 1}], [{"a": 1}, {"a": 2}], ["x[1].a 1 → 2"]),
        (["a", "b"], ["b", "c"], ['x ["a"] → ["c"]']),
        (["a", "b"], ["b", "a"], ['x ["a", "b"] → ["b", "a"]']),
        (["a"], ["a", "b"], ['x (none) → ["b"]']),
        ([{"type": "forward", "a": 1}], [{"type": "login"}, {"type": "forward"}], ["x forward → login, forward"]),
        (
            "arn:aws:acm:eu-central-1:111111111111:certificate/1",
            "arn:aws:acm:eu-central-1:111111111111:certificate/2",
            ['x "…:111111111111:certificate/1" → "…:111111111111:certificate/2"'],
        ),
        (
            "arn:aws:acm:eu-central-1:111111111111:certificate/1",
            "arn:aws:acm:us-east-1:111111111111:certificate/1",
            [
                'x "arn:aws:acm:eu-central-1:111111111111:certificate/1" → '
                '"arn:aws:acm:us-east-1:111111111111:certificate/1"'
            ],
        ),
    ],
)
def test_a_difference_is_what_a_person_would_say(before: Any, after: Any, output: list[str]) -> None:
    assert difference(before, after) == output


def test_a_long_value_is_shown_where_it_differs() -> None:
    (output,) = difference("a" * 500 + "old" + "z" * 500, "a" * 500 + "new" + "z" * 500)
    assert "old" in output
    assert "new" in output
    assert len(output) < 250


def test_a_script_in_base64_is_shown_as_it_reads() -> None:
    before, after = (
        base64.b64encode(f"#!/bin/sh\n# {'x' * 300}\nIMAGE={tag}\n".encode()).decode() for tag in ("v1", "v2")
    )
    (output,) = difference(before, after)
    assert "IMAGE=v1" in output
    assert "IMAGE=v2" in output


@pytest.mark.parametrize("masks", [{"before_sensitive": {"x": True}}, {"after_sensitive": {"x": [True]}}])
def test_a_sensitive_value_is_named_and_not_shown(masks: dict[str, Any]) -> None:
    assert difference(["old"], ["new"], **masks) == ["x (sensitive) → (sensitive)"]


@pytest.mark.parametrize(
    ("before", "after", "masks", "output"),
    [
        (
            [{"a": 1, "b": "marked"}],
            [{"a": 2, "b": "marked"}],
            {"after_sensitive": {"x": [{"b": True}]}},
            ["x.a 1 → 2"],
        ),
        (
            [{"a": 1, "b": "marked"}],
            [{"a": 1, "b": "marked-2"}],
            {"before_sensitive": {"x": [{"b": True}]}},
            ["x.b (sensitive) → (sensitive)"],
        ),
        (
            None,
            [{"a": 1, "b": "marked"}],
            {"after_sensitive": {"x": [{"b": True}]}},
            ['x (none) → [{"a": 1, "b": "(sensitive)"}]'],
        ),
        (
            [{"b": "marked"}],
            [{"b": "marked"}, {"a": 2}],
            {"before_sensitive": {"x": [{"b": True}]}},
            ['x (none) → [{"a": 2}]'],
        ),
        (
            [{"b": "marked"}],
            [{"b": "marked-2"}, {"b": "marked-2"}],
            {"after_sensitive": {"x": [{"b": True}, {"b": True}]}},
            ['x [{"b": "(sensitive)"}] → [{"b": "(sensitive)"}, {"b": "(sensitive)"}]'],
        ),
    ],
)
def test_what_stands_beside_a_secret_is_shown_without_it(
    before: Any, after: Any, masks: dict[str, Any], output: list[str]
) -> None:
    found = difference(before, after, **masks)
    assert "marked" not in str(found)
    assert found == output


def test_what_follows_is_known_after_the_deploy_is_said_so() -> None:
    assert difference("old", None, unknown={"x": True}) == ["new x"]


def test_values_of_a_plan_do_nothing_in_a_comment() -> None:
    evil = "@everyone closes #1 | <img src=x> `rm` [a](b) *b* <!-- \n\n## heading"

    def change(content: Plan) -> None:
        body = resource(content, "aws_cloudwatch_metric_alarm.link_5xx")["change"]
        body["actions"] = ["update"]
        body["after"] = {**body["after"], "alarm_description": evil}

    text = markdown(changed_review("no_change", change))
    assert "heading" in text
    for harmful in ("@everyone", "closes #1", "<img", " | <", "`rm`", "[a](b)", "\n## heading"):
        assert harmful not in text


def test_fifty_services_fit_and_the_rest_is_elsewhere() -> None:
    review = stored_review("fifty_services")
    text, full = markdown(review), full_markdown(review)
    assert len(text.encode()) <= MAX_BYTES
    assert "Not everything fits here: all of it is in `review-full.md`." in text
    assert full.count("is created") == len(review.lines)
    assert "50 services, each at NAME.getorcha.com and NAME.prod.getorcha.com (s1, s2, s3, " in text
    assert "s48, s49, link): each starts, without a sign-in." in text


def test_drift_is_what_somebody_did_and_not_what_aws_filled_in() -> None:
    assert len(plan("no_change")["resource_drift"]) > 10
    assert stored_review("no_change").drift == ()
    drifted = stored_review("drift")
    assert {change.address for change in drifted.drift} == {
        "aws_cloudwatch_metric_alarm.docs_latency",
        "aws_route53_record.docs_getorcha_com",
        "aws_vpc_security_group_ingress_rule.docs",
    }
    back = {line.address for line in drifted.lines if "sets back what was changed outside Terraform" in line.sentence}
    assert back == {change.address for change in drifted.drift}
    assert "aws_lb_target_group.link" in {line.address for line in drifted.lines} - back


def test_a_certificate_is_attached_before_the_old_one_goes_only_where_the_plan_does_that() -> None:
    sentences = {line.address: line.sentence for line in stored_review("san_added").lines}
    assert sentences["aws_acm_certificate.link"].endswith("the new one is attached before the old one is removed")

    def without_attachment(content: Plan) -> None:
        body = resource(content, "aws_lb_listener_certificate.link")["change"]
        body.update(actions=["no-op"], after=body["before"], after_unknown={})

    sentences = {line.address: line.sentence for line in changed_review("san_added", without_attachment).lines}
    assert sentences["aws_acm_certificate.link"].endswith("the new one is made before the old one is removed")


def test_a_check_that_fails_and_what_terraform_put_off_are_reported() -> None:
    def change(content: Plan) -> None:
        content["deferred_changes"] = [{}]
        content["complete"] = False
        content["checks"] = [{"address": {"to_display": "data.aws_lb.load_balancer"}, "status": "fail"}]

    review = changed_review("no_change", change)
    assert review.notices == ("The check of data.aws_lb.load_balancer fails.",)
    assert ids(review) == ["INCOMPLETE:plan"]
    assert review.risks[0].sentence.endswith("the rest was not reviewed: Terraform put off 1 changes")


def test_lines_stand_in_a_fence_one_below_the_other() -> None:
    assert fenced("a\nb", language="sh") == "````sh\na\nb\n````"


def test_what_somebody_removed_is_said_without_its_values() -> None:
    gone = Change(address="a.b", type="a", name="b", action=Action.DESTROY, before={"x": 1})
    (finding,) = findings([gone], lambda _: None, plan_of())
    assert finding.sentence.endswith(" was removed outside Terraform: what depends on it fails")
    assert finding.outcome == "this plan leaves it so"


def test_a_replacement_for_what_looks_the_same_names_the_attribute() -> None:
    replaced = Change(address="a.b", type="a", name="b", action=Action.REPLACE_AFTER, replaced_for=("x", "y"))
    text = sentence(replaced, None, drifted=None, peers={})
    assert ": new x, y" in text
