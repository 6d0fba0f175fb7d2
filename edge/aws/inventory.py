"""What exists in an environment's accounts, of all that an edge can consist of; ours and other people's alike.

Taken before and after a change, the difference is what the change did.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from edge.aws.sessions import ClientOf
from environments.checked import Environment
from environments.dns_names import canonical

_SIGNS = {
    "GreaterThanOrEqualToThreshold": ">=",
    "GreaterThanThreshold": ">",
    "LessThanOrEqualToThreshold": "<=",
    "LessThanThreshold": "<",
}


@dataclass(frozen=True, order=True)
class Thing:
    """One thing in one account: the account's name, what it is, its own name, and its settings in a line."""

    account: str
    kind: str
    name: str
    detail: str


def take(environment: Environment, client_of: ClientOf) -> list[Thing]:
    """List what exists, by account, kind and name.

    Route 53 is asked for the
    environment's zones in every account; everything else lies in the platform's account.
    """
    platform = environment.platform.account
    client = partial(_client, client_of, environment)
    things = [Thing(platform, *row) for row in _rows_of_the_platform(client(platform))]
    for account in environment.accounts:
        things += [Thing(account, *row) for row in _records(client(account)("route53"), set(environment.zones))]
    return sorted(things)


def _client(client_of: ClientOf, environment: Environment, account: str) -> Callable[[str], Any]:
    return lambda service: client_of(service, environment.accounts[account].id, environment.region)


def _rows_of_the_platform(client: Callable[[str], Any]) -> Iterator[tuple[str, str, str]]:
    certificates = _certificates(client("acm"))
    target_groups = {
        group["TargetGroupArn"]: group
        for page in client("elbv2").get_paginator("describe_target_groups").paginate()
        for group in page["TargetGroups"]
    }
    yield from _security_group_rules(client("ec2"))
    yield from _target_groups(client("autoscaling"), target_groups)
    yield from (("certificate", names[0], f"{status}: {', '.join(names)}") for names, status in certificates.values())
    yield from _listeners(client("elbv2"), certificates, target_groups)
    yield from _alarms(client("cloudwatch"))
    yield from _user_pool_clients(client("cognito-idp"))


def _security_group_rules(ec2: Any) -> Iterator[tuple[str, str, str]]:
    groups = {group["GroupId"]: group["GroupName"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    for rule in ec2.describe_security_group_rules()["SecurityGroupRules"]:
        other = rule.get("ReferencedGroupInfo", {}).get("GroupId")
        peer = groups.get(other, rule.get("CidrIpv4") or rule.get("CidrIpv6") or "a prefix list")
        way = "to" if rule["IsEgress"] else "from"
        protocol, ports = rule["IpProtocol"], (rule.get("FromPort", -1), rule.get("ToPort", -1))
        what = (
            "everything" if protocol == "-1" else f"{protocol} {'-'.join(str(port) for port in dict.fromkeys(ports))}"
        )
        detail = f"{what} {way} {peer}: {rule.get('Description') or 'no description'}"
        yield "security group rule", groups[rule["GroupId"]], detail


def _target_groups(autoscaling: Any, target_groups: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    attached: dict[str, list[str]] = {}
    for group in autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]:
        for arn in group["TargetGroupARNs"]:
            attached.setdefault(arn, []).append(group["AutoScalingGroupName"])
    for arn, group in target_groups.items():
        instances = ", ".join(attached.get(arn, ["no instances"]))
        detail = (
            f"{group['Protocol']} {group['Port']}, health at {group.get('HealthCheckPath')}, targets of {instances}"
        )
        yield "target group", group["TargetGroupName"], detail


def _certificates(acm: Any) -> dict[str, tuple[list[str], str]]:
    arns = [certificate["CertificateArn"] for certificate in acm.list_certificates()["CertificateSummaryList"]]
    described = [acm.describe_certificate(CertificateArn=arn)["Certificate"] for arn in arns]
    return {
        item["CertificateArn"]: (
            list(dict.fromkeys([item["DomainName"], *item.get("SubjectAlternativeNames", [])])),
            item["Status"],
        )
        for item in described
    }


def _listeners(
    elbv2: Any, certificates: dict[str, tuple[list[str], str]], target_groups: dict[str, Any]
) -> Iterator[tuple[str, str, str]]:
    for balancer in elbv2.describe_load_balancers()["LoadBalancers"]:
        for listener in elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
            name = f"{balancer['LoadBalancerName']}:{listener['Port']}"
            for certificate in elbv2.describe_listener_certificates(ListenerArn=listener["ListenerArn"])[
                "Certificates"
            ]:
                names, status = certificates.get(
                    certificate["CertificateArn"], ([certificate["CertificateArn"]], "unknown")
                )
                yield "listener certificate", name, f"{names[0]}, {status}"
            for rule in elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]:
                yield "listener rule", f"{name} {rule['Priority']}", _rule(rule, target_groups)


def _rule(rule: dict[str, Any], target_groups: dict[str, Any]) -> str:
    hosts = [
        host
        for condition in rule["Conditions"]
        for host in condition.get("HostHeaderConfig", {}).get("Values", condition.get("Values", []))
    ]
    actions = [
        f"forward to {target_groups[action['TargetGroupArn']]['TargetGroupName']}"
        if action.get("TargetGroupArn") in target_groups
        else action["Type"]
        for action in sorted(rule["Actions"], key=lambda action: action.get("Order", 0))
    ]
    return f"{', '.join(hosts) or 'any host'} -> {', then '.join(actions)}"


def _alarms(cloudwatch: Any) -> Iterator[tuple[str, str, str]]:
    for page in cloudwatch.get_paginator("describe_alarms").paginate():
        for alarm in page["MetricAlarms"]:
            math = next((query["Expression"] for query in alarm.get("Metrics", []) if query.get("Expression")), "")
            sign = _SIGNS.get(alarm["ComparisonOperator"], alarm["ComparisonOperator"])
            topics = ", ".join(arn.split(":")[-1] for arn in alarm["AlarmActions"])
            detail = f"{alarm.get('MetricName') or math} {sign} {alarm['Threshold']:g}, notifies {topics}"
            yield "alarm", alarm["AlarmName"], detail


def _user_pool_clients(cognito: Any) -> Iterator[tuple[str, str, str]]:
    for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]:
        for client in cognito.list_user_pool_clients(UserPoolId=pool["Id"], MaxResults=60)["UserPoolClients"]:
            yield "user pool client", client["ClientName"], f"in {pool['Name']}"


def _records(route53: Any, zones: set[str]) -> Iterator[tuple[str, str, str]]:
    for zone in route53.list_hosted_zones()["HostedZones"]:
        if canonical(zone["Name"]) not in zones:
            continue
        for page in route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"]):
            for record in page["ResourceRecordSets"]:
                alias = record.get("AliasTarget", {}).get("DNSName")
                values = ", ".join(entry["Value"] for entry in record.get("ResourceRecords", []))
                detail = f"alias of {alias}" if alias else f"{values}, TTL {record.get('TTL')}"
                yield f"record {record['Type']}", canonical(record["Name"]), detail
