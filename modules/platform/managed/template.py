"""The launch template: how each instance starts."""

import base64

from environments import naming
from imports.aws_platform import (
    LaunchTemplate,
    LaunchTemplateBlockDeviceMappings,
    LaunchTemplateBlockDeviceMappingsEbs,
    LaunchTemplateIamInstanceProfile,
    LaunchTemplateMetadataOptions,
    LaunchTemplateMonitoring,
    LaunchTemplateNetworkInterfaces,
    LaunchTemplateTagSpecifications,
)
from imports.terraform import Construct
from modules.addresses import addressed
from modules.platform.managed import user_data
from modules.platform.managed.role import InstanceRole
from modules.platform.managed.site import Site

# Resolved when an instance starts, not when a plan is made: a new image of Amazon's changes no plan, and comes with the
# next instance. https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
ROOT_DEVICE = "/dev/xvda"
# The host alone reaches its credentials: what runs in a container is one hop further away, and needs none.
METADATA_HOPS = 1


class Template(Construct):
    """Amazon Linux 2023 with an encrypted volume and IMDSv2; `template_id` and `latest_version` name it."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        site: Site,
        role: InstanceRole,
        security_group_id: str,
        compose_file: str,
    ) -> None:
        super().__init__(scope, id)
        instances = site.settings.instances
        tags = site.named("ec2") | naming.default_tags(site.environment)
        template = LaunchTemplate(
            self,
            "template",
            provider=site.provider,
            name=site.name("lt"),
            image_id=IMAGE.format(architecture=instances.architecture),
            instance_type=instances.instance_type,
            update_default_version=True,
            iam_instance_profile=LaunchTemplateIamInstanceProfile(arn=role.profile_arn),
            metadata_options=LaunchTemplateMetadataOptions(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=METADATA_HOPS
            ),
            monitoring=LaunchTemplateMonitoring(enabled=True),
            block_device_mappings=[_root_volume(instances.volume_gib)],
            network_interfaces=[_interface(security_group_id, public=not site.settings.network.has_nat)],
            tag_specifications=[
                LaunchTemplateTagSpecifications(resource_type=kind, tags=tags) for kind in ("instance", "volume")
            ],
            user_data=_user_data(site, compose_file),
        )
        addressed(template, "instances")
        self.template_id = template.id
        self.latest_version = f"${{{template.fqn}.latest_version}}"


def _root_volume(gib: int) -> LaunchTemplateBlockDeviceMappings:
    volume = LaunchTemplateBlockDeviceMappingsEbs(
        volume_type="gp3", volume_size=gib, encrypted="true", delete_on_termination="true"
    )
    return LaunchTemplateBlockDeviceMappings(device_name=ROOT_DEVICE, ebs=volume)


def _interface(security_group_id: str, *, public: bool) -> LaunchTemplateNetworkInterfaces:
    return LaunchTemplateNetworkInterfaces(
        device_index=0,
        security_groups=[security_group_id],
        associate_public_ip_address=str(public).lower(),
        delete_on_termination="true",
    )


def _user_data(site: Site, compose_file: str) -> str:
    """Encode the start script here, so that Terraform reads no `${` of it as an expression."""
    instances = site.settings.instances
    script = user_data.script(
        compose_file=compose_file,
        image=instances.image,
        architecture=instances.architecture,
    )
    return base64.b64encode(script.encode()).decode()
