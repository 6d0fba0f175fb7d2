"""The instances: role, launch template and Auto Scaling group."""

from typing import Any

from edge.roles.documents import Conditions, Statement
from edge.roles.home import Home, everything
from edge.roles.managed.balancer import service_linked_role
from environments import instance_role
from environments.checked import Environment
from environments.platforms import ManagedPlatform

# What releases up to 0.1.0 attached instead of a policy of our own: the first deploy of a later one detaches them.
_FORMER_POLICIES = ("AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore")


def _role(home: Home) -> str:
    return home.global_arn("iam", f"role/{home.name('ec2')}", owned=True)


def _profile(home: Home) -> str:
    return home.global_arn("iam", f"instance-profile/{home.name('ec2')}", owned=True)


def _group(home: Home) -> str:
    return home.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{home.name('asg')}")


def boundary(environment: Environment) -> dict[str, Any] | None:
    """Write the policy that bounds the instances' role, which an administrator makes; None where the file has none."""
    managed = environment.managed
    if managed is None or managed.settings.instances.permissions_boundary is None:
        return None
    home = Home(environment, managed.settings.account)
    return instance_role.policy(
        partition=home.partition,
        region=environment.region,
        account_id=home.account_id,
        image=managed.settings.instances.image,
    )


def reads(home: Home) -> list[Statement]:
    """Let a plan read them; EC2 and Auto Scaling have no resource-level permissions for theirs."""
    return [
        everything(
            "FindInstances",
            "autoscaling:DescribeAutoScalingGroups",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:DescribeLaunchTemplates",
        ),
        Statement(
            sid="ReadInstanceRole",
            actions=(
                "iam:GetInstanceProfile",
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListRolePolicies",
            ),
            resources=(_role(home), _profile(home)),
        ),
    ]


def _image(home: Home, settings: ManagedPlatform) -> str:
    name = f"al2023-ami-kernel-default-{settings.instances.architecture}"
    region = home.environment.region
    return f"arn:{home.partition}:ssm:{region}::parameter/aws/service/ami-amazon-linux-latest/{name}"


def writes(home: Home, settings: ManagedPlatform) -> list[Statement]:
    """Let a deploy make, change and remove them.

    EC2 resolves the template's image in the caller's name, from a parameter that Amazon publishes.
    """
    image = Statement(sid="ReadImage", actions=("ssm:GetParameters",), resources=(_image(home, settings),))
    return [*_role_writes(home, settings), *_template(home), image, *_scaling(home)]


def _bounded(home: Home, settings: ManagedPlatform) -> Conditions:
    """Demand the boundary of the file, where it names one: nobody can give the role more than that allows.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
    """
    name = settings.instances.permissions_boundary
    if name is None:
        return {}
    arn = instance_role.boundary_arn(partition=home.partition, account_id=home.account_id, name=name)
    return {"StringEquals": {"iam:PermissionsBoundary": arn}}


def _role_writes(home: Home, settings: ManagedPlatform) -> list[Statement]:
    """Let the role be made under its boundary, and passed to EC2 alone; the boundary itself nobody here may change."""
    former = tuple(f"arn:{home.partition}:iam::aws:policy/{policy}" for policy in _FORMER_POLICIES)
    return [
        Statement(
            sid="MakeInstanceRole",
            actions=("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy")
            if settings.instances.permissions_boundary
            else ("iam:CreateRole", "iam:PutRolePolicy"),
            resources=(_role(home),),
            conditions=_bounded(home, settings),
        ),
        Statement(
            sid="ChangeInstanceRole",
            actions=(
                "iam:AddRoleToInstanceProfile",
                "iam:CreateInstanceProfile",
                "iam:DeleteInstanceProfile",
                "iam:DeleteRole",
                "iam:DeleteRolePolicy",
                "iam:ListInstanceProfilesForRole",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:TagInstanceProfile",
                "iam:TagRole",
            ),
            resources=(_role(home), _profile(home)),
        ),
        Statement(
            sid="DetachFormerPolicies",
            actions=("iam:DetachRolePolicy",),
            resources=(_role(home),),
            conditions={"ArnEquals": {"iam:PolicyARN": former}},
        ),
        Statement(
            sid="PassInstanceRole",
            actions=("iam:PassRole",),
            resources=(_role(home),),
            conditions={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
    ]


def _template(home: Home) -> list[Statement]:
    templates = home.ec2("launch-template")
    return [
        Statement(
            sid="MakeTemplate", actions=("ec2:CreateLaunchTemplate",), resources=templates, conditions=home.made_ours
        ),
        Statement(
            sid="ChangeTemplate",
            actions=(
                "ec2:CreateLaunchTemplateVersion",
                "ec2:DeleteLaunchTemplate",
                "ec2:ModifyLaunchTemplate",
                "ec2:RunInstances",
            ),
            resources=templates,
            conditions=home.ours,
        ),
        # Asked for when Auto Scaling is given a template; from another one, or from none, nothing can be started.
        # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-api-permissions.html
        Statement(
            sid="RunInstances",
            actions=("ec2:RunInstances",),
            resources=(
                *home.ec2("instance", "network-interface", "security-group", "subnet", "volume"),
                f"arn:{home.partition}:ec2:{home.environment.region}::image/*",
            ),
            conditions={"ArnLike": {"ec2:LaunchTemplate": templates}},
        ),
        Statement(
            sid="TagNewInstances",
            actions=("ec2:CreateTags",),
            resources=(*templates, *home.ec2("instance", "volume")),
            conditions={
                "StringEquals": {
                    **home.tagged_in_request,
                    "ec2:CreateAction": ("CreateLaunchTemplate", "RunInstances"),
                }
            },
        ),
    ]


def _scaling(home: Home) -> list[Statement]:
    """Bind the group by its name, since Terraform gives it no tags of the environment."""
    return [
        everything("WatchScaling", "autoscaling:DescribeScalingActivities"),
        Statement(
            sid="ChangeScaling",
            actions=(
                "autoscaling:CreateAutoScalingGroup",
                "autoscaling:CreateOrUpdateTags",
                "autoscaling:DeleteAutoScalingGroup",
                "autoscaling:StartInstanceRefresh",
                "autoscaling:UpdateAutoScalingGroup",
            ),
            resources=(_group(home),),
        ),
        service_linked_role(home, "autoscaling"),
    ]
