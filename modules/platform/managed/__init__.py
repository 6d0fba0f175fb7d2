"""A platform that the environment makes itself, in the same plan as its services.

It gives the same `Platform` value as a platform that is looked up, so that no service knows which kind it stands on.
"""

from collections.abc import Mapping

from environments.checked import Environment, Managed
from imports.aws import AwsProvider
from imports.terraform import Construct, TerraformStack
from modules.dns import HostedZone
from modules.platform.managed.access_logs import AccessLogs
from modules.platform.managed.alerts import Alerts
from modules.platform.managed.balancer import Balancer
from modules.platform.managed.flow_logs import FlowLogs
from modules.platform.managed.key import PlatformKey
from modules.platform.managed.network import Network
from modules.platform.managed.role import InstanceRole
from modules.platform.managed.scaling import ScalingGroup
from modules.platform.managed.security_groups import SecurityGroups
from modules.platform.managed.site import Site
from modules.platform.managed.template import Template
from modules.platform.managed.users import Users
from modules.platform.managed.web_acl import WebAcl
from modules.shared_platform import Platform


def managed_platform(
    stack: TerraformStack,
    *,
    environment: Environment,
    managed: Managed,
    providers: Mapping[str, AwsProvider],
    zones: Mapping[str, HostedZone],
) -> Platform:
    """Make the network, the load balancer, the instances, the user pool (where one is needed) and the alert topic."""
    settings = managed.settings
    site, scope = Site.of(environment, settings, providers), Construct(stack, "platform")
    key = PlatformKey(scope, "key", site=site)
    network = Network(scope, "network", site=site)
    groups = SecurityGroups(scope, "security_groups", site=site, vpc_id=network.vpc_id)
    logs = AccessLogs(scope, "access_logs", site=site)
    if settings.network.flow_logs:
        FlowLogs(scope, "flow_logs", site=site, vpc_id=network.vpc_id, logs=logs)
    balancer = Balancer(
        scope,
        "balancer",
        site=site,
        certificate_name=managed.own_name,
        zone=zones[managed.own_zone],
        network=network,
        security_group_id=groups.balancer_id,
        logs=logs,
    )
    if settings.balancer.web_acl:
        WebAcl(scope, "web_acl", site=site, load_balancer_arn=balancer.arn, key=key)
    instances = _instances(scope, site, network, groups, compose_file=managed.compose_file)
    domain = environment.sign_in_domain
    users = Users(scope, "users", site=site, domain=domain) if domain else None
    alerts = Alerts(scope, "alerts", site=site, key=key)
    return Platform(
        provider=site.provider,
        vpc_id=network.vpc_id,
        load_balancer_arn_suffix=balancer.arn_suffix,
        load_balancer_dns_name=balancer.dns_name,
        load_balancer_zone_id=balancer.zone_id,
        https_listener_arn=balancer.https_listener_arn,
        load_balancer_security_group_id=groups.balancer_id,
        instance_security_group_id=groups.instances_id,
        autoscaling_group_name=instances.name,
        alert_topic_arn=alerts.topic_arn,
        user_pool=users.pool if users else None,
        session_timeout_seconds=settings.login.session_timeout_seconds,
    )


def _instances(
    scope: Construct, site: Site, network: Network, groups: SecurityGroups, *, compose_file: str
) -> ScalingGroup:
    """Make the instances: what they may do, how each starts, and how many run."""
    role = InstanceRole(scope, "role", site=site)
    template = Template(
        scope, "template", site=site, role=role, security_group_id=groups.instances_id, compose_file=compose_file
    )
    after = [*role.permissions, *groups.rules]
    return ScalingGroup(scope, "scaling", site=site, template=template, network=network, after=after)
