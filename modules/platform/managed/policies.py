"""The platform's policies, as pure functions: who may do what, and under which condition."""

import json
from typing import Any

from environments import instance_role
from modules.platform.managed.site import Site

Statement = dict[str, Any]


def policy(*statements: Statement) -> str:
    """Write statements as a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def access_logs(site: Site, bucket: str) -> str:
    """Let the load balancers and the flow logs of this account and region write, and refuse what comes without TLS.

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
        *(_flow_logs(site, arn) if site.settings.network.flow_logs else []),
        {
            "Sid": "RefusePlainHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def _flow_logs(site: Site, bucket_arn: str) -> list[Statement]:
    """Write the statements as AWS does: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html."""
    writer = {"Service": "delivery.logs.amazonaws.com"}
    ours = {
        "StringEquals": {"aws:SourceAccount": site.account_id},
        "ArnLike": {"aws:SourceArn": f"arn:{site.partition}:logs:{site.region}:{site.account_id}:*"},
    }
    owned = {**ours, "StringEquals": {**ours["StringEquals"], "s3:x-amz-acl": "bucket-owner-full-control"}}
    return [
        {
            "Sid": "WriteFlowLogs",
            "Effect": "Allow",
            "Principal": writer,
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/AWSLogs/{site.account_id}/*",
            "Condition": owned,
        },
        {
            "Sid": "CheckFlowLogsBucket",
            "Effect": "Allow",
            "Principal": writer,
            "Action": "s3:GetBucketAcl",
            "Resource": bucket_arn,
            "Condition": ours,
        },
    ]


def s3_endpoint(site: Site) -> str:
    """Let what is in the network read anything, as public packages and layers of images are, and write to our own.

    The layers of an image in ECR and Amazon Linux's packages are in buckets of AWS's:
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-setting-up-s3-gateway
    """
    return policy(
        {
            "Sid": "ReadObjects",
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["s3:GetObject", "s3:GetObjectVersion"],
            "Resource": "*",
        },
        {
            "Sid": "UseOwnBuckets",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:ResourceAccount": site.account_id}},
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


def instances(site: Site) -> str:
    """Let instances be reached by Systems Manager and pull images."""
    return instance_role.text(
        instance_role.policy(
            partition=site.partition,
            region=site.region,
            account_id=site.account_id,
            image=site.settings.instances.image,
        )
    )
