"""What services share. Every kind of platform gives the same value, so that a service need not know the kind."""

from dataclasses import dataclass

from imports.aws import AwsProvider


@dataclass(frozen=True, kw_only=True)
class UserPool:
    """The Cognito user pool that asks for a sign-in: its id, ARN and hosted domain (prefix or own domain)."""

    id: str
    arn: str
    domain: str


@dataclass(frozen=True, kw_only=True)
class Platform:
    """The load balancer, its listener and groups, the instances and the alert topic; ids are tokens.

    `session_timeout_seconds` is how long a sign-in lasts where its service does not say; None for AWS's default.
    """

    provider: AwsProvider
    vpc_id: str
    load_balancer_arn_suffix: str
    load_balancer_dns_name: str
    load_balancer_zone_id: str
    https_listener_arn: str
    load_balancer_security_group_id: str
    instance_security_group_id: str
    autoscaling_group_name: str
    alert_topic_arn: str
    user_pool: UserPool | None
    session_timeout_seconds: int | None = None
