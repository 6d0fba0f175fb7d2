"""What guards by how much, in both directions: each measure watches what is made here, and less of it is reported."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from edge.review.risks.lowered import MEASURES, MEASURES_OF_OTHERS, Measure
from edge.review.risks.measures import new, values_at
from edge.tfplan.model import Change
from edge.tfplan.parse import parse
from tests.plans import stored_plan
from tests.support.reviewing import Plan, changed_review, ids, resource, with_more

PLATFORM = "staging_no_change"
OVERRIDE = [{"name": "Log4JRCE_HEADER", "action_to_use": [{"count": [{}]}]}]
# Less, and what is not: another value in the other direction, or the same.
LESS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "action.authenticate_cognito.session_timeout": ((604800, 28801, None), (3600,)),
    "user_pool_add_ons.advanced_security_mode": (("NONE", None), ("AUDIT", "ENFORCED")),
    "password_policy.minimum_length": ((8, None), (15,)),
    "password_policy.temporary_password_validity_days": ((8, 365), (1,)),
    "explicit_auth_flows": ((["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"],), (["ALLOW_USER_SRP_AUTH"],)),
    "allowed_oauth_flows": ((["code", "implicit"], ["implicit"]), (["code"],)),
    "allowed_oauth_scopes": (
        (["openid", "aws.cognito.signin.user.admin"], ["openid", "email", "orders/write"]),
        (["openid", "email", "phone", "profile"], ["email"]),
    ),
    "supported_identity_providers": ((["COGNITO", "Google"],), (["COGNITO"],)),
    "min_size": ((1, 0, None), (3,)),
    "instance_refresh.preferences.min_healthy_percentage": ((50, 0, None), (100,)),
    "deletion_window_in_days": ((7, None), (30,)),
    "metadata_options.http_put_response_hop_limit": ((2, 64), (1,)),
    "network_interfaces.security_groups": ((["sg-0123456789abcdef0"], []), ()),
    "security_groups": ((["sg-0123456789abcdef0"], []), ()),
    "access_logs.bucket": (("somebody-elses", None), ()),
    "kms_key_id": (("arn:aws:kms:eu-central-1:999999999999:key/x", None), ()),
    "kms_master_key_id": (("alias/aws/sns", None), ()),
    "rule.apply_server_side_encryption_by_default.sse_algorithm": ((None, "none"), ("aws:kms", "aws:kms:dsse")),
    "redacted_fields": (([],), ()),
    "log_destination_configs": ((["arn:aws:logs:eu-central-1:999999999999:log-group:x"],), ()),
    "rule.statement.managed_rule_group_statement.rule_action_override": ((OVERRIDE,), ([],)),
    "rule.statement.managed_rule_group_statement.scope_down_statement": (([{"geo_match_statement": []}],), ([],)),
    "evaluation_periods": ((3, 100), (1,)),
    "period": ((604800, 86401), (10,)),
    "metric_query.metric.period": ((86400, 301), (60,)),
    "comparison_operator": (("LessThanThreshold", None), ()),
    "metric_name": (("RequestCount",), ()),
    "namespace": (("AWS/EC2",), ()),
    "statistic": (("Maximum", None), ()),
    "metric_query.expression": (("0 * requests",), ()),
    "metric_query.metric.metric_name": (("RequestCount",), ()),
    "iam_instance_profile.arn": (("arn:aws:iam::333333333333:instance-profile/admin", None), ()),
    "role": (("administrator", None), ()),
    "rule.statement.managed_rule_group_statement.name": (("AWSManagedRulesLinuxRuleSet",), ()),
    "traffic_type": (("REJECT", "ACCEPT", None), ("ALL",)),
}
LESS_OF_OTHERS: dict[str, tuple[Any, Any]] = {
    "action.authenticate_oidc.session_timeout": (3600, 604800),
    "access_token_validity": (1, 24),
    "id_token_validity": (1, 24),
    "refresh_token_validity": (1, 3650),
    "token_validity_units": ([{"access_token": "minutes"}], [{"access_token": "days"}]),
    "max_session_duration": (3600, 43200),
    "datapoints_to_alarm": (1, 5),
    "rule.action.allow": ([], [{"custom_request_handling": []}]),
    "desync_mitigation_mode": ("defensive", "monitor"),
}


def named(measure: Measure) -> str:
    return f"{measure.type}.{measure.path}"


def watched(measure: Measure) -> Iterator[Change]:
    """The resources of a managed platform and its services of which the measure is taken."""
    for change in parse(stored_plan(PLATFORM)).changes:
        found = values_at(change.after, measure.path) if change.type == measure.type else []
        if any(found) or (found and measure.lowered is new):  # of what nothing has yet, its place is enough
            yield change


def put(attributes: Any, path: str, value: Any) -> Any:
    """Write a value at a dotted path, in every block on the way."""
    key, _, rest = path.partition(".")
    if isinstance(attributes, list):
        return [put(block, path, value) if isinstance(block, dict) else block for block in attributes]
    if key not in attributes or (rest and not attributes[key]):
        return attributes
    return {**attributes, key: put(attributes[key], rest, value) if rest else value}


def reviewed(address: str, path: str, value: Any) -> list[str]:
    def change(content: Plan) -> None:
        body = resource(content, address)["change"]
        body["actions"], body["after"] = ["update"], put(copy.deepcopy(body["after"]), path, value)

    return ids(changed_review(PLATFORM, change))


def test_no_measure_goes_untested() -> None:
    assert {measure.path for measure in MEASURES} == LESS.keys()
    assert {measure.path for measure in MEASURES_OF_OTHERS} == LESS_OF_OTHERS.keys()


@pytest.mark.parametrize("measure", MEASURES, ids=named)
def test_less_of_it_asks_and_as_much_or_more_does_not(measure: Measure) -> None:
    found = list(watched(measure))
    assert found, "it watches something that is made here"
    address = found[0].address
    risk = f"UNPROTECTED:{address}#{measure.path}"
    less, enough = LESS[measure.path]
    assert [value for value in less if risk not in reviewed(address, measure.path, value)] == []
    assert [value for value in enough if risk in reviewed(address, measure.path, value)] == []


@pytest.mark.parametrize("measure", MEASURES_OF_OTHERS, ids=named)
def test_so_does_less_of_what_others_set(measure: Measure) -> None:
    address, (before, after) = f"{measure.type}.theirs", LESS_OF_OTHERS[measure.path]
    risk = f"UNPROTECTED:{address}#{measure.path}"

    def body(old: Any, new: Any) -> dict[str, Any]:
        return {"before": nested(measure.path, old), "after": nested(measure.path, new)}

    assert risk in ids(with_more(address, ["update"], change=body(before, after)))
    assert risk not in ids(with_more(address, ["update"], change=body(before, before)))
    if measure.path != "token_validity_units":  # of which any change asks
        assert risk not in ids(with_more(address, ["update"], change=body(after, before)))


def nested(path: str, value: Any) -> dict[str, Any]:
    key, _, rest = path.partition(".")
    return {key: [nested(rest, value)] if rest else value}


def test_each_step_down_of_threat_protection_asks() -> None:
    address = "aws_cognito_user_pool.theirs"
    steps = ("OFF", "AUDIT", "ENFORCED")
    for place, before in enumerate(steps):
        for after in steps:
            body = {
                side: {"user_pool_add_ons": [{"advanced_security_mode": mode}]}
                for side, mode in (("before", before), ("after", after))
            }
            found = ids(with_more(address, ["update"], change=body))
            asks = f"UNPROTECTED:{address}#user_pool_add_ons.advanced_security_mode" in found
            assert asks == (steps.index(after) < place)


def test_what_is_not_known_counts_as_less() -> None:
    def change(content: Plan) -> None:
        body = resource(content, "aws_autoscaling_group.instances")["change"]
        after = {key: value for key, value in body["after"].items() if key != "min_size"}
        body.update(actions=["update"], after=after, after_unknown={"min_size": True})

    found = ids(changed_review(PLATFORM, change))
    assert "UNPROTECTED:aws_autoscaling_group.instances#min_size" in found
