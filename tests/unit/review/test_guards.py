"""The table of guards, in both directions: each watches what a stored plan has, and the loss of each is reported."""

from collections.abc import Iterator
from typing import Any

import pytest

from edge.review.risks.guards import GUARDS, GUARDS_OF_OTHERS, Guard, guards
from edge.tfplan.model import Change
from edge.tfplan.parse import parse
from tests.plans import stored_plan
from tests.support.reviewing import changed_review, ids, resource, with_more

# Neither guards: what is weaker than every good value, and what the provider writes where nothing is set.
LOST = {True: (False, None), False: (True,), "ACTIVE": ("INACTIVE", None), "Enabled": ("Suspended",)}
LOST |= {"OPTIONAL": ("OFF", None), "ON": ("OFF", None), "required": ("optional",), "verify": ("off", "passthrough")}
LOST |= {"false": ("true", None), "breaching": ("notBreaching", None), "ELB": ("EC2", None)}
LOST |= {"BucketOwnerEnforced": ("BucketOwnerPreferred", None)}
LOST |= {"true": ("false", None), "ENABLED": ("LEGACY", None)}
PLATFORM = "staging_no_change"
# What each table watches: the other tests ask about what stands there, and so cannot miss what does not.
WATCHED = {
    "access_logs.enabled",
    "block_device_mappings.ebs.encrypted",
    "enable_key_rotation",
    "admin_create_user_config.allow_admin_create_user_only",
    "block_public_acls",
    "block_public_policy",
    "deletion_protection",
    "drop_invalid_header_fields",
    "enable_deletion_protection",
    "force_delete",
    "force_destroy",
    "generate_secret",
    "health_check.enabled",
    "health_check_type",
    "ignore_public_acls",
    "map_public_ip_on_launch",
    "metadata_options.http_tokens",
    "mfa_configuration",
    "monitoring.enabled",
    "network_interfaces.associate_public_ip_address",
    "password_policy.require_lowercase",
    "password_policy.require_numbers",
    "password_policy.require_symbols",
    "password_policy.require_uppercase",
    "prevent_user_existence_errors",
    "restrict_public_buckets",
    "rule.object_ownership",
    "software_token_mfa_configuration.enabled",
    "treat_missing_data",
    "versioning_configuration.status",
}
WATCHED_OF_OTHERS = {
    "deletion_protection",
    "deletion_protection_enabled",
    "disable_api_termination",
    "enable_waf_fail_open",
    "is_enabled",
    "mfa_configuration",
    "mutual_authentication.mode",
    "protect_from_scale_in",
}


def named(guard: Guard) -> str:
    return f"{guard.path}={guard.guarding}"


def at(path: str, value: object) -> dict[str, Any]:
    """Write a value at a dotted path, each table on the way as a block that stands once."""
    first, _, rest = path.partition(".")
    return {first: [at(rest, value)] if rest else value}


def guarded(guard: Guard) -> Iterator[Change]:
    """The resources of a managed platform and its services that the guard watches."""
    for change in parse(stored_plan(PLATFORM)).changes:
        if guard.type in (None, change.type) and guards(change.after, guard):
            yield change


def test_no_guard_goes_unnoticed() -> None:
    assert {guard.path for guard in GUARDS} == WATCHED
    assert {guard.path for guard in GUARDS_OF_OTHERS} == WATCHED_OF_OTHERS


@pytest.mark.parametrize("guard", GUARDS, ids=named)
def test_each_guard_watches_something_that_is_made_here(guard: Guard) -> None:
    assert list(guarded(guard))


@pytest.mark.parametrize("guard", GUARDS, ids=named)
def test_the_loss_of_each_guard_is_reported_on_everything_that_has_it(guard: Guard) -> None:
    for change in guarded(guard):
        address = change.address
        for lost in (item for value in guard.guarding for item in LOST[value]):

            def lose(content: dict[str, Any], address: str = address, lost: object = lost) -> None:
                body = resource(content, address)["change"]
                body["actions"], body["after"] = ["update"], {**body["after"], **at(guard.path, lost)}

            review = changed_review(PLATFORM, lose)
            assert f"UNPROTECTED:{address}#{guard.path}" in ids(review), lost
            assert any(guard.danger in risk.sentence for risk in review.risks)


@pytest.mark.parametrize("guard", GUARDS_OF_OTHERS, ids=named)
def test_so_is_the_loss_of_one_that_others_set(guard: Guard) -> None:
    address = f"{guard.type or 'aws_instance'}.theirs"
    for value in guard.guarding:
        for lost in LOST[value]:
            body = {"before": at(guard.path, value), "after": at(guard.path, lost)}
            kept = {**body, "after": body["before"]}
            assert f"UNPROTECTED:{address}#{guard.path}" in ids(with_more(address, ["update"], change=body))
            assert f"UNPROTECTED:{address}#{guard.path}" not in ids(with_more(address, ["update"], change=kept))


def test_a_second_factor_that_was_demanded_of_all_is_not_given_up_unseen() -> None:
    address = "aws_cognito_user_pool.theirs"
    weaker = {"before": {"mfa_configuration": "ON"}, "after": {"mfa_configuration": "OPTIONAL"}}
    stronger = {"before": weaker["after"], "after": weaker["before"]}
    assert f"UNPROTECTED:{address}#mfa_configuration" in ids(with_more(address, ["update"], change=weaker))
    assert f"UNPROTECTED:{address}#mfa_configuration" not in ids(with_more(address, ["update"], change=stronger))


def test_a_pool_that_asks_for_no_second_factor_any_more_is_reported() -> None:
    """OFF after OPTIONAL and after ON, by the attribute's own name and not by the tables'."""
    for before in ("OPTIONAL", "ON"):
        change = {"before": {"mfa_configuration": before}, "after": {"mfa_configuration": "OFF"}}
        assert "UNPROTECTED:aws_cognito_user_pool.theirs#mfa_configuration" in ids(
            with_more("aws_cognito_user_pool.theirs", ["update"], change=change)
        )


def test_two_guards_of_one_resource_are_two_risks() -> None:
    """One acceptance of the one must not let the other pass."""
    address = "aws_s3_bucket_public_access_block.access_logs"

    def lose(content: dict[str, Any]) -> None:
        body = resource(content, address)["change"]
        body["actions"] = ["update"]
        body["after"] = {**body["after"], "block_public_acls": False, "block_public_policy": False}

    review = changed_review(PLATFORM, lose)
    first, second = f"UNPROTECTED:{address}#block_public_acls", f"UNPROTECTED:{address}#block_public_policy"
    assert ids(review) == [first, second]
    assert [risk.id for risk in review.accepting([first]).open_risks] == [second]
