"""What a deploy changes for the services, on either kind of platform: from the certificate to the alarms."""

from dataclasses import dataclass, field

from edge.roles import certificates, client_secrets
from edge.roles.documents import Conditions, Statement
from edge.roles.home import Home, everything

_RULES = ("ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress")
_TARGETS = ("autoscaling:AttachLoadBalancerTargetGroups", "autoscaling:DetachLoadBalancerTargetGroups")


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What services share on a platform: names, and the ARNs of what has no name in its ARN."""

    load_balancer: str
    autoscaling_group: str
    alert_topic: str
    user_pool: str | None
    user_pool_tags: Conditions = field(default_factory=dict)


def reads(home: Home, shared: Shared) -> list[Statement]:
    """Let a plan compare the services with what stands, whether or not the state knows it.

    Reads ask for no tags: a plan must see what has lost its own. Elastic Load Balancing, Auto Scaling, EC2 and the list
    of certificates have no resource-level permissions.
    """
    prefix = home.prefix
    return [
        everything(
            "FindServices",
            "acm:ListCertificates",
            "autoscaling:DescribeAutoScalingGroups",
            "ec2:DescribeManagedPrefixLists",
            "ec2:DescribeRegions",
            "ec2:DescribeSecurityGroupRules",
            "elasticloadbalancing:DescribeListenerCertificates",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups",
            "servicequotas:GetServiceQuota",
        ),
        certificates.reads(home),
        # All alarms: AWS leaves out of the answer what a narrower permission does not cover, instead of refusing it.
        Statement(
            sid="FindAlarms", actions=("cloudwatch:DescribeAlarms",), resources=(home.arn("cloudwatch", "alarm:*"),)
        ),
        Statement(
            sid="ReadAlarms",
            actions=("cloudwatch:ListTagsForResource",),
            resources=(home.arn("cloudwatch", f"alarm:{prefix}-*"),),
        ),
        *_login(shared, "ReadLogin", "cognito-idp:DescribeUserPoolClient", "cognito-idp:ListUserPoolClients", tags={}),
        *client_secrets.reads(home),
    ]


def writes(home: Home, shared: Shared) -> list[Statement]:
    """Let a deploy make, change and remove what the services need; where the last one has left, what remains of it."""
    login = tuple(f"cognito-idp:{verb}UserPoolClient" for verb in ("Create", "Delete", "Update"))
    return [
        *_target_groups(home, shared),
        *_listener(home, shared),
        *certificates.writes(home),
        *_firewall(home),
        *_alarms(home, shared),
        *_login(shared, "ChangeLogin", *login, tags=shared.user_pool_tags),
    ]


def _target_groups(home: Home, shared: Shared) -> list[Statement]:
    groups = (home.arn("elasticloadbalancing", f"targetgroup/{home.prefix}-*"),)
    return [
        Statement(
            sid="MakeTargetGroups",
            actions=("elasticloadbalancing:CreateTargetGroup",),
            resources=groups,
            conditions=home.made_ours,
        ),
        Statement(
            sid="ChangeTargetGroups",
            actions=(
                "elasticloadbalancing:DeleteTargetGroup",
                "elasticloadbalancing:ModifyTargetGroup",
                "elasticloadbalancing:ModifyTargetGroupAttributes",
            ),
            resources=groups,
            conditions=home.ours,
        ),
        Statement(
            sid="AttachTargetGroups",
            actions=_TARGETS,
            resources=(home.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{shared.autoscaling_group}"),),
            conditions={
                "ForAllValues:ArnLike": {"autoscaling:TargetGroupARNs": groups},
                "Null": {"autoscaling:TargetGroupARNs": "false"},
            },
        ),
    ]


def _listener(home: Home, shared: Shared) -> list[Statement]:
    """Bind the rules by their tags; no key tells one certificate of a listener from another."""
    listeners = (home.arn("elasticloadbalancing", f"listener/app/{shared.load_balancer}/*"),)
    rules = (home.arn("elasticloadbalancing", f"listener-rule/app/{shared.load_balancer}/*"),)
    groups = (home.arn("elasticloadbalancing", f"targetgroup/{home.prefix}-*"),)
    on_creation = {"elasticloadbalancing:CreateAction": ("CreateRule", "CreateTargetGroup")}
    return [
        Statement(
            sid="MakeRules",
            actions=("elasticloadbalancing:CreateRule",),
            resources=listeners,
            conditions=home.made_ours,
        ),
        Statement(
            sid="ChangeRules",
            actions=(
                "elasticloadbalancing:AddTags",
                "elasticloadbalancing:DeleteRule",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:RemoveTags",
                "elasticloadbalancing:SetRulePriorities",
            ),
            resources=rules,
            conditions=home.ours,
        ),
        Statement(
            sid="ChangeListenerCertificates",
            actions=(
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:RemoveListenerCertificates",
            ),
            resources=listeners,
        ),
        Statement(
            sid="TagNewParts",
            actions=("elasticloadbalancing:AddTags",),
            resources=(*groups, *rules),
            conditions={"StringEquals": {**home.tagged_in_request, **on_creation}},
        ),
    ]


def _firewall(home: Home) -> list[Statement]:
    """Bind security-group rules to their tags; the platform's part binds them to their groups."""
    rules = home.ec2("security-group-rule")
    created = {"ec2:CreateAction": tuple(rule.partition(":")[2] for rule in _RULES)}
    return [
        Statement(sid="OpenPorts", actions=_RULES, resources=rules, conditions=home.made_ours),
        Statement(
            sid="ChangePortsOfServices",
            actions=("ec2:CreateTags", "ec2:ModifySecurityGroupRules"),
            resources=rules,
            conditions=home.ours,
        ),
        Statement(
            sid="TagNewPorts",
            actions=("ec2:CreateTags",),
            resources=rules,
            conditions={"StringEquals": {**home.tagged_in_request, **created}},
        ),
    ]


def _alarms(home: Home, shared: Shared) -> list[Statement]:
    """Bind what is written to the services' names, since CloudWatch overwrites an alarm of the same name unasked."""
    named = tuple(home.arn("cloudwatch", f"alarm:{home.prefix}-{service}-*") for service in home.environment.services)
    topic = home.arn("sns", shared.alert_topic)
    writing = Statement(
        sid="WriteAlarms",
        actions=("cloudwatch:PutMetricAlarm",),
        resources=named,
        conditions={"ForAllValues:StringEquals": {"cloudwatch:AlarmActions": topic}},
    )
    tagging = Statement(
        sid="TagAlarms", actions=("cloudwatch:TagResource",), resources=named, conditions=home.made_ours
    )
    return [
        *([writing, tagging] if named else []),
        Statement(
            sid="DeleteAlarms",
            actions=("cloudwatch:DeleteAlarms",),
            resources=(home.arn("cloudwatch", f"alarm:{home.prefix}-*"),),
            conditions=home.ours,
        ),
    ]


def _login(shared: Shared, sid: str, *actions: str, tags: Conditions) -> list[Statement]:
    """Bind clients to their pool, where there is one: Cognito knows no ARN of a client."""
    if shared.user_pool is None:
        return []
    return [Statement(sid=sid, actions=actions, resources=(shared.user_pool,), conditions=tags)]
