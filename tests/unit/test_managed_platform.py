"""A platform that the environment makes itself: what it opens, keeps private, runs and waits for."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from environments.checked import Environment
from modules.platform.managed import user_data
from tests.support.files import COMPOSE_FILE, environment, managed, prod

Stack = dict[str, Any]
COMPOSE = COMPOSE_FILE.read_bytes()
BALANCER = "${aws_security_group.load_balancer.id}"
INSTANCES = "${aws_security_group.instances.id}"
EVERYWHERE = {"0.0.0.0/0", "::/0"}


def of_type(stack: Stack, kind: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = stack["resource"].get(kind, {})
    return found


def one(stack: Stack, kind: str) -> dict[str, Any]:
    (body,) = of_type(stack, kind).values()
    return body


def changed(synthesized: Callable[[Environment], Stack], **tables: dict[str, Any]) -> Stack:
    """Synthesize staging with some keys of its platform's tables changed."""
    content = managed()
    for name, table in tables.items():
        content["platform"].setdefault(name, {}).update(table)
    return synthesized(environment(content, "staging"))


def cidrs(rule: dict[str, Any]) -> set[str]:
    return {rule[key] for key in ("cidr_ipv4", "cidr_ipv6") if key in rule}


def decoded(stack: Stack) -> bytes:
    return base64.b64decode(one(stack, "aws_launch_template")["user_data"])


# The firewall


def test_the_world_reaches_80_and_443_of_the_load_balancer_and_nothing_else(managed_stack: Stack) -> None:
    rules = of_type(managed_stack, "aws_vpc_security_group_ingress_rule").values()
    open_to_the_world = [rule for rule in rules if cidrs(rule)]
    assert {rule["security_group_id"] for rule in open_to_the_world} == {BALANCER}
    ports = {(rule["from_port"], rule["to_port"], *cidrs(rule)) for rule in open_to_the_world}
    assert ports == {(port, port, everywhere) for port in (80, 443) for everywhere in EVERYWHERE}


def test_instances_are_reached_by_the_load_balancer_alone_and_on_declared_ports_alone(managed_stack: Stack) -> None:
    rules = of_type(managed_stack, "aws_vpc_security_group_ingress_rule").values()
    into = [rule for rule in rules if rule["security_group_id"] == INSTANCES]
    assert {rule.get("referenced_security_group_id") for rule in into} == {BALANCER}
    assert {(rule["from_port"], rule["to_port"]) for rule in into} == {(8888, 8888), (7777, 7777), (9999, 9999)}


def test_instances_reach_https_only(managed_stack: Stack) -> None:
    rules = of_type(managed_stack, "aws_vpc_security_group_egress_rule").values()
    (out,) = [rule for rule in rules if rule["security_group_id"] == INSTANCES]
    assert (out["from_port"], out["to_port"], out["ip_protocol"]) == (443, 443, "tcp")


def test_no_group_has_rules_inline_and_the_default_group_has_none_at_all(managed_stack: Stack) -> None:
    for kind in ("aws_security_group", "aws_default_security_group"):
        assert all({"ingress", "egress"}.isdisjoint(body) for body in of_type(managed_stack, kind).values())
    assert one(managed_stack, "aws_default_security_group")["vpc_id"] == "${aws_vpc.platform.id}"


# The network


@pytest.mark.parametrize(("gateways", "count"), [("none", 0), ("one", 1), ("one-per-zone", 2)])
def test_the_nat_gateways_are_as_many_as_the_file_says(
    gateways: str, count: int, synthesized: Callable[[Environment], Stack]
) -> None:
    stack = changed(synthesized, network={"nat_gateways": gateways})
    assert len(of_type(stack, "aws_nat_gateway")) == len(of_type(stack, "aws_eip")) == count
    private = {name for name in of_type(stack, "aws_route") if name.startswith("private")}
    assert private == ({"private_a", "private_b"} if count else set())
    where = "private" if count else "public"
    assert one(stack, "aws_autoscaling_group")["vpc_zone_identifier"] == [
        f"${{aws_subnet.{where}_{zone}.id}}" for zone in "ab"
    ]
    (interface,) = one(stack, "aws_launch_template")["network_interfaces"]
    assert interface["associate_public_ip_address"] == ("false" if count else "true")


def test_four_subnets_lie_apart_in_the_vpc(managed_stack: Stack) -> None:
    blocks = {name: body["cidr_block"] for name, body in of_type(managed_stack, "aws_subnet").items()}
    assert blocks == {
        "public_a": "10.30.0.0/19",
        "public_b": "10.30.32.0/19",
        "private_a": "10.30.64.0/19",
        "private_b": "10.30.96.0/19",
    }


def test_nothing_starts_before_it_can_pull_its_image(managed_stack: Stack) -> None:
    waits = set(one(managed_stack, "aws_autoscaling_group")["depends_on"])
    assert waits >= {
        "aws_route.private_a",
        "aws_route.private_b",
        "aws_route.public",
        "aws_iam_role_policy.instances",
        "aws_vpc_security_group_egress_rule.instances_https",
    }


# The load balancer


def test_http_is_redirected_and_https_answers_404_by_default(managed_stack: Stack) -> None:
    listeners = of_type(managed_stack, "aws_lb_listener")
    assert listeners["http_80"]["default_action"][0]["redirect"] == {
        "port": "443",
        "protocol": "HTTPS",
        "status_code": "HTTP_301",
    }
    https = listeners["https_443"]
    assert https["default_action"][0]["fixed_response"]["status_code"] == "404"
    assert https["ssl_policy"].startswith("ELBSecurityPolicy-TLS13-1-2-")
    assert https["certificate_arn"] == "${aws_acm_certificate_validation.load_balancer.certificate_arn}"


def test_invalid_headers_are_dropped_and_deletion_is_protected(managed_stack: Stack) -> None:
    balancer = one(managed_stack, "aws_lb")
    assert balancer["name"] == "v1-orcha-staging-alb"
    assert balancer["drop_invalid_header_fields"] is True
    assert balancer["enable_deletion_protection"] is True
    assert "aws_s3_bucket_policy.access_logs" in balancer["depends_on"]


def test_one_field_lifts_every_protection(synthesized: Callable[[Environment], Stack]) -> None:
    stack = changed(synthesized, balancer={"deletion_protection": False})
    assert one(stack, "aws_lb")["enable_deletion_protection"] is False
    assert one(stack, "aws_s3_bucket")["force_destroy"] is True
    assert one(stack, "aws_cognito_user_pool")["deletion_protection"] == "INACTIVE"


def test_dualstack_adds_an_aaaa_alias_for_every_alias(
    managed_stack: Stack, synthesized: Callable[[Environment], Stack]
) -> None:
    aliases = [item for item in of_type(managed_stack, "aws_route53_record").values() if "alias" in item]
    hosts = {kind: {aliase["name"] for aliase in aliases if aliase["type"] == kind} for kind in ("A", "AAAA")}
    assert hosts["A"] == hosts["AAAA"] == {f"{name}.staging.getorcha.com" for name in ("app", "admin", "link")}
    plain = changed(synthesized, balancer={"ip_address_type": "ipv4"})
    assert "AAAA" not in {item["type"] for item in of_type(plain, "aws_route53_record").values()}
    assert "::/0" not in json.dumps(plain)


def test_the_web_acl_has_awss_groups_and_a_log_without_secrets(
    managed_stack: Stack, synthesized: Callable[[Environment], Stack]
) -> None:
    acl = one(managed_stack, "aws_wafv2_web_acl")
    assert [rule["name"] for rule in acl["rule"]] == [
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesCommonRuleSet",
    ]
    assert one(managed_stack, "aws_cloudwatch_log_group")["name"].startswith("aws-waf-logs-")
    logging = one(managed_stack, "aws_wafv2_web_acl_logging_configuration")
    assert [field["single_header"]["name"] for field in logging["redacted_fields"]] == ["authorization", "cookie"]
    without = changed(synthesized, balancer={"web_acl": False})
    assert [kind for kind in without["resource"] if "wafv2" in kind or "log_group" in kind] == []


# Buckets, keys and secrets


def test_every_bucket_is_private_encrypted_versioned_and_emptied(managed_stack: Stack) -> None:
    for name in of_type(managed_stack, "aws_s3_bucket"):
        block = of_type(managed_stack, "aws_s3_bucket_public_access_block")[name]
        flags = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
        assert all(block[flag] is True for flag in flags)
        for kind in ("server_side_encryption_configuration", "versioning", "lifecycle_configuration"):
            assert name in of_type(managed_stack, f"aws_s3_bucket_{kind}")


def test_every_bucket_refuses_plain_http_and_lets_only_this_accounts_load_balancers_write(managed_stack: Stack) -> None:
    for item in of_type(managed_stack, "aws_s3_bucket_policy").values():
        allow, *_, deny = json.loads(item["policy"])["Statement"]
        assert (allow["Effect"], deny["Effect"]) == ("Allow", "Deny")
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert (deny["Principal"], deny["Action"]) == ("*", "s3:*")
        assert allow["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
        assert allow["Resource"] == "arn:aws:s3:::v1-orcha-staging-alb-logs-333333333333/AWSLogs/333333333333/*"
        assert allow["Condition"] == {
            "ArnLike": {"aws:SourceArn": "arn:aws:elasticloadbalancing:eu-central-1:333333333333:loadbalancer/*"}
        }


def test_the_topic_is_encrypted_with_a_key_that_alarms_may_use(managed_stack: Stack) -> None:
    assert one(managed_stack, "aws_sns_topic")["kms_master_key_id"] == "${aws_kms_key.platform.arn}"
    key = one(managed_stack, "aws_kms_key")
    assert key["enable_key_rotation"] is True
    allowed = {str(item["Principal"]): item["Action"] for item in json.loads(key["policy"])["Statement"]}
    assert allowed["{'Service': 'cloudwatch.amazonaws.com'}"] == ["kms:Decrypt", "kms:GenerateDataKey*"]


def test_the_people_of_the_file_hear_of_alarms(managed_stack: Stack) -> None:
    subscriptions = of_type(managed_stack, "aws_sns_topic_subscription")
    assert {name: body["endpoint"] for name, body in subscriptions.items()} == {
        "to_alerts-staging_AT_getorcha_com": "alerts-staging@getorcha.com"
    }


def test_no_secret_is_in_what_is_synthesized(managed_stack: Stack) -> None:
    text = json.dumps(managed_stack) + decoded(managed_stack).decode()
    named = re.compile(
        r"(secret_?(access_?)?key|client_secret|password|token|private_key)[\"']?\s*[=:]\s*[\"'][^\"'$]", re.I
    )
    shaped = re.compile(r"(AKIA|ASIA)[0-9A-Z]{16}|-----BEGIN")
    found = [match.group() for pattern in (named, shaped) for match in pattern.finditer(text)]
    assert found == []


# The instances


def test_the_user_data_holds_the_compose_file_byte_for_byte(managed_stack: Stack) -> None:
    assert COMPOSE in decoded(managed_stack)


def test_the_user_data_fits_and_names_the_image(managed_stack: Stack) -> None:
    script = decoded(managed_stack)
    assert len(script) <= 16_384
    assert f"export ORCHA_IMAGE={managed()['platform']['instances']['image']}\n".encode() in script


@pytest.mark.parametrize(
    ("instance_type", "architecture", "machine"),
    [("t3.small", "x86_64", "x86_64"), ("t4g.small", "arm64", "aarch64"), ("g5.xlarge", "x86_64", "x86_64")],
)
def test_image_and_compose_are_of_the_instances_architecture(
    instance_type: str, architecture: str, machine: str, synthesized: Callable[[Environment], Stack]
) -> None:
    stack = changed(synthesized, instances={"instance_type": instance_type})
    assert one(stack, "aws_launch_template")["image_id"].endswith(f"al2023-ami-kernel-default-{architecture}")
    assert f"docker-compose-linux-{machine}\n".encode() in decoded(stack)
    assert user_data.COMPOSE_SHA256[machine].encode() in decoded(stack)


def test_a_compose_file_that_cannot_stand_in_user_data_is_refused() -> None:
    for compose in ("services: {}", "END_OF_COMPOSE_FILE\n", "x" * 20_000 + "\n"):
        with pytest.raises(ValueError, match=r"compose file"):
            user_data.script(compose_file=compose, image="orcha:1", architecture="x86_64")


def test_the_image_is_quoted_for_the_shell() -> None:
    script = user_data.script(compose_file="a: 1\n", image="x; reboot", architecture="x86_64")
    assert "export ORCHA_IMAGE='x; reboot'\n" in script


def test_instances_have_imdsv2_and_an_encrypted_volume(managed_stack: Stack) -> None:
    template = one(managed_stack, "aws_launch_template")
    assert template["metadata_options"] == {
        "http_endpoint": "enabled",
        "http_put_response_hop_limit": 1,
        "http_tokens": "required",
    }
    (volume,) = template["block_device_mappings"]
    assert (volume["ebs"]["encrypted"], volume["ebs"]["volume_type"]) == ("true", "gp3")


def test_instances_may_open_sessions_and_pull_images_and_read_no_parameter(managed_stack: Stack) -> None:
    assert "aws_iam_role_policy_attachment" not in managed_stack["resource"]
    statements = json.loads(one(managed_stack, "aws_iam_role_policy")["policy"])["Statement"]
    allowed = {action: statement["Resource"] for statement in statements for action in _listed(statement["Action"])}
    assert not [action for action in allowed if "*" in action or action.startswith(("ssm:Get", "s3:", "kms:"))]
    assert {action for action, resource in allowed.items() if resource == "*"} == {
        "ecr:GetAuthorizationToken",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    }
    instances = "arn:aws:ec2:eu-central-1:333333333333:instance/*"
    assert allowed["ssm:UpdateInstanceInformation"] == instances
    (making,) = (statement for statement in statements if statement["Sid"] == "MakeChannel")
    assert making["Condition"] == {"ArnLike": {"ec2:SourceInstanceARN": instances}}
    assert allowed["ecr:BatchGetImage"] == "arn:aws:ecr:eu-central-1:333333333333:repository/*"


def _listed(actions: str | list[str]) -> list[str]:
    return [actions] if isinstance(actions, str) else actions


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("444444444444.dkr.ecr.us-east-1.amazonaws.com/orcha:1", "us-east-1:444444444444"),
        ("orcha:1", "eu-central-1:333333333333"),
        ("docker.io/444444444444.dkr.ecr.us-east-1.amazonaws.com", "eu-central-1:333333333333"),
    ],
)
def test_images_are_pulled_from_the_registry_of_the_image_alone(
    synthesized: Callable[[Environment], Stack], image: str, registry: str
) -> None:
    stack = changed(synthesized, instances={"image": image})
    pulls = json.loads(one(stack, "aws_iam_role_policy")["policy"])["Statement"][-1]
    assert pulls["Resource"] == f"arn:aws:ecr:{registry}:repository/*"


def test_the_instances_role_is_bounded_where_the_file_says_by_what(
    managed_stack: Stack, synthesized: Callable[[Environment], Stack]
) -> None:
    boundary = "arn:aws:iam::333333333333:policy/v1-orcha-staging-instances-boundary"
    assert one(managed_stack, "aws_iam_role")["permissions_boundary"] == boundary
    assert "permissions_boundary" not in one(
        changed(synthesized, instances={"permissions_boundary": None}), "aws_iam_role"
    )


def test_every_connection_of_the_network_is_logged_to_the_bucket(
    managed_stack: Stack, synthesized: Callable[[Environment], Stack]
) -> None:
    log = one(managed_stack, "aws_flow_log")
    assert (log["traffic_type"], log["log_destination_type"]) == ("ALL", "s3")
    assert (log["vpc_id"], log["log_destination"]) == ("${aws_vpc.platform.id}", "${aws_s3_bucket.access_logs.arn}")
    assert log["depends_on"] == ["aws_s3_bucket_policy.access_logs"]
    without = changed(synthesized, network={"flow_logs": False})
    assert "aws_flow_log" not in without["resource"]
    writers = [
        {statement["Principal"]["Service"] for statement in _bucket_policy(stack) if statement["Effect"] == "Allow"}
        for stack in (managed_stack, without)
    ]
    assert [len(services) for services in writers] == [2, 1]
    assert all("aws:SourceArn" in item["Condition"]["ArnLike"] for item in _bucket_policy(managed_stack)[:-1])


def _bucket_policy(stack: Stack) -> list[Any]:
    statements: list[Any] = json.loads(one(stack, "aws_s3_bucket_policy")["policy"])["Statement"]
    return statements


def test_through_the_s3_endpoint_only_the_accounts_own_buckets_are_written(managed_stack: Stack) -> None:
    reading, own = json.loads(one(managed_stack, "aws_vpc_endpoint")["policy"])["Statement"]
    assert reading["Action"] == ["s3:GetObject", "s3:GetObjectVersion"]
    assert own["Condition"] == {"StringEquals": {"aws:ResourceAccount": "333333333333"}}


def test_the_group_leaves_target_groups_to_the_services_and_refreshes_without_a_gap(managed_stack: Stack) -> None:
    group = one(managed_stack, "aws_autoscaling_group")
    assert group["lifecycle"] == {"ignore_changes": ["target_group_arns"]}
    assert group["health_check_type"] == "ELB"
    assert group["instance_refresh"]["preferences"]["min_healthy_percentage"] == 100
    assert group["launch_template"]["version"] == "${aws_launch_template.instances.latest_version}"


# Sign-in


def test_nobody_signs_up_alone_and_admin_asks_for_a_sign_in(managed_stack: Stack) -> None:
    pool = one(managed_stack, "aws_cognito_user_pool")
    assert pool["admin_create_user_config"] == {"allow_admin_create_user_only": True}
    assert (pool["mfa_configuration"], pool["deletion_protection"]) == ("ON", "ACTIVE")
    assert one(managed_stack, "aws_cognito_user_pool_domain")["domain"] == "v1-orcha-staging"
    assert (pool["user_pool_tier"], pool["user_pool_add_ons"]) == ("ESSENTIALS", {"advanced_security_mode": "OFF"})
    client = one(managed_stack, "aws_cognito_user_pool_client")
    assert client["prevent_user_existence_errors"] == "ENABLED"
    assert client["explicit_auth_flows"] == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
    rules = of_type(managed_stack, "aws_lb_listener_rule")
    asks = {name: [action["type"] for action in rule["action"]] for name, rule in rules.items()}
    assert asks == {"app": ["forward"], "admin": ["authenticate-cognito", "forward"], "link": ["forward"]}
    assert of_type(managed_stack, "aws_vpc_security_group_egress_rule")["sign_in"]["security_group_id"] == BALANCER


# Zones


def test_a_created_zone_is_delegated_from_its_parent_in_the_parents_account(managed_stack: Stack) -> None:
    zone = of_type(managed_stack, "aws_route53_zone")["staging_getorcha_com"]
    assert (zone["provider"], zone["force_destroy"]) == ("aws.staging", False)
    delegation = of_type(managed_stack, "aws_route53_record")["staging_getorcha_com__delegation"]
    assert (delegation["type"], delegation["provider"]) == ("NS", "aws.management")
    assert delegation["zone_id"] == "${data.aws_route53_zone.getorcha_com.zone_id}"
    assert delegation["records"] == "${aws_route53_zone.staging_getorcha_com.name_servers}"


def test_no_certificate_is_waited_for_before_its_zone_is_delegated_to(managed_stack: Stack) -> None:
    validations = of_type(managed_stack, "aws_acm_certificate_validation")
    assert set(validations) == {"load_balancer", "app", "admin", "link"}
    for body in validations.values():
        assert body["depends_on"] == ["aws_route53_record.staging_getorcha_com__delegation"]
    requests = of_type(managed_stack, "aws_acm_certificate").values()
    assert all("depends_on" not in body for body in requests)


def test_a_zone_below_a_created_zone_waits_for_both_delegations(synthesized: Callable[[Environment], Stack]) -> None:
    content = managed()
    content["zones"]["eu.staging.getorcha.com"] = {"account": "staging", "create": True}
    content["services"]["link"]["hosts"] = ["link.eu.staging.getorcha.com"]
    stack = synthesized(environment(content, "staging"))
    assert of_type(stack, "aws_acm_certificate_validation")["link"]["depends_on"] == [
        "aws_route53_record.eu_staging_getorcha_com__delegation",
        "aws_route53_record.staging_getorcha_com__delegation",
    ]


def test_the_default_certificate_is_for_a_name_that_no_service_may_have(managed_stack: Stack) -> None:
    certificate = of_type(managed_stack, "aws_acm_certificate")["load_balancer"]
    assert certificate["domain_name"] == "v1-orcha-staging.staging.getorcha.com"


def test_the_default_certificate_is_proven_in_the_zone_that_answers_for_its_name(
    synthesized: Callable[[Environment], Stack],
) -> None:
    """In the one above, nobody would find the record: that zone delegates the name."""
    content = managed()
    content["zones"]["v1-orcha-staging.staging.getorcha.com"] = "management"
    stack = synthesized(environment(content, "staging"))
    (record,) = [
        body
        for name, body in of_type(stack, "aws_route53_record").items()
        if name.startswith("v1-orcha-staging_staging") and "validation" in name
    ]
    assert record["zone_id"] == "${data.aws_route53_zone.v1-orcha-staging_staging_getorcha_com.zone_id}"


def test_the_platforms_names_are_those_of_an_existing_one(managed_stack: Stack) -> None:
    names = {value.removeprefix("v1-orcha") for value in prod()["platform"].values() if value.startswith("v1-orcha")}
    made = {
        body.get("name", "").removeprefix("v1-orcha-staging")
        for kind in ("aws_lb", "aws_security_group", "aws_autoscaling_group", "aws_sns_topic", "aws_cognito_user_pool")
        for body in of_type(managed_stack, kind).values()
    }
    assert made == names | {"-users"}


def test_a_sign_in_lasts_a_working_day_or_as_long_as_the_file_says(
    managed_stack: Stack, synthesized: Callable[[Environment], Stack]
) -> None:
    def session(stack: Stack) -> int:
        action = of_type(stack, "aws_lb_listener_rule")["admin"]["action"][0]
        return int(action["authenticate_cognito"]["session_timeout"])

    assert session(managed_stack) == 8 * 60 * 60
    assert session(changed(synthesized, login={"session_timeout_seconds": 900})) == 900


def test_people_sign_up_by_themselves_only_where_the_file_says_so(
    synthesized: Callable[[Environment], Stack], managed_stack: Stack
) -> None:
    def invites(stack: Stack) -> bool:
        config = one(stack, "aws_cognito_user_pool")["admin_create_user_config"]
        return bool(config["allow_admin_create_user_only"])

    assert invites(managed_stack)
    assert not invites(changed(synthesized, login={"self_sign_up": True}))


@pytest.mark.parametrize(
    ("settings", "mfa", "plan", "mode"),
    [
        ({"mfa": "optional"}, "OPTIONAL", "ESSENTIALS", "OFF"),
        ({"threat_protection": "audit"}, "ON", "PLUS", "AUDIT"),
        ({"threat_protection": "enforced"}, "ON", "PLUS", "ENFORCED"),
    ],
)
def test_the_file_says_how_users_are_protected(
    synthesized: Callable[[Environment], Stack], settings: dict[str, str], mfa: str, plan: str, mode: str
) -> None:
    pool = one(changed(synthesized, login=settings), "aws_cognito_user_pool")
    assert (pool["mfa_configuration"], pool["user_pool_tier"]) == (mfa, plan)
    assert pool["user_pool_add_ons"] == {"advanced_security_mode": mode}
