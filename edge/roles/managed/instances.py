"""The instances: role, launch template and Auto Scaling group."""

from edge.roles.documents import Statement
from edge.roles.home import Home, everything
from edge.roles.managed.balancer import service_linked_role
from environments.platforms import ManagedPlatform

_ROLE_POLICIES = ("AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore")


def _role(home: Home) -> str:
    return home.global_arn("iam", f"role/{home.name('ec2')}", owned=True)


def _profile(home: Home) -> str:
    return home.global_arn("iam", f"instance-profile/{home.name('ec2')}", owned=True)


def _group(home: Home) -> str:
    return home.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{home.name('asg')}")


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
    return [*_role_writes(home), *_template(home), image, *_scaling(home)]


def _role_writes(home: Home) -> list[Statement]:
    """Let the role be made, given AWS's two policies and no other, and passed to EC2 alone."""
    attached = tuple(f"arn:{home.partition}:iam::aws:policy/{policy}" for policy in _ROLE_POLICIES)
    return [
        Statement(
            sid="ChangeInstanceRole",
            actions=(
                "iam:AddRoleToInstanceProfile",
                "iam:CreateInstanceProfile",
                "iam:CreateRole",
                "iam:DeleteInstanceProfile",
                "iam:DeleteRole",
                "iam:ListInstanceProfilesForRole",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:TagInstanceProfile",
                "iam:TagRole",
            ),
            resources=(_role(home), _profile(home)),
        ),
        Statement(
            sid="AttachPolicies",
            actions=("iam:AttachRolePolicy", "iam:DetachRolePolicy"),
            resources=(_role(home),),
            conditions={"ArnEquals": {"iam:PolicyARN": attached}},
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
