"""EC2 launch templates: the tags of the template itself are not those of what it starts."""

from collections.abc import Callable
from typing import Any

from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateBackend

from tools.local_aws.corrections.patching import replace

_ITSELF = "launch-template"


def apply() -> None:
    """Correct moto's launch templates in this process."""
    replace(LaunchTemplateBackend, "create_launch_template", _keep_own_tags_apart)


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
        started = [each for each in template_data.pop("TagSpecifications", []) if each["ResourceType"] != _ITSELF]
        data = {**template_data, **({"TagSpecifications": started} if started else {})}
        return original(self, name, description, data, tag_spec)

    return create_launch_template
