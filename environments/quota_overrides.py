"""The `[limits]` table: what AWS gives this environment where it differs from the defaults."""

from pydantic import Field

from environments import aws_limits
from environments.table import Table


class Limits(Table):
    """AWS's quotas, where they differ from the defaults: raised by AWS, or lowered to leave room for what others hold.

    The names are those of the quotas. The quotas that AWS does not raise are `aws_limits.FIXED`.
    """

    rules_per_application_load_balancer: int = Field(
        aws_limits.RULES_PER_APPLICATION_LOAD_BALANCER,
        ge=1,
        description="the rules that a load balancer takes, without the default ones",
    )
    certificates_per_application_load_balancer: int = Field(
        aws_limits.CERTIFICATES_PER_APPLICATION_LOAD_BALANCER,
        ge=2,
        description="the certificates that a load balancer takes, without the default one, at least 2",
    )
    domain_names_per_acm_certificate: int = Field(
        aws_limits.DOMAIN_NAMES_PER_ACM_CERTIFICATE,
        ge=1,
        le=aws_limits.DOMAIN_NAMES_PER_ACM_CERTIFICATE_MAX,
        description="the names that a certificate takes, 1-100",
    )
    rules_per_security_group: int = Field(
        aws_limits.RULES_PER_SECURITY_GROUP,
        ge=1,
        le=aws_limits.RULES_PER_SECURITY_GROUP_MAX,
        description="the rules that a security group takes in each direction, 1-1000",
    )
