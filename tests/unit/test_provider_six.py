"""Plans of AWS provider 6 are reviewed as those of provider 5: its shape, laid over every stored plan."""

import copy
import os
from typing import Any

import pytest

from edge.review.render_json import document
from edge.review.reviewing import review
from edge.tfplan.digest import digest_of
from imports import engine
from tests.engines import attributes
from tests.engines.provider_six import REGION, regional, rewritten
from tests.plans import STORED_PLANS, stored_plan
from tests.support.reviewing import code, environment, plan, stored_review

ENGINES = [name for name in engine.ENGINES if name != engine.DEFAULT.name]
SOME = ["no_change", "drift", "staging_no_change", "new_service", "san_added"]


def shown(found: Any) -> dict[str, Any]:
    """A review as JSON, without the digest of the plan and the labels, which are of all its values."""
    content: dict[str, Any] = document(found)
    content.pop("digest", None)
    risks = [{key: value for key, value in risk.items() if not key.endswith("label")} for risk in content["risks"]]
    return {**content, "risks": risks}


def test_the_attributes_are_those_of_the_bindings_that_are_installed() -> None:
    """`python -m tests.engines` writes them."""
    assert attributes.of_the_bindings() == attributes.of(engine.chosen(os.environ).name)


def test_every_regional_type_gets_a_region() -> None:
    for name in ENGINES:
        changed = attributes.stored()[name]
        without = {kind for kind in attributes.of(name) if REGION not in attributes.of(name)[kind]}
        assert {kind.removeprefix("data.").rpartition("_")[0].split("_")[1] for kind in without} <= {"iam", "route53"}
        assert changed["aws_eip"]["gone"] == ["vpc"]


def test_the_newest_provider_has_all_that_an_older_one_brought() -> None:
    """So its shape is laid over every plan, and the older one's over some."""
    older, newest = (attributes.stored()[name] for name in ENGINES)
    for kind, change in older.items():
        assert {*change["new"]} <= {*newest[kind]["new"]}
        assert {*change["gone"]} <= {*newest[kind]["gone"]}


@pytest.mark.parametrize(
    ("scenario", "name"),
    [*((scenario, "cdktn") for scenario in STORED_PLANS), *((scenario, "cdktf-aws6") for scenario in SOME)],
)
def test_a_plan_in_the_shape_of_provider_6_has_the_same_review(scenario: str, name: str) -> None:
    six = rewritten(stored_plan(scenario), name)
    assert six != stored_plan(scenario)
    assert shown(review(six, environment(scenario), code(scenario))) == shown(stored_review(scenario))


@pytest.mark.parametrize("scenario", SOME)
def test_the_first_plan_after_provider_5_reports_no_region_as_drift(scenario: str) -> None:
    six = rewritten(stored_plan(scenario), "cdktf-aws6", is_first=True)
    assert len(six["resource_drift"]) > len(stored_plan(scenario).get("resource_drift", []))
    assert shown(review(six, environment(scenario), code(scenario))) == shown(stored_review(scenario))


def test_a_region_that_is_not_the_environments_is_asked_about() -> None:
    six = rewritten(stored_plan("new_service"), "cdktf-aws6")
    created = next(change for change in regional(six) if change["change"]["actions"] == ["create"])
    created["change"]["after"][REGION] = "us-east-1"
    found = [risk.id for risk in review(six, environment("new_service"), code("new_service")).risks]
    assert f"UNEXPLAINED:{created['address']}" in found


def test_a_region_that_changes_is_asked_about() -> None:
    six = rewritten(stored_plan("no_change"), "cdktf-aws6")
    moved = next(iter(regional(six)))["change"]
    moved["after"] = copy.deepcopy(moved["before"])
    moved["after"][REGION], moved["actions"] = "us-east-1", ["update"]
    found = [risk.id for risk in review(six, environment("no_change"), code("no_change")).risks]
    assert [risk for risk in found if risk.startswith("UNEXPLAINED:")] != []


def test_the_digest_covers_the_region() -> None:
    six = rewritten(plan("new_service"), "cdktf-aws6")
    before = digest_of(six)
    next(iter(regional(six)))["change"]["after"][REGION] = "us-east-1"
    assert digest_of(six) != before
