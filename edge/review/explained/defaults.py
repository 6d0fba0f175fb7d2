"""What a provider plans for attributes that the product leaves unset: its defaults, beside null and what is empty.

By type and dotted path, of hashicorp/aws 5.100.0; a provider's schema does not hold them
(https://developer.hashicorp.com/terraform/cli/commands/providers/schema). A test derives the table from plans that real
Terraform made, so that a version with other defaults is noticed.
"""

from collections.abc import Mapping

DEFAULTS: Mapping[str, Mapping[str, str | int | bool]] = {
    "aws_autoscaling_group": {
        "capacity_reservation_specification.capacity_reservation_preference": "",
        "force_delete": False,
        "force_delete_warm_pool": False,
        "ignore_failed_scaling_activities": False,
        "instance_refresh.preferences.scale_in_protected_instances": "Ignore",
        "instance_refresh.preferences.skip_matching": False,
        "instance_refresh.preferences.standby_instances": "Ignore",
        "metrics_granularity": "1Minute",
        "protect_from_scale_in": False,
        "wait_for_capacity_timeout": "10m",
    },
    "aws_cloudwatch_log_group": {
        "skip_destroy": False,
    },
    "aws_cloudwatch_metric_alarm": {
        "actions_enabled": True,
        "metric_query.account_id": "",
        "metric_query.expression": "",
        "metric_query.label": "",
        "metric_query.metric.unit": "",
        "metric_query.return_data": False,
    },
    "aws_default_security_group": {
        "revoke_rules_on_delete": False,
    },
    "aws_flow_log": {"max_aggregation_interval": 600},
    "aws_iam_instance_profile": {
        "path": "/",
    },
    "aws_iam_role": {
        "force_detach_policies": False,
        "max_session_duration": 3600,
        "path": "/",
    },
    "aws_kms_key": {
        "bypass_policy_lockout_safety_check": False,
        "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "is_enabled": True,
        "key_usage": "ENCRYPT_DECRYPT",
    },
    "aws_lb": {
        "client_keep_alive": 3600,
        "desync_mitigation_mode": "defensive",
        "enable_http2": True,
        "enable_tls_version_and_cipher_suite_headers": False,
        "enable_waf_fail_open": False,
        "enable_xff_client_port": False,
        "enable_zonal_shift": False,
        "idle_timeout": 60,
        "preserve_host_header": False,
        "xff_header_processing_mode": "append",
    },
    "aws_lb_listener": {
        "default_action.redirect.host": "#{host}",
        "default_action.redirect.path": "/#{path}",
        "default_action.redirect.query": "#{query}",
    },
    "aws_lb_listener_rule": {
        "action.authenticate_cognito.scope": "openid",
        "action.authenticate_cognito.session_cookie_name": "AWSELBAuthSessionCookie",
        "action.authenticate_cognito.session_timeout": 604800,
    },
    "aws_lb_target_group": {
        "lambda_multi_value_headers_enabled": False,
        "proxy_protocol_v2": False,
        "slow_start": 0,
    },
    "aws_nat_gateway": {
        "connectivity_type": "public",
    },
    "aws_s3_bucket_lifecycle_configuration": {
        "rule.expiration.expired_object_delete_marker": False,
        "rule.prefix": "",
        "transition_default_minimum_object_size": "all_storage_classes_128K",
    },
    "aws_s3_bucket_server_side_encryption_configuration": {
        "rule.apply_server_side_encryption_by_default.kms_master_key_id": "",
    },
    "aws_security_group": {
        "revoke_rules_on_delete": False,
    },
    "aws_sns_topic": {
        "content_based_deduplication": False,
        "fifo_topic": False,
    },
    "aws_sns_topic_subscription": {
        "confirmation_timeout_in_minutes": 1,
        "endpoint_auto_confirms": False,
        "raw_message_delivery": False,
    },
    "aws_subnet": {
        "assign_ipv6_address_on_creation": False,
        "enable_dns64": False,
        "enable_resource_name_dns_a_record_on_launch": False,
        "enable_resource_name_dns_aaaa_record_on_launch": False,
        "ipv6_native": False,
    },
    "aws_vpc": {
        "instance_tenancy": "default",
    },
    "aws_wafv2_web_acl": {
        "rule.statement.managed_rule_group_statement.version": "",
    },
}
