"""A platform that another tool made: its parts are looked up, and changed only where a service needs it."""

from collections.abc import Mapping

from edge.roles.documents import Statement
from edge.roles.home import Home, everything
from edge.roles.services import Shared
from environments.platforms import ExistingPlatform


def shared(home: Home, settings: ExistingPlatform, ids: Mapping[str, str]) -> Shared:
    """Name what services share; `ids` gives the ids of the security groups and of the user pool by their names."""
    pool = settings.user_pool and home.arn("cognito-idp", f"userpool/{ids[settings.user_pool]}")
    return Shared(
        load_balancer=settings.load_balancer,
        autoscaling_group=settings.autoscaling_group,
        alert_topic=settings.alert_topic,
        user_pool=pool,
    )


def reads(home: Home, settings: ExistingPlatform, ids: Mapping[str, str]) -> list[Statement]:
    """Let a plan find the platform by its names. AWS has no resource-level permissions for searches like these."""
    found = [
        "autoscaling:DescribeAutoScalingGroups",
        "ec2:DescribeSecurityGroups",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
        "sns:ListTopics",
    ]
    topic = Statement(
        sid="ReadTopic",
        actions=("sns:ListTagsForResource",),
        resources=(home.arn("sns", settings.alert_topic),),
    )
    if settings.user_pool is None:
        return [everything("FindPlatform", *found), topic]
    pool = Statement(
        sid="ReadUserPool",
        actions=("cognito-idp:DescribeUserPool",),
        resources=(home.arn("cognito-idp", f"userpool/{ids[settings.user_pool]}"),),
    )
    return [everything("FindPlatform", *found, "cognito-idp:ListUserPools"), topic, pool]


def writes(home: Home, settings: ExistingPlatform, ids: Mapping[str, str]) -> list[Statement]:
    """Let a deploy open ports in one direction for each group: out of the load balancer's, into the instances'.

    AWS looks at the group alone when a rule is revoked, so this could revoke another tool's rules of that direction.
    """
    directions = {
        "Egress": ("OpenLoadBalancer", settings.load_balancer_security_group),
        "Ingress": ("OpenInstances", settings.instance_security_group),
    }
    return [
        Statement(
            sid=sid,
            actions=(
                f"ec2:AuthorizeSecurityGroup{direction}",
                f"ec2:RevokeSecurityGroup{direction}",
                "ec2:ModifySecurityGroupRules",
            ),
            resources=(home.arn("ec2", f"security-group/{ids[name]}"),),
        )
        for direction, (sid, name) in directions.items()
    ]
