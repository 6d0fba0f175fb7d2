"""The load balancer, its listeners, and the web ACL before it: all have names of their own in their ARNs."""

from edge.roles.documents import Statement
from edge.roles.home import Home, everything
from environments import naming
from environments.platforms import ManagedPlatform


def _load_balancer(home: Home) -> str:
    return home.arn("elasticloadbalancing", f"loadbalancer/app/{home.name('alb')}/*")


def _web_acl(home: Home) -> str:
    return home.arn("wafv2", f"regional/webacl/{home.name('alb')}/*")


def reads(home: Home, settings: ManagedPlatform) -> list[Statement]:
    """Let a plan read them; Elastic Load Balancing has no resource-level permissions for its own."""
    found = everything(
        "FindLoadBalancer",
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
    )
    if not settings.balancer.web_acl:
        return [found]
    web_acl = Statement(
        sid="ReadWebAcl",
        actions=(
            "elasticloadbalancing:GetLoadBalancerWebACL",
            "wafv2:GetLoggingConfiguration",
            "wafv2:GetWebACL",
            "wafv2:GetWebACLForResource",
            "wafv2:ListTagsForResource",
        ),
        resources=(_web_acl(home), _load_balancer(home)),
    )
    log = Statement(
        sid="ReadWebAclLog",
        actions=("logs:ListTagsForResource",),
        resources=(_log_group(home),),
    )
    return [found, everything("FindWebAclLog", "logs:DescribeLogGroups"), web_acl, log]


def writes(home: Home, settings: ManagedPlatform) -> list[Statement]:
    """Let a deploy make, change and remove them."""
    listeners = home.arn("elasticloadbalancing", f"listener/app/{home.name('alb')}/*")
    made = ("elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateLoadBalancer")
    changed = (
        "DeleteListener",
        "DeleteLoadBalancer",
        "ModifyListener",
        "ModifyLoadBalancerAttributes",
        "SetIpAddressType",
    )
    actions = {"elasticloadbalancing:CreateAction": ("CreateListener", "CreateLoadBalancer")}
    return [
        Statement(sid="MakeLoadBalancer", actions=made, resources=(_load_balancer(home),), conditions=home.made_ours),
        Statement(
            sid="ChangeLoadBalancer",
            actions=tuple(f"elasticloadbalancing:{action}" for action in changed),
            resources=(_load_balancer(home), listeners),
            conditions=home.ours,
        ),
        Statement(
            sid="TagNewLoadBalancer",
            actions=("elasticloadbalancing:AddTags",),
            resources=(_load_balancer(home), listeners),
            conditions={"StringEquals": {**home.tagged_in_request, **actions}},
        ),
        service_linked_role(home, "elasticloadbalancing"),
        *(_web_acl_writes(home) if settings.balancer.web_acl else []),
    ]


def _web_acl_writes(home: Home) -> list[Statement]:
    """Let a deploy make the web ACL of AWS's rule groups, put it before the load balancer, and log what it sees.

    For its log, WAF acts in the caller's name and knows no narrower resource:
    https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    """
    return [
        Statement(
            sid="ChangeWebAcl",
            actions=(
                "elasticloadbalancing:CreateWebACLAssociation",
                "elasticloadbalancing:DeleteWebACLAssociation",
                "wafv2:AssociateWebACL",
                "wafv2:CreateWebACL",
                "wafv2:DeleteLoggingConfiguration",
                "wafv2:DeleteWebACL",
                "wafv2:DisassociateWebACL",
                "wafv2:PutLoggingConfiguration",
                "wafv2:TagResource",
            ),
            resources=(_web_acl(home), _load_balancer(home), home.arn("wafv2", "regional/managedruleset/*")),
        ),
        everything(
            "DeliverWebAclLog",
            "elasticloadbalancing:SetWebAcl",
            "logs:DescribeResourcePolicies",
            "logs:PutResourcePolicy",
        ),
        Statement(
            sid="ChangeWebAclLog",
            actions=("logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:TagResource"),
            resources=(_log_group(home),),
        ),
        service_linked_role(home, "wafv2"),
    ]


def _log_group(home: Home) -> str:
    return home.arn("logs", f"log-group:{naming.web_acl_log_group_name(prefix=home.prefix)}*")


def service_linked_role(home: Home, service: str) -> Statement:
    """Let AWS make a service's own role in the account, where nobody has used the service yet."""
    host = f"{service}.amazonaws.com"
    return Statement(
        sid=f"ServiceRoleOf{service.title()}",
        actions=("iam:CreateServiceLinkedRole",),
        resources=(home.global_arn("iam", f"role/aws-service-role/{host}/*", owned=True),),
        conditions={"StringEquals": {"iam:AWSServiceName": host}},
    )
