"""The bucket of the access logs: one bucket, by its name."""

from edge.roles.documents import Statement
from edge.roles.home import Home, everything
from environments import naming
from environments.platforms import ManagedPlatform

_READ = (
    "GetAccelerateConfiguration",
    "GetBucketAcl",
    "GetBucketCORS",
    "GetBucketLogging",
    "GetBucketObjectLockConfiguration",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPublicAccessBlock",
    "GetBucketRequestPayment",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetBucketWebsite",
    "GetEncryptionConfiguration",
    "GetLifecycleConfiguration",
    "GetReplicationConfiguration",
    "ListBucket",
    "ListBucketVersions",
)
_WRITTEN = (
    "CreateBucket",
    "DeleteBucket",
    "DeleteBucketPolicy",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutEncryptionConfiguration",
    "PutLifecycleConfiguration",
)
# Terraform empties the bucket before it removes it, once deletion protection is off.
_EMPTIED = ("DeleteObject", "DeleteObjectVersion")


def _bucket(home: Home) -> str:
    name = naming.access_log_bucket_name(prefix=home.prefix, account_id=home.account_id)
    return home.global_arn("s3", name)


def _statement(home: Home, sid: str, actions: tuple[str, ...], suffix: str = "") -> Statement:
    return Statement(sid=sid, actions=tuple(f"s3:{action}" for action in actions), resources=(_bucket(home) + suffix,))


def reads(home: Home) -> list[Statement]:
    """Let a plan read the bucket's settings, and whether it holds anything, and none of its logs."""
    return [_statement(home, "ReadLogBucket", _READ)]


def writes(home: Home, settings: ManagedPlatform) -> list[Statement]:
    """Let a deploy make and change the bucket, and empty it only where the file takes its protection away."""
    changed = [_statement(home, "ChangeLogBucket", _WRITTEN), *_delivery(settings)]
    if settings.balancer.deletion_protection:
        return changed
    return [*changed, _statement(home, "DeleteLogs", _EMPTIED, "/*")]


def _delivery(settings: ManagedPlatform) -> list[Statement]:
    """Let flow logs and the web ACL's log be delivered: both services set that up in the caller's name.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    """
    if not (settings.network.flow_logs or settings.balancer.web_acl):
        return []
    return [everything("DeliverLogs", "logs:CreateLogDelivery", "logs:DeleteLogDelivery")]
