"""The platform's policies, as pure functions: who may do what, and under which condition."""

import json
from typing import Any

from modules.platform.managed.site import Site

Statement = dict[str, Any]


def policy(*statements: Statement) -> str:
    """Write statements as a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def access_logs(site: Site, bucket: str) -> str:
    """Let the load balancers of this account and region write their logs, and refuse whatever comes without TLS.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    arn = f"arn:{site.partition}:s3:::{bucket}"
    balancers = f"arn:{site.partition}:elasticloadbalancing:{site.region}:{site.account_id}:loadbalancer/*"
    return policy(
        {
            "Sid": "WriteAccessLogs",
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{arn}/AWSLogs/{site.account_id}/*",
            "Condition": {"ArnLike": {"aws:SourceArn": balancers}},
        },
        {
            "Sid": "RefusePlainHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def platform_key(site: Site) -> str:
    """Let the account manage the key, alarms send through the encrypted topic, and CloudWatch Logs write its groups.

    https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    home = f"{site.region}:{site.account_id}"
    return policy(
        {
            "Sid": "ManagedByTheAccount",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{site.partition}:iam::{site.account_id}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "AlarmsSendAlerts",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": site.account_id}},
        },
        {
            "Sid": "LogsAreWritten",
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{site.region}.amazonaws.com"},
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            "Resource": "*",
            "Condition": {
                "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:{site.partition}:logs:{home}:log-group:*"}
            },
        },
    )


def assumed_by_instances() -> str:
    """Let EC2 hand a role to the instances that have it."""
    return policy(
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
    )
