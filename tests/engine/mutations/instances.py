"""Faults behind the load balancer: target groups, security groups, and what the services answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.deployed_stack import Stack

PORT = 9999
DISCOVERY = "/.well-known/oauth-authorization-server"
_HEALTH_CHECK = (
    "HealthCheckPath HealthCheckPort HealthCheckIntervalSeconds HealthCheckTimeoutSeconds HealthyThresholdCount "
    "UnhealthyThresholdCount Matcher"
)


def _targets(stack: Stack) -> list[dict[str, Any]]:
    return [{"Id": name} for name in stack.instance_ids()]


@contextmanager
def targets_deregistered(stack: Stack) -> Iterator[None]:
    arn, elbv2 = stack.target_group("link")["TargetGroupArn"], stack.client("elbv2")
    elbv2.deregister_targets(TargetGroupArn=arn, Targets=_targets(stack))
    try:
        yield
    finally:
        elbv2.register_targets(TargetGroupArn=arn, Targets=_targets(stack))


@contextmanager
def instances_stopped(stack: Stack) -> Iterator[None]:
    ids, ec2 = stack.instance_ids(), stack.client("ec2")
    ec2.stop_instances(InstanceIds=ids)
    try:
        yield
    finally:
        ec2.start_instances(InstanceIds=ids)


@contextmanager
def target_group_on_another_port(stack: Stack) -> Iterator[None]:
    """A target group's port never changes: somebody made the group again."""
    group = stack.target_group("link")
    arn = _made_again(stack, group, port=9998)
    try:
        yield
    finally:
        _made_again(stack, {**group, "TargetGroupArn": arn}, port=PORT)


def _made_again(stack: Stack, group: dict[str, Any], *, port: int) -> str:
    elbv2, rule = stack.client("elbv2"), stack.rule(20)["RuleArn"]
    elsewhere = stack.target_group("app")["TargetGroupArn"]
    elbv2.modify_rule(RuleArn=rule, Actions=[{"Type": "forward", "TargetGroupArn": elsewhere}])
    old, scaling = group["TargetGroupArn"], stack.client("autoscaling")
    attributes = elbv2.describe_target_group_attributes(TargetGroupArn=old)["Attributes"]
    name = stack.environment.autoscaling_group_name
    scaling.detach_load_balancer_target_groups(AutoScalingGroupName=name, TargetGroupARNs=[old])
    elbv2.delete_target_group(TargetGroupArn=old)
    made = elbv2.create_target_group(
        Name=group["TargetGroupName"],
        Protocol="HTTP",
        Port=port,
        VpcId=group["VpcId"],
        **{key: group[key] for key in _HEALTH_CHECK.split()},
    )
    arn: str = made["TargetGroups"][0]["TargetGroupArn"]
    elbv2.modify_target_group_attributes(TargetGroupArn=arn, Attributes=attributes)
    scaling.attach_load_balancer_target_groups(AutoScalingGroupName=name, TargetGroupARNs=[arn])
    elbv2.register_targets(TargetGroupArn=arn, Targets=_targets(stack))
    elbv2.modify_rule(RuleArn=rule, Actions=[{"Type": "forward", "TargetGroupArn": arn}])
    _watch_instead(stack, old.rpartition(":")[2], arn.rpartition(":")[2])
    return arn


def _watch_instead(stack: Stack, old: str, new: str) -> None:
    """Let link's alarms look at the group that was made again: its id is another one."""
    cloudwatch = stack.client("cloudwatch")
    taken = set(cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape.members)
    for alarm in cloudwatch.describe_alarms(AlarmNamePrefix="v1-orcha-link-")["MetricAlarms"]:
        settings = {key: value for key, value in alarm.items() if key in taken and value not in (None, [], "")}
        cloudwatch.put_metric_alarm(**json.loads(json.dumps(settings, default=str).replace(old, new)))


@contextmanager
def _without_rule(stack: Stack, *, group: str, egress: bool, port: int) -> Iterator[None]:
    ec2 = stack.client("ec2")
    groups = {group["GroupName"]: group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    (rule,) = [
        securitygrouprule
        for securitygrouprule in ec2.describe_security_group_rules()["SecurityGroupRules"]
        if (securitygrouprule["GroupId"], securitygrouprule["IsEgress"], securitygrouprule.get("FromPort"))
        == (groups[group], egress, port)
    ]
    peer: dict[str, Any] = (
        {"UserIdGroupPairs": [{"GroupId": rule["ReferencedGroupInfo"]["GroupId"]}]}
        if "ReferencedGroupInfo" in rule
        else {"IpRanges": [{"CidrIp": rule["CidrIpv4"]}]}
    )
    permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}
    way = "egress" if egress else "ingress"
    getattr(ec2, f"revoke_security_group_{way}")(GroupId=groups[group], IpPermissions=[permission])
    try:
        yield
    finally:
        getattr(ec2, f"authorize_security_group_{way}")(GroupId=groups[group], IpPermissions=[permission])


@contextmanager
def missing_egress_rule(stack: Stack) -> Iterator[None]:
    with _without_rule(stack, group="v1-orcha-alb-sg", egress=True, port=PORT):
        yield


@contextmanager
def missing_ingress_rule(stack: Stack) -> Iterator[None]:
    with _without_rule(stack, group="v1-orcha-ec2-sg", egress=False, port=PORT):
        yield


@contextmanager
def closed_to_clients(stack: Stack) -> Iterator[None]:
    with _without_rule(stack, group="v1-orcha-alb-sg", egress=False, port=443):
        yield


@contextmanager
def no_way_to_the_identity_provider(stack: Stack) -> Iterator[None]:
    with _without_rule(stack, group="v1-orcha-alb-sg", egress=True, port=443):
        yield


@contextmanager
def health_500(stack: Stack) -> Iterator[None]:
    with stack.answers(PORT, "/health", status=500):
        yield


@contextmanager
def discovery_404(stack: Stack) -> Iterator[None]:
    with stack.answers(PORT, DISCOVERY, status=404):
        yield


@contextmanager
def discovery_as_html(stack: Stack) -> Iterator[None]:
    with stack.answers(PORT, DISCOVERY, content_type="text/html; charset=utf-8"):
        yield


@contextmanager
def discovery_not_json(stack: Stack) -> Iterator[None]:
    with stack.answers(PORT, DISCOVERY, body='{"issuer": '):
        yield


@contextmanager
def discovery_a_list(stack: Stack) -> Iterator[None]:
    with stack.answers(PORT, DISCOVERY, body="[]"):
        yield


@contextmanager
def _document(stack: Stack, **changes: Any) -> Iterator[None]:
    document = {name: value for name, value in {**stack.document(PORT), **changes}.items() if value is not None}
    with stack.answers(PORT, DISCOVERY, body=json.dumps(document)):
        yield


@contextmanager
def wrong_issuer(stack: Stack) -> Iterator[None]:
    with _document(stack, issuer="https://link.getorcha.com"):
        yield


@contextmanager
def issuer_with_a_slash(stack: Stack) -> Iterator[None]:
    with _document(stack, issuer="https://link.prod.getorcha.com/"):
        yield


@contextmanager
def issuer_over_http(stack: Stack) -> Iterator[None]:
    with _document(stack, issuer="http://link.prod.getorcha.com"):
        yield


@contextmanager
def token_endpoint_missing(stack: Stack) -> Iterator[None]:
    with _document(stack, token_endpoint=None):
        yield


@contextmanager
def token_endpoint_over_http(stack: Stack) -> Iterator[None]:
    with _document(stack, token_endpoint="http://link.prod.getorcha.com/oauth2/token"):
        yield
