"""Every value of the seed, one row each, against the Terraform JSON of prod.toml."""

from typing import Any

import pytest

PROD, MANAGEMENT = "aws.prod", "aws.management"
TARGET_GROUP = "aws_lb_target_group.link"
RULE = "aws_lb_listener_rule.link"
EGRESS = "aws_vpc_security_group_egress_rule.link"
INGRESS = "aws_vpc_security_group_ingress_rule.link"
CERTIFICATE = "aws_acm_certificate.link"
ALARM = "aws_cloudwatch_metric_alarm.link_unhealthy"
ALIAS = "aws_route53_record.link_prod_getorcha_com"
CNAME = "aws_route53_record.link_getorcha_com"
PROD_PROOF = "aws_route53_record.link_prod_getorcha_com__validation"
MANAGEMENT_PROOF = "aws_route53_record.link_getorcha_com__validation"

ALB_GROUP = "${one(data.aws_security_groups.load_balancer_security_group.ids)}"
EC2_GROUP = "${one(data.aws_security_groups.instance_security_group.ids)}"
VALIDATED_ARN = "${aws_acm_certificate_validation.link.certificate_arn}"

ROWS = [
    # section of the seed, address, attribute, value
    ("1 security groups", EGRESS, "security_group_id", ALB_GROUP),
    ("1 security groups", EGRESS, "referenced_security_group_id", EC2_GROUP),
    ("1 security groups", EGRESS, "ip_protocol", "tcp"),
    ("1 security groups", EGRESS, "from_port", 9999),
    ("1 security groups", EGRESS, "to_port", 9999),
    ("1 security groups", EGRESS, "description", "Link traffic to EC2"),
    ("1 security groups", INGRESS, "security_group_id", EC2_GROUP),
    ("1 security groups", INGRESS, "referenced_security_group_id", ALB_GROUP),
    ("1 security groups", INGRESS, "ip_protocol", "tcp"),
    ("1 security groups", INGRESS, "from_port", 9999),
    ("1 security groups", INGRESS, "to_port", 9999),
    ("1 security groups", INGRESS, "description", "Link port from ALB"),
    ("2 target group", TARGET_GROUP, "name", "v1-orcha-link-tg"),
    ("2 target group", TARGET_GROUP, "vpc_id", "${data.aws_lb.load_balancer.vpc_id}"),
    ("2 target group", TARGET_GROUP, "port", 9999),
    ("2 target group", TARGET_GROUP, "protocol", "HTTP"),
    ("2 target group", TARGET_GROUP, "target_type", "instance"),
    ("2 target group", TARGET_GROUP, "health_check.path", "/health"),
    ("2 target group", TARGET_GROUP, "health_check.protocol", "HTTP"),
    ("2 target group", TARGET_GROUP, "health_check.healthy_threshold", 2),
    ("2 target group", TARGET_GROUP, "health_check.unhealthy_threshold", 3),
    ("2 target group", TARGET_GROUP, "health_check.interval", 30),
    ("2 target group", TARGET_GROUP, "health_check.timeout", 5),
    ("2 target group", TARGET_GROUP, "deregistration_delay", "60"),
    ("2 target group", "aws_autoscaling_attachment.link", "lb_target_group_arn", "${aws_lb_target_group.link.arn}"),
    (
        "2 target group",
        "aws_autoscaling_attachment.link",
        "autoscaling_group_name",
        "${one(data.aws_autoscaling_groups.instances.names)}",
    ),
    ("3 certificate", CERTIFICATE, "domain_name", "link.prod.getorcha.com"),
    ("3 certificate", CERTIFICATE, "subject_alternative_names", ["link.getorcha.com"]),
    ("3 certificate", CERTIFICATE, "validation_method", "DNS"),
    ("DNS structure: validation, prod", PROD_PROOF, "provider", PROD),
    ("DNS structure: validation, prod", PROD_PROOF, "zone_id", "${data.aws_route53_zone.prod_getorcha_com.zone_id}"),
    ("DNS structure: validation, management", MANAGEMENT_PROOF, "provider", MANAGEMENT),
    (
        "DNS structure: validation, management",
        MANAGEMENT_PROOF,
        "zone_id",
        "${data.aws_route53_zone.getorcha_com.zone_id}",
    ),
    ("4 listener rule", "aws_lb_listener_certificate.link", "certificate_arn", VALIDATED_ARN),
    ("4 listener rule", "aws_lb_listener_certificate.link", "listener_arn", "${data.aws_lb_listener.https_443.arn}"),
    ("4 listener rule", RULE, "listener_arn", "${data.aws_lb_listener.https_443.arn}"),
    ("4 listener rule", RULE, "priority", 20),
    ("4 listener rule", RULE, "condition.0.host_header.values", ["link.prod.getorcha.com", "link.getorcha.com"]),
    ("4 listener rule", RULE, "action.0.type", "forward"),
    ("4 listener rule", RULE, "action.0.target_group_arn", "${aws_lb_target_group.link.arn}"),
    ("5 DNS A record", ALIAS, "provider", PROD),
    ("5 DNS A record", ALIAS, "zone_id", "${data.aws_route53_zone.prod_getorcha_com.zone_id}"),
    ("5 DNS A record", ALIAS, "name", "link.prod.getorcha.com"),
    ("5 DNS A record", ALIAS, "type", "A"),
    ("5 DNS A record", ALIAS, "alias.name", "${data.aws_lb.load_balancer.dns_name}"),
    ("5 DNS A record", ALIAS, "alias.zone_id", "${data.aws_lb.load_balancer.zone_id}"),
    ("6 alarm", ALARM, "alarm_name", "v1-orcha-link-unhealthy"),
    ("6 alarm", ALARM, "alarm_description", "Link target group has no healthy targets"),
    ("6 alarm", ALARM, "namespace", "AWS/ApplicationELB"),
    ("6 alarm", ALARM, "metric_name", "HealthyHostCount"),
    ("6 alarm", ALARM, "dimensions.TargetGroup", "${aws_lb_target_group.link.arn_suffix}"),
    ("6 alarm", ALARM, "dimensions.LoadBalancer", "${data.aws_lb.load_balancer.arn_suffix}"),
    ("6 alarm", ALARM, "statistic", "Minimum"),
    ("6 alarm", ALARM, "period", 60),
    ("6 alarm", ALARM, "threshold", 1),
    ("6 alarm", ALARM, "comparison_operator", "LessThanThreshold"),
    ("6 alarm", ALARM, "evaluation_periods", 2),
    ("6 alarm", ALARM, "treat_missing_data", "breaching"),
    ("6 alarm", ALARM, "alarm_actions", ["${data.aws_sns_topic.alerts.arn}"]),
    ("manual step 2: short CNAME", CNAME, "provider", MANAGEMENT),
    ("manual step 2: short CNAME", CNAME, "zone_id", "${data.aws_route53_zone.getorcha_com.zone_id}"),
    ("manual step 2: short CNAME", CNAME, "name", "link.getorcha.com"),
    ("manual step 2: short CNAME", CNAME, "type", "CNAME"),
    ("manual step 2: short CNAME", CNAME, "ttl", 300),
    ("manual step 2: short CNAME", CNAME, "records", ["link.prod.getorcha.com"]),
    ("outputs", "output.LinkTargetGroupArn", "value", "${aws_lb_target_group.link.arn}"),
    ("outputs", "output.LinkCertificateArn", "value", VALIDATED_ARN),
    ("outputs", "output.LinkUrl", "value", "https://link.prod.getorcha.com"),
]

STAGING_ROWS = [
    ("3 certificate", CERTIFICATE, "domain_name", "link.staging.getorcha.com"),
    ("5 DNS A record", "aws_route53_record.link_staging_getorcha_com", "name", "link.staging.getorcha.com"),
    ("outputs", "output.LinkUrl", "value", "https://link.staging.getorcha.com"),
]


def value_at(stack: dict[str, Any], address: str, attribute: str) -> Any:
    kind, name = address.split(".", 1)
    value = stack["output"][name] if kind == "output" else stack["resource"][kind][name]
    for key in attribute.split("."):
        value = value[int(key)] if key.isdigit() else value[key]
    return value


@pytest.mark.parametrize(("section", "address", "attribute", "expected"), ROWS)
def test_prod_holds_every_value_of_the_seed(
    prod_stack: dict[str, Any], section: str, address: str, attribute: str, expected: Any
) -> None:
    assert value_at(prod_stack, address, attribute) == expected, section


@pytest.mark.parametrize(("section", "address", "attribute", "expected"), STAGING_ROWS)
def test_staging_gets_its_own_names_from_the_same_code(
    staging_stack: dict[str, Any], section: str, address: str, attribute: str, expected: Any
) -> None:
    assert value_at(staging_stack, address, attribute) == expected, section


def test_the_outputs_are_exactly_the_seeds(prod_stack: dict[str, Any]) -> None:
    assert sorted(prod_stack["output"]) == ["LinkCertificateArn", "LinkTargetGroupArn", "LinkUrl"]
