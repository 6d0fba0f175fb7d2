"""Whether a plan changes nothing: one answer, which the deploy, the review and the drift issue all read."""

from typing import Any

import pytest

from edge.review.reviewing import review
from edge.tfplan.parse import parse
from tests.support.reviewing import environment
from tests.support.reviewing import plan as prod_plan

READ = {"address": "data.aws_lb.edge", "mode": "data", "change": {"actions": ["read"]}}
STAYS = {"address": "aws_lb.stays", "name": "stays", "change": {"actions": ["no-op"]}}
DIFFERING = [
    {"change": {"actions": ["update"], "before": {"idle_timeout": 60}, "after": {"idle_timeout": 90}}},
    {"change": {"actions": ["forget"]}},
    {"change": {"actions": ["no-op"]}, "previous_address": "aws_lb.before"},
    {"change": {"actions": ["no-op"], "importing": {"id": "an-id"}}},
]


def plan(*changes: dict[str, Any], output: str = "no-op") -> dict[str, Any]:
    resource = {"address": "aws_lb.edge", "type": "aws_lb", "name": "edge"}
    return {
        "format_version": "1.2",
        "configuration": {"provider_config": prod_plan("no_change")["configuration"]["provider_config"]},
        "resource_changes": [{**resource, **change} for change in changes],
        "output_changes": {"Url": {"actions": [output]}},
    }


def answers(content: dict[str, Any]) -> tuple[bool, bool]:
    return parse(content).changes_nothing, review(content, environment("no_change")).changes_nothing


def test_a_plan_without_a_change_changes_nothing() -> None:
    assert answers(plan()) == (True, True)
    assert answers(plan(STAYS, READ)) == (True, True)


@pytest.mark.parametrize("change", DIFFERING)
def test_a_resource_that_would_be_written_or_moved_differs(change: dict[str, Any]) -> None:
    assert answers(plan(STAYS, change)) == (False, False)


@pytest.mark.parametrize("action", ["create", "update", "delete"])
def test_an_output_alone_differs(action: str) -> None:
    assert answers(plan(STAYS, output=action)) == (False, False)
