"""The Auto Scaling group: as many instances as the environment says, and a new one for each that is ill."""

from collections.abc import Sequence

from imports.aws_platform import (
    AutoscalingGroup,
    AutoscalingGroupInstanceRefresh,
    AutoscalingGroupInstanceRefreshPreferences,
    AutoscalingGroupLaunchTemplate,
    AutoscalingGroupTag,
)
from imports.terraform import Construct, TerraformElement, TerraformResourceLifecycle
from modules.addresses import addressed
from modules.platform.managed.network import Network
from modules.platform.managed.site import Site
from modules.platform.managed.template import Template

# Docker, the image and the first healthy answers; before this an instance is not replaced for being ill.
START_SECONDS = 300
# A new launch template is rolled out with all old instances serving until the new ones do.
REFRESH_MIN_HEALTHY_PERCENT = 100
REFRESH_MAX_HEALTHY_PERCENT = 150


class ScalingGroup(Construct):
    """`name` is the group's; services attach their target groups to it, so that it ignores those."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        site: Site,
        template: Template,
        network: Network,
        after: Sequence[TerraformElement],
    ) -> None:
        super().__init__(scope, id)
        instances, name = site.settings.instances, site.name("asg")
        group = AutoscalingGroup(
            self,
            "group",
            provider=site.provider,
            name=name,
            min_size=instances.min_size,
            max_size=instances.max_size,
            vpc_zone_identifier=network.instance_subnet_ids,
            health_check_type="ELB",
            health_check_grace_period=START_SECONDS,
            default_instance_warmup=START_SECONDS,
            launch_template=AutoscalingGroupLaunchTemplate(id=template.template_id, version=template.latest_version),
            instance_refresh=_rolling(),
            tag=[AutoscalingGroupTag(key="Name", value=site.name("ec2"), propagate_at_launch=False)],
            lifecycle=TerraformResourceLifecycle(ignore_changes=["target_group_arns"]),
            depends_on=[*network.ways_out, *after],
        )
        self.name = addressed(group, "instances").name


def _rolling() -> AutoscalingGroupInstanceRefresh:
    preferences = AutoscalingGroupInstanceRefreshPreferences(
        min_healthy_percentage=REFRESH_MIN_HEALTHY_PERCENT,
        max_healthy_percentage=REFRESH_MAX_HEALTHY_PERCENT,
        instance_warmup=str(START_SECONDS),
    )
    return AutoscalingGroupInstanceRefresh(strategy="Rolling", preferences=preferences)
