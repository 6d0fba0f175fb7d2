"""Edits of the synthesized JSON, for what no environment file would say."""

from collections.abc import Callable, Mapping
from typing import Any

Content = dict[str, Any]
Edit = Callable[[Content, Mapping[str, str]], None]
EVERYWHERE = "0.0.0.0/0"


def alarm_removed(content: Content, _: Mapping[str, str]) -> None:
    del content["resource"]["aws_cloudwatch_metric_alarm"]["docs_latency"]


def imported(content: Content, by_hand: Mapping[str, str]) -> None:
    """Take over a target group and a record as they are."""
    _target_group(content, "legacy", name="v1-orcha-legacy-tg", port=8080)
    _record(content, "blog_getorcha_com", name="blog.getorcha.com", values=["blogs.example.com"])
    content["import"] = [
        {"to": "aws_lb_target_group.legacy", "id": by_hand["target group"]},
        {"to": "aws_route53_record.blog_getorcha_com", "id": by_hand["record"]},
    ]


def foreign_record(content: Content, _: Mapping[str, str]) -> None:
    """Write a record that is not a declared host into the management account."""
    _record(content, "www_getorcha_com", name="www.getorcha.com", values=["link.prod.getorcha.com"])


def foreign_record_changed(content: Content, by_hand: Mapping[str, str]) -> None:
    """Take over a record that is not a declared host, and lead it elsewhere."""
    _record(content, "blog_getorcha_com", name="blog.getorcha.com", values=["link.prod.getorcha.com"])
    content["import"] = [{"to": "aws_route53_record.blog_getorcha_com", "id": by_hand["record"]}]


def world_open(content: Content, _: Mapping[str, str]) -> None:
    """Open Link's port on the instances to everybody."""
    rules = content["resource"]["aws_vpc_security_group_ingress_rule"]
    kept = {key: rules["link"][key] for key in ("provider", "security_group_id", "ip_protocol", "from_port", "to_port")}
    rules["link_everybody"] = {**kept, "cidr_ipv4": EVERYWHERE, "description": "Link port from anywhere"}


def shadowed_rule(content: Content, _: Mapping[str, str]) -> None:
    """Let a wildcard, asked before Link's rule, take Link's hosts to Docs."""
    rules = content["resource"]["aws_lb_listener_rule"]
    rules["any_prod_getorcha_com"] = {
        **rules["docs"],
        "priority": 15,
        "condition": [{"host_header": {"values": ["*.prod.getorcha.com"]}}],
    }


def read_at_apply(content: Content, _: Mapping[str, str]) -> None:
    """Look something up that Terraform may read only after it has made a record."""
    foreign_record(content, {})
    content["data"]["aws_sns_topic"]["later"] = {
        **content["data"]["aws_sns_topic"]["alerts"],
        "depends_on": ["aws_route53_record.www_getorcha_com"],
    }


def forget(content: Content, _: Mapping[str, str]) -> None:
    """Let go of Docs' short name without deleting it."""
    del content["resource"]["aws_route53_record"]["docs_getorcha_com"]
    content["removed"] = [{"from": "aws_route53_record.docs_getorcha_com", "lifecycle": {"destroy": False}}]


def without_create_before_destroy(content: Content, _: Mapping[str, str]) -> None:
    """Take the order off everything: what depends on the certificate, the primary host's alias too, spreads it back."""
    for resources in content["resource"].values():
        for resource in resources.values():
            resource.get("lifecycle", {}).pop("create_before_destroy", None)


def _record(content: Content, address: str, *, name: str, values: list[str]) -> None:
    content["resource"]["aws_route53_record"][address] = {
        "provider": "aws.management",
        "zone_id": "${data.aws_route53_zone.getorcha_com.zone_id}",
        "name": name,
        "type": "CNAME",
        "ttl": 300,
        "records": values,
    }


def _target_group(content: Content, address: str, *, name: str, port: int) -> None:
    groups = content["resource"]["aws_lb_target_group"]
    groups[address] = {
        "provider": "aws.prod",
        "name": name,
        "port": port,
        "protocol": "HTTP",
        "target_type": "instance",
        "vpc_id": groups["link"]["vpc_id"],
    }


def network_changed(content: Content, _: Mapping[str, str]) -> None:
    """Give one private subnet another block of the VPC's free half, as no key of the environment file can."""
    content["resource"]["aws_subnet"]["private_a"]["cidr_block"] = "10.30.128.0/19"


def load_balancer_replaced(content: Content, _: Mapping[str, str]) -> None:
    """Turn the load balancer away from the internet, which AWS cannot do to one that stands."""
    content["resource"]["aws_lb"]["load_balancer"]["internal"] = True


def user_pool_protection_lifted(content: Content, _: Mapping[str, str]) -> None:
    content["resource"]["aws_cognito_user_pool"]["login"]["deletion_protection"] = "INACTIVE"


def user_pool_replaced(content: Content, _: Mapping[str, str]) -> None:
    """Let people sign in by telephone number, which AWS cannot change in a pool that stands."""
    content["resource"]["aws_cognito_user_pool"]["login"]["username_attributes"] = ["email", "phone_number"]


def bucket_destroyed(content: Content, _: Mapping[str, str]) -> None:
    """Write no logs any more, and delete the bucket that holds the old ones."""
    for kind in [item for item in content["resource"] if item.startswith(("aws_s3_bucket", "aws_flow_log"))]:
        del content["resource"][kind]
    balancer = content["resource"]["aws_lb"]["load_balancer"]
    del balancer["access_logs"]
    balancer["depends_on"] = [item for item in balancer["depends_on"] if not item.startswith("aws_s3_bucket")]
