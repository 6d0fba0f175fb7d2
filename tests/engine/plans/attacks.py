"""Edits of the synthesized JSON by which somebody would take requests, users or alarms away from whom they are for."""

from collections.abc import Mapping

from tests.engine.plans.edits import Content

SOMEBODY_ELSES = "load-balancer.attacker.example"


def record_misled(content: Content, _: Mapping[str, str]) -> None:
    """Lead Docs' short name to somebody else's machine."""
    content["resource"]["aws_route53_record"]["docs_getorcha_com"]["records"] = [SOMEBODY_ELSES]


def alias_misled(content: Content, _: Mapping[str, str]) -> None:
    """Let Docs' own name follow another load balancer."""
    record = content["resource"]["aws_route53_record"]["docs_prod_getorcha_com"]
    record["alias"]["name"] = f"{SOMEBODY_ELSES}."


def ttl_raised(content: Content, _: Mapping[str, str]) -> None:
    """Let resolvers keep Docs' short name for two days."""
    content["resource"]["aws_route53_record"]["docs_getorcha_com"]["ttl"] = 172_800


def rule_misrouted(content: Content, _: Mapping[str, str]) -> None:
    """Send Docs' requests to Link."""
    rule = content["resource"]["aws_lb_listener_rule"]["docs"]
    rule["action"][0]["target_group_arn"] = "${aws_lb_target_group.link.arn}"


def rule_redirected(content: Content, _: Mapping[str, str]) -> None:
    """Send whoever asks for Docs to somebody else's site."""
    redirect = {"host": SOMEBODY_ELSES, "status_code": "HTTP_302"}
    content["resource"]["aws_lb_listener_rule"]["docs"]["action"] = [
        {"type": "redirect", "order": 1, "redirect": redirect}
    ]


def instances_reached(content: Content, _: Mapping[str, str]) -> None:
    """Let an eighth of the Internet reach Link's port past the load balancer."""
    rule = content["resource"]["aws_vpc_security_group_ingress_rule"]["link"]
    del rule["referenced_security_group_id"]
    rule["cidr_ipv4"] = "32.0.0.0/3"


def alarm_redirected(content: Content, _: Mapping[str, str]) -> None:
    """Notify a topic that nobody of ours reads."""
    alarm = content["resource"]["aws_cloudwatch_metric_alarm"]["docs_unhealthy"]
    alarm["alarm_actions"] = ["arn:aws:sns:eu-central-1:111111111111:quiet"]


def alarm_deafened(content: Content, _: Mapping[str, str]) -> None:
    """Let errors alarm beyond all requests."""
    content["resource"]["aws_cloudwatch_metric_alarm"]["docs_5xx"]["threshold"] = 101


def callback_elsewhere(content: Content, _: Mapping[str, str]) -> None:
    """Hand Admin's codes to somebody else's machine as well."""
    client = content["resource"]["aws_cognito_user_pool_client"]["admin"]
    client["callback_urls"] = [*client["callback_urls"], f"https://{SOMEBODY_ELSES}/oauth2/idpresponse"]


def second_factor_off(content: Content, _: Mapping[str, str]) -> None:
    """Let a password alone be enough."""
    pool = content["resource"]["aws_cognito_user_pool"]["login"]
    pool["mfa_configuration"] = "OFF"
    del pool["software_token_mfa_configuration"]
