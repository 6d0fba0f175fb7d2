"""What AWS asks beside a call's own action: for tags that come with a new thing, and for what a service does for one.

The reference lists a part of these as dependent actions; the rest is in the documentation named beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.authorization import arns, translation
from tests.support.authorization.evaluator import Value
from tests.support.call_recorder import Call

# The service's page on tags says so, where the reference does not list it.
_TAGGING = {
    "acm:RequestCertificate": "acm:AddTagsToCertificate",  # hashicorp/terraform-provider-aws#11903 shows the refusal
    "autoscaling:CreateAutoScalingGroup": "autoscaling:CreateOrUpdateTags",
    "cloudwatch:PutMetricAlarm": "cloudwatch:TagResource",  # API_PutMetricAlarm, Tags
    "cognito-idp:CreateUserPool": "cognito-idp:TagResource",
    "elasticloadbalancing:CreateListener": "elasticloadbalancing:AddTags",
    "elasticloadbalancing:CreateLoadBalancer": "elasticloadbalancing:AddTags",
    "elasticloadbalancing:CreateRule": "elasticloadbalancing:AddTags",
    "elasticloadbalancing:CreateTargetGroup": "elasticloadbalancing:AddTags",
    "iam:CreateInstanceProfile": "iam:TagInstanceProfile",  # IAM User Guide, id_tags_instance-profiles
    "iam:CreateRole": "iam:TagRole",  # IAM User Guide, id_tags_roles
    "kms:CreateKey": "kms:TagResource",  # API_CreateKey, Tags
    "logs:CreateLogGroup": "logs:TagResource",  # API_CreateLogGroup, tags
    "sns:CreateTopic": "sns:TagResource",  # API_CreateTopic, Tags
    "wafv2:CreateWebACL": "wafv2:TagResource",
}
# https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
_WAF_LOG = ("CreateLogDelivery", "DeleteLogDelivery", "DescribeResourcePolicies", "PutResourcePolicy")
# https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
_FLOW_LOGS = {"ec2:CreateFlowLogs": "CreateLogDelivery", "ec2:DeleteFlowLogs": "DeleteLogDelivery"}
_OF_LOAD_BALANCER = {
    "wafv2:AssociateWebACL": ("CreateWebACLAssociation", "SetWebAcl"),
    "wafv2:DisassociateWebACL": ("DeleteWebACLAssociation", "SetWebAcl"),
    "wafv2:GetWebACLForResource": ("GetLoadBalancerWebACL",),
}
_SERVICE_ROLES = {
    "autoscaling:CreateAutoScalingGroup": "autoscaling",
    "elasticloadbalancing:CreateLoadBalancer": "elasticloadbalancing",  # ELB User Guide, elb-service-linked-roles
    "wafv2:PutLoggingConfiguration": "wafv2",
}


@dataclass(frozen=True)
class Wanted:
    """An action on a resource beside a call's own, and the context that it is asked in."""

    action: str
    resource: str
    context: Mapping[str, Value] = field(default_factory=dict)


def by(action: str, call: Call, made: list[str]) -> Iterator[Wanted]:
    """Go over what AWS asks beside an action."""
    yield from _tags(action, call, made)
    if action in _SERVICE_ROLES:
        host = f"{_SERVICE_ROLES[action]}.amazonaws.com"
        role = f"arn:aws:iam::{call.account}:role/aws-service-role/{host}/AWSServiceRole"
        yield Wanted("iam:CreateServiceLinkedRole", role, {"iam:AWSServiceName": host})
    if action in _OF_LOAD_BALANCER or action == "wafv2:PutLoggingConfiguration":
        yield from _web_acl(action, call)
    if call.service in {"autoscaling", "ec2", "iam"}:
        yield from _instances(action, call)
    if action == "s3:GetObject" and call.status == 404:  # API_HeadObject: 404 only for those who may list
        yield Wanted("s3:ListBucket", f"arn:aws:s3:::{call.parameters['Bucket']}")
    if (
        action == "ssm:GetParameter"
    ):  # https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
        (parameter,) = arns.named(call)
        key = f"arn:aws:kms:{arns.REGION}:{call.account}:key/any"
        yield Wanted("kms:Decrypt", key, {"kms:EncryptionContext:PARAMETER_ARN": parameter})
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
    for item in call.parameters.get("Actions", ()) if call.service == "elbv2" else ():
        if cognito := item.get("AuthenticateCognitoConfig"):
            yield Wanted("cognito-idp:DescribeUserPoolClient", cognito["UserPoolArn"])


def _web_acl(action: str, call: Call) -> Iterator[Wanted]:
    for verb in _OF_LOAD_BALANCER.get(action, ()):
        resource = "*" if verb == "SetWebAcl" else call.parameters["ResourceArn"]
        yield Wanted(f"elasticloadbalancing:{verb}", resource)
    if action == "wafv2:PutLoggingConfiguration":
        yield from (Wanted(f"logs:{verb}", "*") for verb in _WAF_LOG)


def _instances(action: str, call: Call) -> Iterator[Wanted]:
    if action in _FLOW_LOGS:
        yield Wanted(f"logs:{_FLOW_LOGS[action]}", "*")
    if action == "iam:AddRoleToInstanceProfile":
        yield _pass(f"arn:aws:iam::{call.account}:role/{call.parameters['RoleName']}")
    if "LaunchTemplate" in call.parameters and call.service == "autoscaling":
        yield from _starting(call)
    if action in {"ec2:CreateLaunchTemplate", "ec2:CreateLaunchTemplateVersion"}:
        name = call.parameters["LaunchTemplateData"]["ImageId"].removeprefix("resolve:ssm:")
        yield Wanted("ssm:GetParameters", f"arn:aws:ssm:{arns.REGION}::parameter{name}")


def _tags(action: str, call: Call, made: list[str]) -> Iterator[Wanted]:
    tags = translation.request_tags(call)
    context: dict[str, Value] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    if not tags:
        return
    if call.service == "ec2" and call.operation != "CreateTags":
        new = made[-1:] if call.operation.startswith("Authorize") else made[:1]
        yield from (Wanted("ec2:CreateTags", arn, {**context, "ec2:CreateAction": call.operation}) for arn in new)
    if action in _TAGGING:
        context["elasticloadbalancing:CreateAction"] = call.operation
        yield from (Wanted(_TAGGING[action], arn, context) for arn in (made or arns.named(call))[:1])


def _starting(call: Call) -> Iterator[Wanted]:
    """Go over what Auto Scaling checks when it is given a launch template.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-api-permissions.html
    """
    home = f"arn:aws:ec2:{arns.REGION}:{call.account}"
    template = f"{home}:launch-template/{call.parameters['LaunchTemplate']['LaunchTemplateId']}"
    using: dict[str, Value] = {"ec2:LaunchTemplate": template}
    for kind in ("instance", "network-interface", "security-group", "subnet", "volume"):
        yield Wanted("ec2:RunInstances", f"{home}:{kind}/{kind}-0", using)
    yield Wanted("ec2:RunInstances", f"arn:aws:ec2:{arns.REGION}::image/ami-0", using)
    yield Wanted("ec2:RunInstances", template, using)
    group: Any = call.parameters["AutoScalingGroupName"]
    prefix = group.removesuffix("-asg")
    tags = {"aws:RequestTag/Environment": prefix.rpartition("-")[2], "aws:RequestTag/ManagedBy": "orcha-edge"}
    for kind in ("instance", "volume"):
        yield Wanted("ec2:CreateTags", f"{home}:{kind}/{kind}-0", {**tags, "ec2:CreateAction": "RunInstances"})
    yield _pass(f"arn:aws:iam::{call.account}:role/{prefix}-ec2")


def _pass(role: str) -> Wanted:
    return Wanted("iam:PassRole", role, {"iam:PassedToService": "ec2.amazonaws.com"})
