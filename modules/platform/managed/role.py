"""What the instances may do in AWS, by a policy of our own (environments/instance_role.py)."""

from environments import instance_role
from imports.aws_platform import IamInstanceProfile, IamRole, IamRolePolicy
from imports.terraform import Construct, TerraformElement
from modules.addresses import addressed
from modules.platform.managed import policies
from modules.platform.managed.site import Site


class InstanceRole(Construct):
    """The instances' role and profile; `permissions` must stand before an instance starts and pulls its image.

    Where the file names a boundary, the role has it, whatever policies it may get: whoever may make the role cannot
    make it stronger.
    """

    def __init__(self, scope: Construct, id: str, *, site: Site) -> None:
        super().__init__(scope, id)
        role = IamRole(
            self,
            "role",
            provider=site.provider,
            name=site.name("ec2"),
            assume_role_policy=policies.assumed_by_instances(),
            permissions_boundary=_boundary(site),
        )
        addressed(role, "instances")
        policy = IamRolePolicy(
            self,
            "policy",
            provider=site.provider,
            name=site.name("ec2"),
            role=role.name,
            policy=policies.instances(site),
        )
        self.permissions: list[TerraformElement] = [addressed(policy, "instances")]
        profile = IamInstanceProfile(self, "profile", provider=site.provider, name=site.name("ec2"), role=role.name)
        self.profile_arn = addressed(profile, "instances").arn


def _boundary(site: Site) -> str | None:
    name = site.settings.instances.permissions_boundary
    if name is None:
        return None
    return instance_role.boundary_arn(partition=site.partition, account_id=site.account_id, name=name)
