"""What `make verify` reads beside a plan: the ways in, the targets behind them, and what a sign-in should be."""

from edge.roles.documents import Statement
from edge.roles.home import Home, everything
from environments.sign_in import CognitoSignIn


def reads(home: Home, user_pool: str | None) -> list[Statement]:
    """Let the role that plans verify too; without services there is nothing to find.

    `user_pool` is the pool's ARN, or None. What has an ARN of its own (certificates, zones, the pool and its clients) a
    plan reads by the same calls; added here is how it is found, and what Terraform never looks at. AWS has no
    resource-level permissions for these, but for the topic's subscriptions and the list of a pool's clients.
    """
    return [*_zones(home), *(_platform(home, user_pool) if _has_platform(home) else [])]


def _has_platform(home: Home) -> bool:
    return home.environment.platform.account == home.account and bool(home.environment.services)


def _zones(home: Home) -> list[Statement]:
    environment = home.environment
    holders = {environment.zones[zone].account for zone in environment.zones_of(environment.names)}
    return [everything("VerifyZones", "route53:ListHostedZonesByName")] if home.account in holders else []


def _platform(home: Home, user_pool: str | None) -> list[Statement]:
    found = everything(
        "VerifyServices",
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSubnets",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeSSLPolicies",
        "elasticloadbalancing:DescribeTargetHealth",
        "sns:GetSubscriptionAttributes",
    )
    read_by_plan = home.environment.managed is not None  # a topic that is made here
    topic = Statement(
        sid="VerifyTopic",
        actions=(*(() if read_by_plan else ("sns:GetTopicAttributes",)), "sns:ListSubscriptionsByTopic"),
        resources=(home.arn("sns", home.environment.alert_topic_name),),
    )
    signed_in = [service.sign_in for service in home.environment.services.values()]
    if user_pool is None or not any(isinstance(sign_in, CognitoSignIn) for sign_in in signed_in):
        return [found, topic]
    return [found, topic, everything("VerifyLogin", "cognito-idp:ListUserPools")]
