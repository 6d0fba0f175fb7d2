"""EC2 launch templates: their own tags stay theirs, and every version of them can start an instance."""

from collections.abc import Callable
from typing import Any

from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateBackend, LaunchTemplateVersion
from moto.ec2.utils import parse_user_data

from embedded_aws.corrections.patching import replace

_ITSELF = "launch-template"


def apply() -> None:
    """Correct moto's launch templates in this process."""
    replace(LaunchTemplateBackend, "create_launch_template", _keep_own_tags_apart)
    replace(LaunchTemplate, "create_version", _read_user_data)
    replace(LaunchTemplateVersion, "security_groups", _look_at_interfaces)


def _keep_own_tags_apart(original: Callable[..., LaunchTemplate]) -> Callable[..., LaunchTemplate]:
    """Take the template's own tags out of its data.

    AWS: TagSpecification tags the template; LaunchTemplateData.TagSpecifications what it starts.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
    moto: adds the former to the latter, so that every plan would take it out again. Here: as AWS.
    """

    def create_launch_template(
        self: LaunchTemplateBackend,
        name: str,
        description: str,
        template_data: dict[str, Any],
        tag_spec: dict[str, Any],
    ) -> LaunchTemplate:
        started = [
            specification
            for specification in template_data.pop("TagSpecifications", [])
            if specification["ResourceType"] != _ITSELF
        ]
        data = {**template_data, **({"TagSpecifications": started} if started else {})}
        return original(self, name, description, data, tag_spec)

    return create_launch_template


def _read_user_data(original: Callable[..., LaunchTemplateVersion]) -> Callable[..., LaunchTemplateVersion]:
    """Take a later version's user data as the first one's.

    AWS: UserData is base64 in every version.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html
    moto: reads the first version's, and starts no instance from a later one (500). Here: reads every version's.
    """

    def create_version(self: LaunchTemplate, data: dict[str, Any], description: str) -> LaunchTemplateVersion:
        if isinstance(data.get("UserData"), str):  # the first version's is read already
            data = {**data, "UserData": parse_user_data(data["UserData"])}
        return original(self, data, description)

    return create_version


def _look_at_interfaces(original: property) -> property:
    """Give an Auto Scaling group's instances the security groups of the template's network interfaces.

    AWS: "Groups: the IDs of one or more security groups", of an interface that is made when the instance starts.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateInstanceNetworkInterfaceSpecificationRequest.html
    moto: takes only groups named beside the interfaces, else the VPC's default group. Here: as AWS.
    """

    def security_groups(self: LaunchTemplateVersion) -> list[str]:
        interfaces = self.data.get("NetworkInterfaces", [])
        beside: list[str] = original.__get__(self)
        return beside or [group for interface in interfaces for group in interface.get("Groups", [])]

    return property(security_groups)
