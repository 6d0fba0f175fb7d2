"""The bucket of the access logs and the flow logs: private, encrypted, versioned, and emptied by age."""

from environments import naming
from imports.aws_platform import (
    S3Bucket,
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
    S3BucketPolicy,
    S3BucketPublicAccessBlock,
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from imports.terraform import Construct
from modules.addresses import addressed
from modules.platform.managed import policies
from modules.platform.managed.site import Site

NONCURRENT_DAYS = 30
UNFINISHED_UPLOAD_DAYS = 7


class AccessLogs(Construct):
    """`bucket` and `bucket_arn` name the bucket; the load balancer must wait for `policy`: AWS tries to write at once.

    The bucket may be destroyed with the logs in it only while deletion protection is off.
    """

    def __init__(self, scope: Construct, id: str, *, site: Site) -> None:
        super().__init__(scope, id)
        name = naming.access_log_bucket_name(prefix=site.prefix, account_id=site.account_id)
        bucket = S3Bucket(
            self,
            "bucket",
            provider=site.provider,
            bucket=name,
            force_destroy=not site.settings.balancer.deletion_protection,
        )
        self.bucket = addressed(bucket, "access_logs").bucket
        self.bucket_arn = bucket.arn
        public_access = self._private(site)
        self._encrypted(site)
        self._expiring(site, versioning=self._versioned(site))
        self.policy = S3BucketPolicy(
            self,
            "policy",
            provider=site.provider,
            bucket=self.bucket,
            policy=policies.access_logs(site, name),
            depends_on=[public_access],  # S3 refuses two of a bucket's settings at once
        )
        addressed(self.policy, "access_logs")

    def _private(self, site: Site) -> S3BucketPublicAccessBlock:
        owned = S3BucketOwnershipControls(
            self,
            "ownership",
            provider=site.provider,
            bucket=self.bucket,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )
        addressed(owned, "access_logs")
        block = S3BucketPublicAccessBlock(
            self,
            "public_access",
            provider=site.provider,
            bucket=self.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        return addressed(block, "access_logs")

    def _encrypted(self, site: Site) -> None:
        """Encrypt with S3's own keys, the only ones that the load balancer can write with."""
        by_default = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="AES256"
        )
        encryption = S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            provider=site.provider,
            bucket=self.bucket,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(apply_server_side_encryption_by_default=by_default),
            ],
        )
        addressed(encryption, "access_logs")

    def _versioned(self, site: Site) -> S3BucketVersioningA:
        versioning = S3BucketVersioningA(
            self,
            "versioning",
            provider=site.provider,
            bucket=self.bucket,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        return addressed(versioning, "access_logs")

    def _expiring(self, site: Site, *, versioning: S3BucketVersioningA) -> None:
        rule = S3BucketLifecycleConfigurationRule(
            id="expire",
            status="Enabled",
            filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
            expiration=[
                S3BucketLifecycleConfigurationRuleExpiration(days=site.settings.balancer.access_log_retention_days)
            ],
            noncurrent_version_expiration=[
                S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(noncurrent_days=NONCURRENT_DAYS)
            ],
            abort_incomplete_multipart_upload=[
                S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                    days_after_initiation=UNFINISHED_UPLOAD_DAYS
                )
            ],
        )
        lifecycle = S3BucketLifecycleConfiguration(
            self,
            "expiry",
            provider=site.provider,
            bucket=self.bucket,
            rule=[rule],
            depends_on=[versioning],
        )
        addressed(lifecycle, "access_logs")
