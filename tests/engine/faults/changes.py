"""Changes behind Terraform's back, each undone when its context ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.aws_calls import MANAGEMENT, zone_id
from tests.support.deployed_stack import Stack

NOT_OURS = {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": "not the service"}
_OF_AN_ALARM = (
    "AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions MetricName Namespace Statistic Dimensions "
    "Period EvaluationPeriods Threshold ComparisonOperator TreatMissingData"
)
FIXED = {"Type": "fixed-response", "FixedResponseConfig": NOT_OURS}


def forward(stack: Stack, *services: str, weights: tuple[int, ...] = ()) -> dict[str, Any]:
    """Make an action that forwards to services' groups, with weights where there are several."""
    arns = [stack.target_group(service)["TargetGroupArn"] for service in services]
    if not weights:
        return {"Type": "forward", "TargetGroupArn": arns[0]}
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in zip(arns, weights, strict=True)]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


def conditions(hosts: str = "", paths: str = "", methods: str = "", header: str = "") -> list[dict[str, Any]]:
    """Write conditions; several values are separated by spaces."""
    made = []
    if hosts:
        made.append({"Field": "host-header", "HostHeaderConfig": {"Values": hosts.split()}})
    if paths:
        made.append({"Field": "path-pattern", "PathPatternConfig": {"Values": paths.split()}})
    if methods:
        made.append({"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": methods.split()}})
    if header:
        config = {"HttpHeaderName": header, "Values": ["1"]}
        made.append({"Field": "http-header", "HttpHeaderConfig": config})
    return made


@contextmanager
def rule(
    stack: Stack, priority: int, asked: list[dict[str, Any]], action: dict[str, Any], *, port: int = 443
) -> Iterator[None]:
    elbv2 = stack.client("elbv2")
    made = elbv2.create_rule(
        ListenerArn=stack.listener(port)["ListenerArn"], Priority=priority, Conditions=asked, Actions=[action]
    )["Rules"][0]["RuleArn"]
    try:
        yield
    finally:
        elbv2.delete_rule(RuleArn=made)


@contextmanager
def rule_changed(stack: Stack, priority: int, **changes: Any) -> Iterator[None]:
    found, elbv2 = stack.rule(priority), stack.client("elbv2")
    elbv2.modify_rule(RuleArn=found["RuleArn"], **changes)
    try:
        yield
    finally:
        elbv2.modify_rule(RuleArn=found["RuleArn"], **{key: found[key] for key in changes})


@contextmanager
def sign_in_changed(stack: Stack, priority: int, **changes: Any) -> Iterator[None]:
    first, second = sorted(stack.rule(priority)["Actions"], key=lambda action: int(action["Order"]))
    config = {**first["AuthenticateCognitoConfig"], **changes}
    with rule_changed(stack, priority, Actions=[{**first, "AuthenticateCognitoConfig": config}, second]):
        yield


@contextmanager
def listener_changed(stack: Stack, port: int, **changes: Any) -> Iterator[None]:
    found, elbv2 = stack.listener(port), stack.client("elbv2")
    elbv2.modify_listener(ListenerArn=found["ListenerArn"], **changes)
    try:
        yield
    finally:
        elbv2.modify_listener(ListenerArn=found["ListenerArn"], **{key: found[key] for key in changes})


def group_id(stack: Stack, part: str) -> str:
    name = f"{stack.environment.prefix}-{part}"
    groups = stack.client("ec2").describe_security_groups()["SecurityGroups"]
    return next(str(group["GroupId"]) for group in groups if group["GroupName"] == name)


@contextmanager
def opened(
    stack: Stack, part: str, *ranges: str, ports: tuple[int, int] = (0, 0), protocol: str = "tcp"
) -> Iterator[None]:
    """Let ranges of addresses into a security group, `alb-sg` or `ec2-sg`."""
    permission = _permission(ranges, ports, protocol)
    group, ec2 = group_id(stack, part), stack.client("ec2")
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    try:
        yield
    finally:
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[permission])


@contextmanager
def closed(stack: Stack, part: str, address_range: str, port: int) -> Iterator[None]:
    permission = _permission((address_range,), (port, port), "tcp")
    group, ec2 = group_id(stack, part), stack.client("ec2")
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[permission])
    try:
        yield
    finally:
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])


@contextmanager
def clients_from(stack: Stack, *ranges: str) -> Iterator[None]:
    """Let only these addresses of IPv4 in on 443."""
    with opened(stack, "alb-sg", *ranges, ports=(443, 443)), closed(stack, "alb-sg", "0.0.0.0/0", 443):
        yield


def _permission(ranges: tuple[str, ...], ports: tuple[int, int], protocol: str) -> dict[str, Any]:
    made: dict[str, Any] = {"IpProtocol": protocol}
    if protocol != "-1":
        made |= {"FromPort": ports[0], "ToPort": ports[1]}
    v4, v6 = [item for item in ranges if ":" not in item], [item for item in ranges if ":" in item]
    made |= {"IpRanges": [{"CidrIp": item} for item in v4]} if v4 else {}
    return made | ({"Ipv6Ranges": [{"CidrIpv6": item} for item in v6]} if v6 else {})


def record(name: str, kind: str, *values: str, ttl: int = 300, **more: Any) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": value} for value in values], **more}


@contextmanager
def records(stack: Stack, zone: str, *added: dict[str, Any], without: tuple[str, str] | None = None) -> Iterator[None]:
    """Put record sets into a zone, and take one out meanwhile, by its name and type."""
    account = MANAGEMENT if zone == "getorcha.com" else stack.account
    route53, id = stack.client("route53", account), zone_id(stack.aws, account=account, zone=zone)
    standing = route53.list_resource_record_sets(HostedZoneId=id)["ResourceRecordSets"]
    removed = [found for found in standing if (found["Name"].rstrip("."), found["Type"]) == without]
    assert len(removed) == (without is not None)

    def change(*changes: tuple[str, dict[str, Any]]) -> None:
        listed = [{"Action": action, "ResourceRecordSet": found} for action, found in changes]
        if listed:
            route53.change_resource_record_sets(HostedZoneId=id, ChangeBatch={"Changes": listed})

    change(*(("DELETE", found) for found in removed))
    change(*(("CREATE", found) for found in added))
    try:
        yield
    finally:
        change(*(("DELETE", found) for found in added))
        change(*(("CREATE", found) for found in removed))


def register_again(stack: Stack) -> None:
    """Make the instances that run now the targets of every service, and nothing else."""
    elbv2, ids = stack.client("elbv2"), stack.instance_ids()
    for service in stack.environment.services:
        arn = stack.target_group(service)["TargetGroupArn"]
        for found in elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]:
            elbv2.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": found["Target"]["Id"]}])
        elbv2.register_targets(TargetGroupArn=arn, Targets=[{"Id": id} for id in ids])


@contextmanager
def called(stack: Stack, service: str, do: Callable[[Any], object], undo: Callable[[Any], object]) -> Iterator[None]:
    """Make a call, and another one that takes it back."""
    client = stack.client(service)
    do(client)
    try:
        yield
    finally:
        undo(client)


@contextmanager
def client_changed(stack: Stack, name: str, **changes: Any) -> Iterator[None]:
    """Change a user pool client by its name."""
    cognito, pool = stack.client("cognito-idp"), user_pool_id(stack)
    listed = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=10)["UserPoolClients"]
    which = {"UserPoolId": pool, "ClientId": next(c["ClientId"] for c in listed if c["ClientName"] == name)}
    before = cognito.describe_user_pool_client(**which)["UserPoolClient"]
    cognito.update_user_pool_client(**which, **changes)
    try:
        yield
    finally:
        cognito.update_user_pool_client(**which, **{key: before[key] for key in changes})


def user_pool_id(stack: Stack) -> str:
    pools = stack.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
    return next(str(pool["Id"]) for pool in pools if pool["Name"] == stack.environment.user_pool_name)


@contextmanager
def alarm_changed(stack: Stack, name: str, **changes: Any) -> Iterator[None]:
    """Write an alarm again with some settings otherwise."""
    cloudwatch = stack.client("cloudwatch")
    (found,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    before = {key: found[key] for key in _OF_AN_ALARM.split() if key in found}
    cloudwatch.put_metric_alarm(**{**before, **changes})
    try:
        yield
    finally:
        cloudwatch.put_metric_alarm(**before)


@contextmanager
def alarm_deleted(stack: Stack, name: str) -> Iterator[None]:
    with alarm_changed(stack, name):
        stack.client("cloudwatch").delete_alarms(AlarmNames=[name])
        yield


@contextmanager
def group_changed(stack: Stack, service: str, **changes: Any) -> Iterator[None]:
    """Change a target group's health check."""
    found, elbv2 = stack.target_group(service), stack.client("elbv2")
    elbv2.modify_target_group(TargetGroupArn=found["TargetGroupArn"], **changes)
    try:
        yield
    finally:
        before = {key: found[key] for key in changes}
        elbv2.modify_target_group(TargetGroupArn=found["TargetGroupArn"], **before)
