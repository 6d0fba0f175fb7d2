"""The environment file as typed, frozen models: one class for each table.

Every field's description completes the sentence "give …"; faults, documentation and editors read it. Limits that AWS
sets stand at the field, with their source. Checks across fields are in `rules/`.
"""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints, WrapValidator

from environments import dns_names, naming, patterns
from environments.backend import Backend
from environments.fields import Host, Key, PathPattern, Prefix, Region, Text, Zone, zones_once
from environments.listener_rules import PATHS_PER_RULE, ListenerRule, listener_rules
from environments.platforms import AnyPlatform, ExistingPlatform
from environments.quota_overrides import Limits
from environments.sign_in import AnySignIn, CognitoSignIn, of_login
from environments.table import Table
from environments.watching import Alarms, HealthCheck
from environments.zones import ZoneValue


class Account(Table):
    """One AWS account, and how to sign in to it."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] = Field(
        description='the AWS account id, 12 digits in quotes, such as "111111111111"'
    )
    profile: Text | None = Field(None, description="a profile of your AWS configuration files")
    role_arn: (
        Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$")] | None
    ) = Field(None, description="the ARN of the role to assume, such as arn:aws:iam::111111111111:role/deploy")


class Service(Table):
    """One service behind the shared load balancer: a port on the instances, known to the world under its hosts."""

    port: int = Field(ge=1, le=65535, description="the TCP port that the service listens on, 1-65535")
    priority: int = Field(ge=1, le=50000, description="the listener rule's priority, 1-50000, lower is asked first")
    hosts: Annotated[tuple[Host, ...], Field(strict=False, min_length=1)] = Field(
        description='a list of host names in lower case, the primary host first, such as ["link.prod.getorcha.com"]'
    )
    paths: Annotated[tuple[PathPattern, ...], Field(strict=False, min_length=1, max_length=PATHS_PER_RULE)] = Field(
        (),
        description='a list of at most 4 paths that the service takes of its hosts, such as ["/api/*"] (default: all)',
    )
    health_check: HealthCheck = Field(HealthCheck(), description="a table of health-check settings")
    deregistration_delay_seconds: int = Field(
        60, ge=0, le=3600, description="the seconds that a leaving target may finish its requests, 0-3600"
    )
    slow_start_seconds: int | None = Field(
        None, ge=30, le=900, description="the seconds over which a new target's share grows, 30-900"
    )
    stickiness_seconds: int | None = Field(
        None, ge=1, le=604800, description="the seconds that a client stays with its target, 1-604800"
    )
    login: bool = Field(False, description="true to ask for a Cognito sign-in first, or false")
    sign_in: AnySignIn | None = Field(
        default_factory=of_login,
        description="a [services.<name>.sign_in] table with the kind of sign-in to ask for first",
    )
    canonical_host: Host | None = Field(
        None, description="the host that names the service in its OAuth document (default: the primary host)"
    )
    oauth_discovery: bool = Field(
        False, description="true where the service answers /.well-known/oauth-authorization-server, or false"
    )
    generation: int = Field(
        1, ge=1, le=999, description="the target group's generation: raise it by 1 with a new port or protocol, 1-999"
    )
    opens_port: bool = Field(
        True, description="false where the load balancer may reach the instances on this port already, or true"
    )
    alarms: Alarms = Field(Alarms(), description="a table of alarm thresholds")
    takes_over: Annotated[tuple[Host, ...], Field(strict=False, min_length=1)] = Field(
        (),
        description='a list of its hosts that another service has until the next deploy, such as ["go.getorcha.com"] '
        "(default: none)",
    )
    records_first: Annotated[tuple[Host, ...], Field(strict=False, min_length=1)] = Field(
        (),
        description="a list of its hosts that a wildcard of others answers, so that their records come before their "
        "proofs (default: none)",
    )
    certificate: Key | None = Field(
        None, description="the name of the service whose certificate serves its hosts too (default: one of its own)"
    )
    certificate_names: Annotated[tuple[Host, ...], Field(strict=False, min_length=1)] = Field(
        (),
        description='a list of names that its certificate has beside its hosts, such as ["*.prod.getorcha.com"] '
        "(default: none)",
    )
    renamed_from: Key | None = Field(
        None, description="the name that the service had before, so that what exists moves to the new one"
    )

    @property
    def primary_host(self) -> str:
        """The first host that is not a wildcard; every host in another account is a CNAME to it."""
        return next((host for host in self.hosts if not dns_names.is_wildcard(host)), self.hosts[0])

    @property
    def url(self) -> str:
        """Where clients find it: its primary host, and what is fixed of the first path that it takes."""
        return f"https://{self.primary_host}{patterns.fixed_start(self.paths[0]) if self.paths else ''}"

    @property
    def rules(self) -> tuple[ListenerRule, ...]:
        """Its rules on the listener, in the order in which they are asked."""
        return listener_rules(
            priority=self.priority, hosts=self.hosts, paths=self.paths, signs_in=self.sign_in is not None
        )

    @property
    def priorities(self) -> tuple[int, ...]:
        """The priorities that its listener rules take, in a row."""
        return tuple(rule.priority for rule in self.rules)


class EnvironmentFile(Table):
    """One environment file: one stack, one plan and one state over all its accounts."""

    model_config = ConfigDict(title="Environment")

    name: Key = Field(
        description="a file name of at most 32 characters of a-z, 0-9 and inner hyphens that ends in .toml"
    )
    prefix: Prefix = Field(
        description="the start of every physical name, at most 24 characters of a-z, 0-9 and inner hyphens"
    )
    region: Region = Field(description="an AWS region, such as eu-central-1")
    backend: Backend | None = Field(None, description="a table with the state's bucket, key and region")
    accounts: dict[Key, Account] = Field(min_length=1, description="one [accounts.<name>] table for each account")
    zones: Annotated[dict[Zone, ZoneValue], WrapValidator(zones_once)] = Field(
        min_length=1, description="a [zones] table of hosted zone -> name of the account that holds it"
    )
    platform: AnyPlatform = Field(description="a [platform] table that names what services share")
    limits: Limits = Field(
        Limits(), description="a table of quotas that AWS has raised for the platform's account, or that others share"
    )
    services: dict[Key, Service] = Field({}, description="one [services.<name>] table for each service")

    @property
    def opens_sign_in_port(self) -> bool:
        """Whether this stack lets the load balancer reach the identity provider: some service asks for a sign-in."""
        return self.platform.opens_sign_in_port and any(service.sign_in for service in self.services.values())

    @property
    def makes_user_pool(self) -> bool:
        """Whether a managed platform has its user pool: not where every sign-in is another provider's."""
        if isinstance(self.platform, ExistingPlatform):
            return False
        asked = [service.sign_in for service in self.services.values() if service.sign_in]
        by_cognito = any(isinstance(sign_in, CognitoSignIn) for sign_in in asked)
        return by_cognito or not asked or self.platform.login.keep_user_pool

    @property
    def load_balancer_name(self) -> str:
        """The physical name of the load balancer, whoever makes it."""
        if isinstance(self.platform, ExistingPlatform):
            return self.platform.load_balancer
        return naming.platform_name(prefix=self.prefix, part="alb")

    @property
    def autoscaling_group_name(self) -> str:
        """The physical name of the instances' Auto Scaling group, whoever makes it."""
        if isinstance(self.platform, ExistingPlatform):
            return self.platform.autoscaling_group
        return naming.platform_name(prefix=self.prefix, part="asg")

    @property
    def alert_topic_name(self) -> str:
        """The physical name of the topic that alarms notify, whoever makes it."""
        if isinstance(self.platform, ExistingPlatform):
            return self.platform.alert_topic
        return naming.platform_name(prefix=self.prefix, part="alerts")

    @property
    def user_pool_name(self) -> str | None:
        """The physical name of the user pool, whoever makes it; None on an existing platform that names none."""
        if isinstance(self.platform, ExistingPlatform):
            return self.platform.user_pool
        return naming.platform_name(prefix=self.prefix, part="users")

    @property
    def sign_in_domain(self) -> str | None:
        """The first label of a managed platform's sign-in pages; None where there are none, or another's."""
        if isinstance(self.platform, ExistingPlatform) or not self.makes_user_pool:
            return None
        return self.platform.login.domain_prefix or self.prefix

    @property
    def default_zone(self) -> str | None:
        """The zone that proves a managed load balancer's own name: the platform account's first, or None."""
        own = (zone for zone, declared in self.zones.items() if declared.account == self.platform.account)
        return next(own, None)

    @property
    def default_certificate_name(self) -> str | None:
        """The name on a managed load balancer's default certificate, which no service may have; None without one."""
        if isinstance(self.platform, ExistingPlatform) or self.default_zone is None:
            return None
        return f"{self.prefix}.{self.default_zone}"

    def find_parent(self, zone: str) -> str | None:
        """Find the zone that delegates to a zone: the longest other declared one above it, or None."""
        return self.find_zone(dns_names.parent(zone))

    def find_zone(self, host: str) -> str | None:
        """Find the declared zone that answers for a host, or None."""
        return dns_names.zone_of(dns_names.base_name(host), self.zones)
