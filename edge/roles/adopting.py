"""What a deploy may do more where it takes over what another tool made: tag what carries no environment's tags yet.

From the first deploy after an adoption on, what was taken carries our tags, and none of this is needed any more.
"""

from edge.roles.documents import Conditions, Statement
from edge.roles.home import Home


def reads(home: Home) -> Statement:
    """Let an adoption ask which stacks of CloudFormation hold what it takes, and whether they keep it."""
    return Statement(
        sid="AdoptFromStacks",
        actions=("cloudformation:DescribeStackResources", "cloudformation:GetTemplate"),
        resources=(home.arn("cloudformation", "stack/*/*"),),
    )


def writes(home: Home, load_balancer: str) -> list[Statement]:
    """Let a deploy tag what belongs to no environment: another environment's things stay out of reach.

    The provider writes tags before all else, so that what it changes then carries ours already.
    """
    groups = home.arn("elasticloadbalancing", f"targetgroup/{home.prefix}-*")
    rules = home.arn("elasticloadbalancing", f"listener-rule/app/{load_balancer}/*")
    nobodys: dict[str, str] = {"aws:ResourceTag/Environment": "true"}
    tagging: Conditions = {"StringEquals": home.tagged_in_request, "Null": nobodys}
    return [
        Statement(
            sid="AdoptParts", actions=("elasticloadbalancing:AddTags",), resources=(groups, rules), conditions=tagging
        ),
        Statement(
            sid="AdoptPorts",
            actions=("ec2:CreateTags",),
            resources=home.ec2("security-group-rule"),
            conditions=tagging,
        ),
    ]
