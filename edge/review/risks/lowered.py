"""What still stands and guards less: by a number, a word, a list, or because it is somewhere else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from edge.review.findings import Risk
from edge.review.risks.measures import (
    Lowered,
    another,
    fewer,
    larger,
    more,
    more_than,
    new,
    smaller,
    swapped,
    values_at,
    weaker,
)
from edge.review.risks.scene import Scene
from edge.tfplan.model import Change, with_unknown


@dataclass(frozen=True)
class Measure:
    """An attribute of a type by its dotted path, what counts as less of it, and what may happen then."""

    type: str
    path: str
    lowered: Lowered
    danger: str


_POOL, _CLIENT, _RULE = "aws_cognito_user_pool", "aws_cognito_user_pool_client", "aws_lb_listener_rule"
_ALARM, _TEMPLATE = "aws_cloudwatch_metric_alarm", "aws_launch_template"
_SIGNED_IN = "who signed in once is let in for longer, whatever happens to them"
_ELSE = "it watches something else"
_LATER = "it notifies later, or not at all"
# Whose tokens only say who somebody is; aws.cognito.signin.user.admin lets one change what the pool knows of a user:
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
_WHO = more_than("openid", "email", "phone", "profile")

# What this project's resources are made with.
MEASURES = (
    Measure(_RULE, "action.authenticate_cognito.session_timeout", larger, _SIGNED_IN),
    Measure(_POOL, "user_pool_add_ons.advanced_security_mode", weaker("OFF", "AUDIT", "ENFORCED"), "attacks pass"),
    Measure(_POOL, "password_policy.minimum_length", smaller, "passwords can be guessed sooner"),
    Measure(_POOL, "password_policy.temporary_password_validity_days", larger, "an invitation that leaks is of use"),
    Measure(_CLIENT, "explicit_auth_flows", more, "people can sign in in a way that they could not"),
    Measure(_CLIENT, "allowed_oauth_flows", more, "people can sign in in a way that they could not"),
    Measure(_CLIENT, "allowed_oauth_scopes", _WHO, "the service gets tokens that act for its users"),
    Measure(_CLIENT, "supported_identity_providers", more, "others may say who somebody is"),
    Measure("aws_autoscaling_group", "min_size", smaller, "fewer instances serve, down to the new number"),
    Measure(
        "aws_autoscaling_group",
        "instance_refresh.preferences.min_healthy_percentage",
        smaller,
        "more instances are replaced at once",
    ),
    Measure("aws_kms_key", "deletion_window_in_days", smaller, "less time is left to notice that the key goes"),
    Measure(_TEMPLATE, "metadata_options.http_put_response_hop_limit", larger, "containers can take the role"),
    Measure(_TEMPLATE, "network_interfaces.security_groups", another, "another security group lets in and out"),
    Measure("aws_lb", "security_groups", another, "another security group lets in and out"),
    Measure("aws_lb", "access_logs.bucket", another, "who asked for what is written somewhere else"),
    Measure("aws_cloudwatch_log_group", "kms_key_id", another, "logs are kept in the clear, or under another key"),
    Measure("aws_sns_topic", "kms_master_key_id", another, "alerts are kept in the clear, or under another key"),
    Measure(
        "aws_s3_bucket_server_side_encryption_configuration",
        "rule.apply_server_side_encryption_by_default.sse_algorithm",
        weaker("AES256", "aws:kms", "aws:kms:dsse"),
        "what it holds is encrypted less",
    ),
    Measure(
        "aws_wafv2_web_acl_logging_configuration",
        "redacted_fields",
        fewer,
        "passwords and cookies are written into the logs",
    ),
    Measure(
        "aws_wafv2_web_acl_logging_configuration",
        "log_destination_configs",
        another,
        "what was stopped is written somewhere else",
    ),
    Measure(
        "aws_wafv2_web_acl",
        "rule.statement.managed_rule_group_statement.rule_action_override",
        new,
        "what a rule stopped is only counted",
    ),
    Measure(
        "aws_wafv2_web_acl",
        "rule.statement.managed_rule_group_statement.scope_down_statement",
        new,
        "a rule looks at a part of the requests alone",
    ),
    Measure(_ALARM, "evaluation_periods", larger, _LATER),
    Measure(_ALARM, "period", larger, _LATER),
    Measure(_ALARM, "metric_query.metric.period", larger, _LATER),
    Measure(_ALARM, "comparison_operator", another, _ELSE),
    Measure(_ALARM, "metric_name", another, _ELSE),
    Measure(_ALARM, "namespace", another, _ELSE),
    Measure(_ALARM, "statistic", another, _ELSE),
    Measure(_ALARM, "metric_query.expression", another, _ELSE),
    Measure(_ALARM, "metric_query.metric.metric_name", another, _ELSE),
    Measure(_TEMPLATE, "iam_instance_profile.arn", another, "instances get another role"),
    Measure("aws_iam_instance_profile", "role", another, "instances get another role"),
    Measure(
        "aws_wafv2_web_acl",
        "rule.statement.managed_rule_group_statement.name",
        swapped,
        "what AWS's rules stopped passes",
    ),
    Measure("aws_flow_log", "traffic_type", weaker("ACCEPT", "REJECT", "ALL"), "a part of the connections is not seen"),
)
# What people set beside it: on resources of their own in the same state, or by an override of ours.
MEASURES_OF_OTHERS = (
    Measure(_RULE, "action.authenticate_oidc.session_timeout", larger, _SIGNED_IN),
    Measure(_CLIENT, "access_token_validity", larger, _SIGNED_IN),
    Measure(_CLIENT, "id_token_validity", larger, _SIGNED_IN),
    Measure(_CLIENT, "refresh_token_validity", larger, _SIGNED_IN),
    Measure(_CLIENT, "token_validity_units", another, _SIGNED_IN),
    Measure("aws_iam_role", "max_session_duration", larger, "who took the role keeps it for longer"),
    Measure(_ALARM, "datapoints_to_alarm", larger, _LATER),
    Measure("aws_wafv2_web_acl", "rule.action.allow", new, "a rule lets requests past those behind it"),
    Measure(
        "aws_lb",
        "desync_mitigation_mode",
        weaker("monitor", "defensive", "strictest"),
        "requests can be smuggled past the load balancer",
    ),
)

_BOUNDARY = "permissions_boundary"
# Which attribute says for how many days a thing keeps what it holds.
_KEPT = {
    "aws_cloudwatch_log_group": ("retention_in_days",),
    "aws_s3_bucket_lifecycle_configuration": (
        "rule.expiration.days",
        "rule.noncurrent_version_expiration.noncurrent_days",
    ),
}
_FOR_EVER = float("inf")


def _lowered(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        for measure in (*MEASURES, *MEASURES_OF_OTHERS):
            if change.type == measure.type and change.before and change.after and _is_lowered(change, measure):
                yield _risk(scene, change, measure.path, measure.danger)


def _is_lowered(change: Change, measure: Measure) -> bool:
    return measure.lowered(values_at(change.before, measure.path), values_at(_after(change), measure.path))


def _risk(scene: Scene, change: Change, path: str, danger: str) -> Risk:
    risk = scene.risk("UNPROTECTED", change, f"loses its protection ({path}): {danger}")
    return replace(risk, attribute=path)


def _unbounded(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        before = change.before.get(_BOUNDARY)
        if change.type == "aws_iam_role" and before and change.after and _after(change).get(_BOUNDARY) != before:
            yield _risk(scene, change, _BOUNDARY, f"it may be given what {before} does not let it have")


def _shortened(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        for path in _KEPT.get(change.type, ()) if change.before and change.after else ():
            before, after = _days(change.before, path), _days(_after(change), path)
            if after < before:
                shown = f"{after:g}" if after else "an unknown number of"
                yield _risk(scene, change, path, f"what is older than {shown} days is removed, for ever")


def _cut(scene: Scene) -> Iterator[Risk]:
    """Find an Auto Scaling group in which more instances run than it lets from now on; of none, `serving.py` asks."""
    for change in scene.plan.changes:
        running, most = change.before.get("desired_capacity"), _after(change).get("max_size")
        if change.type == "aws_autoscaling_group" and change.after and most != 0 and _is_above(running, most):
            shown = most if isinstance(most, int) else "an unknown number"
            danger = f"{running} instances run, and at most {shown} may: the others stop at once"
            yield _risk(scene, change, "max_size", danger)


def _is_above(running: Any, most: Any) -> bool:
    return isinstance(running, int) and (not isinstance(most, int) or most < running)


def _after(change: Change) -> dict[str, Any]:
    return dict(with_unknown(change.after, change.unknown))


def _days(attributes: Any, path: str) -> float:
    """Give the fewest days of all blocks; what is not limited stays for ever, and what is unknown may stay for none."""
    values = [attributes]
    for key in path.split("."):
        blocks = [block for value in values for block in (value if isinstance(value, list) else [value])]
        values = [block.get(key) if isinstance(block, dict) else block for block in blocks]
    return min((_number(value) for value in values), default=_FOR_EVER)


def _number(value: Any) -> float:
    if value is None or (isinstance(value, int) and value <= 0):
        return _FOR_EVER  # 0 is "never expire": https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
    return float(value) if isinstance(value, int) else 0.0


RULES = (_lowered, _unbounded, _shortened, _cut)
