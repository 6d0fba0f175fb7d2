"""Guards that are lowered and not lifted, and ties, alarms and policies that follow elsewhere."""

import copy
import json
from typing import Any

from tests.unit.review.attacks import PROD, STAGING, Act, Attack, Desk, after, both, unknown
from tests.unit.review.attacks.files import file
from tests.unit.review.attacks.requests import ADMIN, login

POOL, CLIENT = "aws_cognito_user_pool.login", "aws_cognito_user_pool_client.admin"
GROUP, TEMPLATE = "aws_autoscaling_group.instances", "aws_launch_template.instances"
INSTANCES, BALANCER = "[platform.instances]\n", "[platform.balancer]\n"
LOGIN = "[services.app]\n"


def threat_protection(before: str, now: str) -> Act:
    def act(desk: Desk) -> None:
        body = desk.change(POOL)
        for side, mode in (("before", before), ("after", now)):
            body[side] = {**body[side], "user_pool_add_ons": [{"advanced_security_mode": mode}]}

    return act


def by_file(table: str, key: str, planned: Act) -> Act:
    return both(file((table, f"{key}\n{table}" if key.startswith("[") else f"{table}{key}\n")), planned)


def replaced(address: str, **attributes: Any) -> Act:
    """Replace a tie, the new one first, by one on something else."""

    def act(desk: Desk) -> None:
        after(address, **attributes)(desk)
        body = desk.change(address)
        body["actions"], body["replace_paths"] = ["create", "delete"], [[key] for key in attributes]

    return act


def replaced_by_unknown(address: str, attribute: str) -> Act:
    def act(desk: Desk) -> None:
        unknown(address, attribute)(desk)
        desk.change(address).update(actions=["create", "delete"], replace_paths=[[attribute]])

    return act


def policy(address: str, attribute: str, *new: dict[str, Any], without: str = "") -> Act:
    """Plan a policy with more statements, or without one."""

    def act(desk: Desk) -> None:
        document = json.loads(desk.change(address)["before"][attribute])
        kept = [statement for statement in document["Statement"] if statement.get("Sid") != without]
        after(address, **{attribute: json.dumps({**document, "Statement": [*kept, *copy.deepcopy(list(new))]})})(desk)

    return act


def follows(*topics: str) -> Act:
    """Let every alarm, and what the environment calls its topic, follow to another one."""

    def act(desk: Desk) -> None:
        root = desk.plan["prior_state"]["values"]["root_module"]
        (topic,) = (entry for entry in root["resources"] if entry["address"] == "data.aws_sns_topic.alerts")
        topic["values"] = {**topic["values"], "arn": topics[0]}
        after("aws_cloudwatch_metric_alarm.link_5xx", alarm_actions=list(topics))(desk)

    return act


QUIET = "arn:aws:sns:eu-central-1:111111111111:quiet"
OTHER_GROUP = "sg-0123456789abcdef0"
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
ANY_ROLE = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}, "Action": "sts:AssumeRole"}
ANY_SERVICE = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}

UNPROTECTED: dict[str, tuple[str, Act]] = {
    "threat protection from enforced to audit": (
        f"{POOL}#user_pool_add_ons.advanced_security_mode",
        threat_protection("ENFORCED", "AUDIT"),
    ),
    "threat protection from audit to off": (
        f"{POOL}#user_pool_add_ons.advanced_security_mode",
        threat_protection("AUDIT", "OFF"),
    ),
    "a session of a week, by the file": (
        f"{ADMIN}#action.authenticate_cognito.session_timeout",
        by_file(LOGIN, "[platform.login]\nsession_timeout_seconds = 604800", login(session_timeout=604800)),
    ),
    "a session that AWS chooses": (
        f"{ADMIN}#action.authenticate_cognito.session_timeout",
        login(session_timeout=None),
    ),
    "one instance, by the file": (
        f"{GROUP}#min_size",
        both(file(("min_size      = 2", "min_size = 1")), after(GROUP, min_size=1)),
    ),
    "a second factor by choice, by the file": (
        f"{POOL}#mfa_configuration",
        by_file(LOGIN, '[platform.login]\nmfa = "optional"', after(POOL, mfa_configuration="OPTIONAL")),
    ),
    "public addresses, by the file": (
        f"{TEMPLATE}#network_interfaces.associate_public_ip_address",
        both(
            file(('nat_gateways = "one"', 'nat_gateways = "none"')),
            after(TEMPLATE, network_interfaces__associate_public_ip_address="true"),
        ),
    ),
    "access logs for a day, by the file": (
        "aws_s3_bucket_lifecycle_configuration.access_logs#rule.expiration.days",
        by_file(
            BALANCER,
            "access_log_retention_days = 1",
            after("aws_s3_bucket_lifecycle_configuration.access_logs", rule__expiration=[{"days": 1}]),
        ),
    ),
    "a sign-in by a password over the API": (
        f"{CLIENT}#explicit_auth_flows",
        after(CLIENT, explicit_auth_flows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]),
    ),
    "tokens in the address": (f"{CLIENT}#allowed_oauth_flows", after(CLIENT, allowed_oauth_flows=["code", "implicit"])),
    "another provider in the pool": (
        f"{CLIENT}#supported_identity_providers",
        after(CLIENT, supported_identity_providers=["COGNITO", "Google"]),
    ),
    "passwords of six letters": (
        f"{POOL}#password_policy.minimum_length",
        after(POOL, password_policy__minimum_length=6),
    ),
    "metadata for containers": (
        f"{TEMPLATE}#metadata_options.http_put_response_hop_limit",
        after(TEMPLATE, metadata_options__http_put_response_hop_limit=64),
    ),
    "instances in another security group": (
        f"{TEMPLATE}#network_interfaces.security_groups",
        after(TEMPLATE, network_interfaces__security_groups=[OTHER_GROUP]),
    ),
    "the load balancer in one more security group": (
        "aws_lb.load_balancer#security_groups",
        after("aws_lb.load_balancer", security_groups=[OTHER_GROUP]),
    ),
    "access logs in another bucket": (
        "aws_lb.load_balancer#access_logs.bucket",
        after("aws_lb.load_balancer", access_logs__bucket="somebody-elses"),
    ),
    "cookies in the logs": (
        "aws_wafv2_web_acl_logging_configuration.load_balancer#redacted_fields",
        after("aws_wafv2_web_acl_logging_configuration.load_balancer", redacted_fields=[]),
    ),
    "a key that is gone in a week": (
        "aws_kms_key.platform#deletion_window_in_days",
        after("aws_kms_key.platform", deletion_window_in_days=7),
    ),
    "alerts in the clear": (
        "aws_sns_topic.alerts#kms_master_key_id",
        after("aws_sns_topic.alerts", kms_master_key_id=None),
    ),
    "the access logs for everybody": (
        "aws_s3_bucket_policy.access_logs#policy",
        policy("aws_s3_bucket_policy.access_logs", "policy", ANYBODY),
    ),
    "access logs over plain HTTP": (
        "aws_s3_bucket_policy.access_logs#policy",
        policy("aws_s3_bucket_policy.access_logs", "policy", without="RefusePlainHttp"),
    ),
    "the instances' role for another account": (
        "aws_iam_role.instances#assume_role_policy",
        policy("aws_iam_role.instances", "assume_role_policy", ANY_ROLE),
    ),
    "the instances' role for another service": (
        "aws_iam_role.instances#assume_role_policy",
        policy("aws_iam_role.instances", "assume_role_policy", ANY_SERVICE),
    ),
    "the instances' role with all of S3": (
        "aws_iam_role_policy.instances#policy",
        policy("aws_iam_role_policy.instances", "policy", {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}),
    ),
    "the instances' role with a policy that is not known": (
        "aws_iam_role_policy.instances#policy",
        unknown("aws_iam_role_policy.instances", "policy"),
    ),
    "the key for another account": ("aws_kms_key.platform#policy", policy("aws_kms_key.platform", "policy", ANYBODY)),
    "every bucket through the endpoint": (
        "aws_vpc_endpoint.s3#policy",
        policy("aws_vpc_endpoint.s3", "policy", ANYBODY),
    ),
    "a role's policy that is no JSON": (
        "aws_iam_role_policy.instances#policy",
        after("aws_iam_role_policy.instances", policy='{"Statement": [], "Statement": []}'),
    ),
}
REPLACED: dict[str, tuple[str, Act]] = {
    "an attachment follows to another Auto Scaling group": (
        "aws_autoscaling_attachment.link",
        replaced("aws_autoscaling_attachment.link", autoscaling_group_name="somebody-elses"),
    ),
    "an attachment follows to one that is not known": (
        "aws_autoscaling_attachment.link",
        replaced_by_unknown("aws_autoscaling_attachment.link", "autoscaling_group_name"),
    ),
    "a listener certificate follows to another listener": (
        "aws_lb_listener_certificate.link",
        replaced(
            "aws_lb_listener_certificate.link",
            listener_arn="arn:aws:elasticloadbalancing:eu-central-1:111111111111:listener/app/other/1/2",
        ),
    ),
    "an ingress rule follows to another group": (
        "aws_vpc_security_group_ingress_rule.link",
        replaced("aws_vpc_security_group_ingress_rule.link", security_group_id=OTHER_GROUP),
    ),
    "an egress rule follows to another group": (
        "aws_vpc_security_group_egress_rule.link",
        replaced("aws_vpc_security_group_egress_rule.link", referenced_security_group_id=OTHER_GROUP),
    ),
}

ATTACKS = (
    *(
        Attack(name=f"lowered: {name}", desk=STAGING, act=act, by=f"UNPROTECTED:{id_}")
        for name, (id_, act) in UNPROTECTED.items()
    ),
    *(
        Attack(name=f"elsewhere: {name}", desk=PROD, act=act, by=f"REPLACE:{address}")
        for name, (address, act) in REPLACED.items()
    ),
    Attack(
        name="elsewhere: alarms follow to another topic",
        desk=PROD,
        act=follows(QUIET),
        by="SILENCED:aws_cloudwatch_metric_alarm.link_5xx",
    ),
)
