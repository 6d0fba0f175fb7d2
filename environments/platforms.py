"""The `[platform]` table: one class for each kind, and the tables of a platform that the environment makes itself."""

import re
from ipaddress import IPv4Network
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from environments import aws_limits
from environments.fields import AwsName, Cidr, Email, GroupName, Image, Key
from environments.sign_in import SESSION_MAX_SECONDS, WORKING_DAY_SECONDS
from environments.table import Table

# Graviton families: a1, and those with a g after the generation's number (t4g, m7gd, x2gd, im4gn, is4gen).
# https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
_GRAVITON = re.compile(r"(a1|[a-z]+[0-9]+g[a-z]*)\.")


class ExistingPlatform(Table):
    """What another tool (CDK) made and this stack only looks up by name."""

    kind: Literal["existing"] = Field(description='"existing" or "managed"')
    account: Key = Field(description="the name of the account that holds the load balancer")
    load_balancer: AwsName = Field(description="the name of the Application Load Balancer")
    load_balancer_security_group: GroupName = Field(description="the name of the load balancer's security group")
    instance_security_group: GroupName = Field(description="the name of the instances' security group")
    autoscaling_group: AwsName = Field(description="the name of the Auto Scaling group")
    alert_topic: AwsName = Field(description="the name of the SNS topic that alarms notify")
    user_pool: AwsName | None = Field(None, description="the name of the Cognito user pool for services with login")
    opens_sign_in_port: bool = Field(
        True, description="false where the load balancer's group lets HTTPS out already, or true"
    )
    self_sign_up: bool = Field(
        False, description="true where people may make themselves users of the user pool, or false"
    )

    @property
    def has_user_pool(self) -> bool:
        """Whether a service can ask for a sign-in by Cognito."""
        return self.user_pool is not None

    @property
    def is_dualstack(self) -> bool:
        """Whether hosts get AAAA records here; whoever made the load balancer may add them."""
        return False


class Network(Table):
    """The VPC over two availability zones, and how what has no public address reaches the internet."""

    cidr_block: Cidr = Field(
        "10.0.0.0/16",
        description="the VPC's private IPv4 block (RFC 1918, 6598), between a /16 and a /24, such as 10.0.0.0/16",
    )
    nat_gateways: Literal["none", "one", "one-per-zone"] = Field(
        "one",
        description='"one", "one-per-zone", or "none", for instances on public subnets with addresses of their own',
    )
    flow_logs: bool = Field(
        True, description="true to log every connection of the network beside the access logs, or false"
    )

    @property
    def block(self) -> IPv4Network:
        """The VPC's block as an address range."""
        return IPv4Network(self.cidr_block)

    @property
    def has_nat(self) -> bool:
        """Whether private subnets reach the internet; where not, the instances stand on the public ones."""
        return self.nat_gateways != "none"


class Balancer(Table):
    """The Application Load Balancer that all services share."""

    deletion_protection: bool = Field(
        True,
        description="true to keep the load balancer, its log bucket and the user pool from being destroyed, or false",
    )
    ip_address_type: Literal["ipv4", "dualstack"] = Field(
        "ipv4", description='"ipv4", or "dualstack" to serve IPv6 as well'
    )
    web_acl: bool = Field(True, description="true to put AWS WAF with AWS's managed rules before it, or false")
    access_log_retention_days: int = Field(365, ge=1, le=3653, description="the days to keep the access logs, 1-3653")

    @property
    def is_dualstack(self) -> bool:
        """Whether it serves IPv6."""
        return self.ip_address_type == "dualstack"


class Instances(Table):
    """The instances that run the compose file."""

    image: Image = Field(
        description="the container image to run as ORCHA_IMAGE, with its tag or digest, such as "
        "111111111111.dkr.ecr.eu-central-1.amazonaws.com/orcha:2026.11.1"
    )
    instance_type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")] = Field(
        "t3.small", description="an EC2 instance type, such as t3.small"
    )
    min_size: int = Field(2, ge=1, le=100, description="the fewest instances that run, 1-100")
    max_size: int = Field(4, ge=1, le=100, description="the most instances that run, 1-100")
    permissions_boundary: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+=,.@_-]{1,128}$")] | None = Field(
        None,
        description="the name of an IAM policy in the platform's account that bounds the instances' role, "
        "such as v1-orcha-staging-instances-boundary",
    )
    volume_gib: int = Field(
        20, ge=8, le=aws_limits.GP3_VOLUME_MAX_GIB, description="the size of each root volume in GiB, 8-16384"
    )

    @property
    def architecture(self) -> Literal["arm64", "x86_64"]:
        """The processor architecture that the instance type has."""
        return "arm64" if _GRAVITON.match(self.instance_type) else "x86_64"


class LoginSettings(Table):
    """The Cognito user pool for services with login."""

    domain_prefix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")] | None = Field(
        None,
        description="the first label of the sign-in pages' domain, unique in the AWS region (default: the prefix)",
    )
    keep_user_pool: bool = Field(
        False, description="true to keep the user pool where all services that ask for a sign-in use oidc, or false"
    )
    self_sign_up: bool = Field(
        False, description="true to let people make themselves users of the user pool, or false for invitations alone"
    )
    mfa: Literal["required", "optional"] = Field(
        "required", description='"required" for a second factor from every user of the user pool, or "optional"'
    )
    threat_protection: Literal["off", "audit", "enforced"] = Field(
        "off",
        description='"off", or, at a price for each user, "audit" or "enforced" for Cognito\'s threat protection',
    )
    session_timeout_seconds: int = Field(
        WORKING_DAY_SECONDS,
        ge=1,
        le=SESSION_MAX_SECONDS,
        description="the seconds after which everybody signs in again, unless a service says otherwise, 1-604800",
    )


class ManagedPlatform(Table):
    """What this stack makes itself, in the same plan as the services."""

    kind: Literal["managed"] = Field(description='"existing" or "managed"')
    account: Key = Field(description="the name of the account that holds the load balancer")
    network: Network = Field(Network(), description="a table of network settings")
    balancer: Balancer = Field(Balancer(), description="a table of load balancer settings")
    instances: Instances = Field(description="a [platform.instances] table with at least the image to run")
    login: LoginSettings = Field(LoginSettings(), description="a table of sign-in settings")
    alert_emails: Annotated[tuple[Email, ...], Field(strict=False)] = Field(
        (), description='a list of e-mail addresses that alarms notify, such as ["oncall@getorcha.com"]'
    )

    @property
    def has_user_pool(self) -> bool:
        """Whether a service can ask for a sign-in by Cognito: a managed platform makes the user pool for it."""
        return True

    @property
    def is_dualstack(self) -> bool:
        """Whether hosts get AAAA records here: where the load balancer serves IPv6."""
        return self.balancer.is_dualstack

    @property
    def self_sign_up(self) -> bool:
        """Whether people may make themselves users of the user pool."""
        return self.login.self_sign_up

    @property
    def opens_sign_in_port(self) -> bool:
        """Whether this stack may let the load balancer reach the identity provider: nobody else does."""
        return True


def kind_of(platform: Any) -> str:
    """Tell which kind of platform a table is meant to be, also where its `kind` is missing or wrong."""
    if not isinstance(platform, dict):
        return getattr(platform, "kind", "existing")
    kind = platform.get("kind")
    if isinstance(kind, str) and kind in KINDS:
        return kind
    meant = KINDS["managed"].model_fields.keys() - KINDS["existing"].model_fields.keys()
    return "managed" if meant & platform.keys() else "existing"


KINDS: dict[str, type[Table]] = {"existing": ExistingPlatform, "managed": ManagedPlatform}

AnyPlatform = Annotated[
    Annotated[ExistingPlatform, Tag("existing")] | Annotated[ManagedPlatform, Tag("managed")], Discriminator(kind_of)
]
