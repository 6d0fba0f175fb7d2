"""What still stands and guards less: another boundary of a role, and records that are kept less long."""

from typing import Any

import pytest

from edge.review.expected import declared
from edge.review.risks import lowered
from edge.review.risks.scene import Scene
from edge.tfplan.model import Action, Change
from tests.support.files import environment, prod
from tests.support.reviewing import Plan, changed_review, resource
from tests.support.small_plans import plan_of

GROUP = "aws_autoscaling_group"
ROLE, LOGS, BUCKET = "aws_iam_role", "aws_cloudwatch_log_group", "aws_s3_bucket_lifecycle_configuration"
BOUNDARY = "arn:aws:iam::333333333333:policy/boundary"


def rules(*days: int | None) -> dict[str, Any]:
    return {"rule": [{"expiration": [{"days": number}]} for number in days]}


def found(type: str, before: dict[str, Any], after: dict[str, Any], unknown: Any = False) -> list[str]:
    change = Change(
        address=f"{type}.it", type=type, name="it", action=Action.UPDATE, before=before, after=after, unknown=unknown
    )
    plan = plan_of(change)
    scene = Scene.of(plan, declared(plan, environment(prod())))
    return [risk.id for rule in lowered.RULES for risk in rule(scene)]


@pytest.mark.parametrize("after", [{}, {"permissions_boundary": None}, {"permissions_boundary": "arn:other"}])
def test_a_boundary_that_goes_or_is_another_is_a_risk(after: dict[str, Any]) -> None:
    risk = "UNPROTECTED:aws_iam_role.it#permissions_boundary"
    assert found(ROLE, {"permissions_boundary": BOUNDARY}, {"name": "it", **after}) == [risk]


def test_a_boundary_that_stays_or_is_new_is_none() -> None:
    bounded = {"name": "it", "permissions_boundary": BOUNDARY}
    assert found(ROLE, bounded, bounded) == []
    assert found(ROLE, {"name": "it"}, bounded) == []
    assert found(ROLE, bounded, {}) == [], "what goes is a risk of its own"


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [(365, 1, True), (0, 30, True), (30, 0, False), (30, 365, False), (30, 30, False)],
)
def test_a_log_group_that_keeps_less_long_is_a_risk(before: int, after: int, asks: bool) -> None:
    ids = found(LOGS, {"retention_in_days": before}, {"retention_in_days": after})
    assert ids == (["UNPROTECTED:aws_cloudwatch_log_group.it#retention_in_days"] if asks else [])


def test_a_number_of_days_that_is_not_known_is_a_risk() -> None:
    assert len(found(LOGS, {"retention_in_days": 30}, {"name": "x"}, {"retention_in_days": True})) == 1


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [((365,), (1,), True), ((), (30,), True), ((365,), (365, 7), True), ((365,), (), False), ((7,), (None,), False)],
)
def test_a_bucket_that_keeps_less_long_is_a_risk(before: tuple[int], after: tuple[int], asks: bool) -> None:
    ids = found(BUCKET, {"bucket": "x", **rules(*before)}, {"bucket": "x", **rules(*after)})
    assert ids == ([f"UNPROTECTED:{BUCKET}.it#rule.expiration.days"] if asks else [])


def test_more_instances_than_may_run_from_now_on_is_a_risk() -> None:
    running = {"desired_capacity": 4, "max_size": 6, "min_size": 2}
    assert found(GROUP, running, {**running, "max_size": 3}) == ["UNPROTECTED:aws_autoscaling_group.it#max_size"]
    assert found(GROUP, running, {**running, "max_size": 4}) == []
    assert found(GROUP, running, {**running, "max_size": 0}) == [], "that is a group that goes down to none"
    unknown = {key: value for key, value in running.items() if key != "max_size"}
    assert found(GROUP, running, unknown, {"max_size": True}) == ["UNPROTECTED:aws_autoscaling_group.it#max_size"]


def test_what_stops_is_counted_and_no_service_is_said_to_go_on_without_a_gap() -> None:
    def change(content: Plan) -> None:
        body = resource(content, f"{GROUP}.instances")["change"]
        body["before"] = {**body["before"], "desired_capacity": 4}
        body.update(actions=["update"], after={**body["before"], "max_size": 3})

    review = changed_review("staging_no_change", change)
    (risk,) = review.risks
    assert risk.sentence.endswith("(max_size): 4 instances run, and at most 3 may: the others stop at once")
    assert not any("0 s without service" in sentence for sentence in review.meaning)
