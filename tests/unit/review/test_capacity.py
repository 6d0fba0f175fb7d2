"""The capacity ledger of a plan: what stands before, after and meanwhile, and that it agrees with the environment's."""

import pytest

from edge.review.findings import Review
from edge.review.reviewing import review
from edge.review.usage import Usage
from environments import quota_usage
from environments.quota_overrides import Limits
from tests.plans import STORED_PLANS
from tests.support.reviewing import environment, plan, stored_review

# Plans after which the resources are not those of the environment file, by an edit that no file would say.
EDITED = {
    "destroy_all",
    "forget",
    "imported",
    "shadowed_rule",
    "targeted",
    "world_open",
}
COUNTED_ALIKE = {
    "rules_per_application_load_balancer",
    "target_groups_per_application_load_balancer",
    "target_groups_per_auto_scaling_group",
}


def with_limits(name: str, **given: int) -> Review:
    lowered = environment(name).model_copy(update={"limits": Limits(**given)})
    return review(plan(name), lowered)


def usage(made: Review, key: str, what: str = "") -> Usage:
    (found,) = (item for item in made.usages if item.key == key and what in item.what)
    return found


@pytest.mark.parametrize("name", sorted(set(STORED_PLANS) - EDITED))
def test_a_plan_leaves_what_the_environment_file_counts(name: str) -> None:
    counted = {item.key: item.used for item in quota_usage.take(environment(name)) if item.key in COUNTED_ALIKE}
    assert {item.key: item.after for item in stored_review(name).usages if item.key in COUNTED_ALIKE} == counted


def test_the_certificate_that_stands_beside_its_replacement_is_counted() -> None:
    found = usage(stored_review("san_added"), "certificates_per_application_load_balancer")
    assert (found.before, found.after, found.peak) == (2, 2, 3)


def test_a_quota_is_free_below_eighty_percent_and_a_failure_beyond_all() -> None:
    levels = {
        limit: usage(
            with_limits("san_added", certificates_per_application_load_balancer=limit),
            "certificates_per_application_load_balancer",
        ).level
        for limit in (2, 3, 4)
    }
    assert levels == {2: "failure", 3: "warning", 4: "ok"}
    review = with_limits("san_added", certificates_per_application_load_balancer=2)
    assert review.exit_code == 1
    assert review.accepting([risk.id for risk in review.risks]).exit_code == 1
    assert [failure.key for failure in review.failures] == ["certificates_per_application_load_balancer"]


def test_rules_are_counted_for_each_group_and_direction() -> None:
    review = stored_review("world_open")
    inbound = usage(review, "rules_per_security_group", "inbound rules of instance_security_group")
    outbound = usage(review, "rules_per_security_group", "outbound rules of load_balancer_security_group")
    assert (inbound.before, inbound.after, outbound.before, outbound.after) == (2, 3, 2, 2)


def test_fifty_services_fill_the_auto_scaling_group() -> None:
    found = usage(stored_review("fifty_services"), "target_groups_per_auto_scaling_group")
    assert (found.after, found.limit, found.share_percent, found.level) == (50, 50, 100, "warning")
    assert not found.is_adjustable
