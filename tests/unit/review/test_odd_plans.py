"""Plans that are odd in their shape or in their words: no secret is shown, nothing acts, and nothing breaks."""

from pathlib import Path
from typing import Any

import pytest

from edge.review.render_markdown import MAX_BYTES, markdown
from edge.tfplan.model import PlanError
from edge.tfplan.parse import read
from tests.support.reviewing import Plan, changed_review, resource, with_more
from tests.unit.review.test_properties import SECRET, renderings

RULE = "aws_lb_listener_rule.link"


@pytest.mark.parametrize("mask", [True, {"name": True, "tags": {"Service": True}}, {"name": True, "tags": True}])
def test_a_secret_name_or_tag_names_nothing(mask: Any) -> None:
    given = {"name": SECRET, "type": "A", "tags": {"Service": SECRET}}
    for type in ("aws_lb", "aws_route53_record"):
        for actions, before, after in ((["delete"], given, None), (["create"], None, given)):
            body = {"before": before, "after": after, "before_sensitive": mask, "after_sensitive": mask}
            for text in renderings(with_more(f"{type}.x", actions, change=body)):
                assert SECRET not in text


def test_a_name_does_nothing_to_a_terminal() -> None:
    given = {"name": "a", "tags": {"Service": "\x1b[31mlink\x1b]0;title\x07"}}
    for text in renderings(with_more("aws_lb.x", ["create"], change={"after": given})):
        assert "\x1b" not in text


def test_many_notices_fit_into_a_comment() -> None:
    checks = [{"address": {"to_display": f"check.{number}{'x' * 500}"}, "status": "fail"} for number in range(2000)]
    review = changed_review("no_change", lambda content: content.update(checks=checks))
    assert len(markdown(review).encode()) <= MAX_BYTES


def misshapen(content: Plan, case: str) -> None:
    module = content["configuration"]["root_module"]
    if case == "a module":
        module["resources"] = [None]
    elif case == "a condition":
        resource(content, RULE)["change"]["after"]["condition"] = "text"
    elif case == "a number":
        resource(content, RULE)["change"]["after"]["priority"] = float("inf")
    elif case == "an action of a provider":
        content["action_invocations"] = [{"address": "action.aws_ec2_stop_instance.all"}]


@pytest.mark.parametrize("case", ["a module", "a condition", "a number", "an action of a provider"])
def test_what_is_not_understood_is_not_reviewed(case: str) -> None:
    with pytest.raises(PlanError, match="; "):
        changed_review("no_change", lambda content: misshapen(content, case))


def test_half_a_character_is_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text('{"format_version": "\\ud800"}', encoding="ascii")
    with pytest.raises(PlanError, match="is not JSON"):
        read(file)


def test_default_tags_and_accounts_that_are_null_are_none() -> None:
    def change(content: Plan) -> None:
        content["configuration"]["provider_config"]["aws.spare"] = {
            "alias": "spare",
            "expressions": {
                "default_tags": [{"tags": {"constant_value": None}}],
                "allowed_account_ids": {"constant_value": None},
            },
        }

    with pytest.raises(PlanError, match=r"accounts differ \(spare\)"):
        changed_review("no_change", change)


@pytest.mark.parametrize("name", ["", "[", " ", "0", "a b", "-a", "a.b", 'a["b"]', "a\n", "½"])
def test_a_resource_of_a_name_that_terraform_refuses_is_refused(name: str) -> None:
    """Whose services a plan has is read from the names of its rules, and who may accept what from the addresses."""
    with pytest.raises(PlanError, match=r"has a resource of the name .*, which Terraform never writes"):
        with_more("aws_lb_listener_rule.x", ["delete"], name=name, change={"before": {"priority": 7}, "after": None})


@pytest.mark.parametrize("name", ["_", "a-b", "é", "Link_2"])
def test_a_name_that_terraform_takes_is_read(name: str) -> None:
    assert with_more(f"aws_lb.{name}", ["delete"], change={"before": {"name": "x"}, "after": None}).risks
