"""What the instances may do in AWS: be reached by Systems Manager, and pull images. Nothing more."""

from imports.aws_platform import IamInstanceProfile, IamRole, IamRolePolicyAttachment
from imports.terraform import Construct, TerraformElement
from modules.addresses import addressed
from modules.platform.managed import policies
from modules.platform.managed.site import Site

# AWS's own policies: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
MANAGED_POLICIES = {
    "systems_manager": "AmazonSSMManagedInstanceCore",
    "pull_images": "AmazonEC2ContainerRegistryPullOnly",
}


class InstanceRole(Construct):
    """The instances' role and profile; `permissions` must stand before an instance starts and pulls its image."""

    def __init__(self, scope: Construct, id: str, *, site: Site) -> None:
        super().__init__(scope, id)
        role = IamRole(
            self,
            "role",
            provider=site.provider,
            name=site.name("ec2"),
            assume_role_policy=policies.assumed_by_instances(),
        )
        addressed(role, "instances")
        self.permissions: list[TerraformElement] = [
            self._allow(site, role, address, policy) for address, policy in MANAGED_POLICIES.items()
        ]
        profile = IamInstanceProfile(self, "profile", provider=site.provider, name=site.name("ec2"), role=role.name)
        self.profile_arn = addressed(profile, "instances").arn

    def _allow(self, site: Site, role: IamRole, address: str, policy: str) -> IamRolePolicyAttachment:
        attachment = IamRolePolicyAttachment(
            self,
            address,
            provider=site.provider,
            role=role.name,
            policy_arn=f"arn:{site.partition}:iam::aws:policy/{policy}",
        )
        return addressed(attachment, address)
