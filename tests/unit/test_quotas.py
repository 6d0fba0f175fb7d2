"""The table of quotas: what the file may raise, what the review counts, and AWS's own figures."""

import pytest

from environments.quota_overrides import Limits
from environments.quotas import FIXED, QUOTAS, Quota
from imports import aws

# As AWS's pages have them, by the quotas' names.
DEFAULTS = {
    "certificates_per_application_load_balancer": 25,
    "rules_per_application_load_balancer": 100,
    "target_groups_per_application_load_balancer": 100,
    "target_groups_per_auto_scaling_group": 50,
    "rules_per_security_group": 60,
    "domain_names_per_acm_certificate": 10,
    "condition_values_per_rule": 5,
    "condition_wildcards_per_rule": 6,
}


def test_the_figures_are_awss() -> None:
    assert {quota.key: quota.default for quota in QUOTAS} == DEFAULTS


def test_a_file_raises_what_aws_raises_and_nothing_else() -> None:
    assert set(Limits.model_fields) == {quota.key for quota in QUOTAS if quota.is_adjustable}
    assert set(FIXED) == {quota.key for quota in QUOTAS} - set(Limits.model_fields)


@pytest.mark.parametrize("quota", QUOTAS, ids=lambda quota: quota.key)
def test_a_raised_quota_is_read_and_a_fixed_one_is_the_default(quota: Quota) -> None:
    assert Limits().of(quota) == quota.default
    if quota.is_adjustable:
        assert Limits.model_validate({quota.key: quota.default + 1}).of(quota) == quota.default + 1


def test_what_is_counted_is_a_resource_that_is_made_here() -> None:
    made = {getattr(getattr(aws, name), "TF_RESOURCE_TYPE", None) for name in aws.__all__}
    assert {counted.type for quota in QUOTAS for counted in quota.counted} <= made
