"""The instances as CDK left them: a launch template and an Auto Scaling group of two."""

from collections.abc import Callable
from typing import Any

from embedded_aws.seed.cdk_services import names_of
from embedded_aws.seed.network import Network
from environments.checked import Environment

_IMAGE = "ami-0123456789abcdef0"  # moto runs any image
_INSTANCES = 2


def make_fleet(
    environment: Environment, client: Callable[[str], Any], *, network: Network, target_groups: list[str]
) -> None:
    """Make the launch template and the Auto Scaling group, attached to the older services' target groups."""
    template = client("ec2").create_launch_template(
        LaunchTemplateName=f"{environment.prefix}-lt",
        LaunchTemplateData={
            "ImageId": _IMAGE,
            "InstanceType": "t3.small",
            "SecurityGroupIds": [network.instance_group],
        },
    )["LaunchTemplate"]
    client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=names_of(environment).autoscaling_group,
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "$Latest"},
        MinSize=_INSTANCES,
        MaxSize=_INSTANCES,
        DesiredCapacity=_INSTANCES,
        VPCZoneIdentifier=",".join(network.subnets),
        TargetGroupARNs=target_groups,
    )
