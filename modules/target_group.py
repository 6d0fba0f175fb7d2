"""The target group of one service: where requests go, how targets are asked for their health, and the instances."""

from collections.abc import Mapping

from environments.schema import Service
from environments.watching import HealthCheck
from imports.aws import AutoscalingAttachment, LbTargetGroup, LbTargetGroupHealthCheck, LbTargetGroupStickiness
from imports.terraform import Construct, TerraformResourceLifecycle
from modules.addresses import addressed, attribute
from modules.shared_platform import Platform

_TYPE = "aws_lb_target_group"


class TargetGroup(Construct):
    """A target group over the platform's instances, attached to its Auto Scaling group.

    `arn` and `arn_suffix` are the group's, `port` refers to its port, and `attachment` is what brings targets into it.
    A change of port replaces the group, for which `generation` gives a new name: the new group is made, attached and
    routed to before the old goes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        address: str,
        name: str,
        service: Service,
        platform: Platform,
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        replaced_without_a_gap = TerraformResourceLifecycle(create_before_destroy=True)
        group = LbTargetGroup(
            self,
            "group",
            provider=platform.provider,
            name=name,
            vpc_id=platform.vpc_id,
            port=service.port,
            protocol="HTTP",
            target_type="instance",
            deregistration_delay=str(service.deregistration_delay_seconds),
            slow_start=service.slow_start_seconds,
            stickiness=_stickiness(service.stickiness_seconds),
            health_check=_health_check(service.health_check),
            tags=dict(tags),
            lifecycle=replaced_without_a_gap,
        )
        addressed(group, address)
        self.arn, self.arn_suffix = attribute(_TYPE, address, "arn"), attribute(_TYPE, address, "arn_suffix")
        self.port = f"{_TYPE}.{address}.port"
        self.attachment = AutoscalingAttachment(
            self,
            "attachment",
            provider=platform.provider,
            autoscaling_group_name=platform.autoscaling_group_name,
            lb_target_group_arn=self.arn,
            lifecycle=replaced_without_a_gap,
        )
        addressed(self.attachment, address)


def _health_check(check: HealthCheck) -> LbTargetGroupHealthCheck:
    return LbTargetGroupHealthCheck(
        enabled=True,
        protocol="HTTP",
        port="traffic-port",
        path=check.path,
        matcher=check.matcher,
        healthy_threshold=check.healthy_threshold,
        unhealthy_threshold=check.unhealthy_threshold,
        interval=check.interval_seconds,
        timeout=check.timeout_seconds,
    )


def _stickiness(duration_seconds: int | None) -> LbTargetGroupStickiness | None:
    if duration_seconds is None:
        return None
    return LbTargetGroupStickiness(type="lb_cookie", enabled=True, cookie_duration=duration_seconds)
