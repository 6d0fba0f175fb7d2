"""Neighbours of kinds that nobody thinks of: each is seen, and what is no neighbour of ours is left alone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from moto import mock_aws

from edge.aws.neighbours.model import AnsweredName, Neighbours
from edge.aws.neighbours.reading import Ours, foreign_rule, neighbours
from edge.aws.survey.model import Standing
from edge.plan import removable
from edge.plan.errors import RefusedError
from edge.review.reviewing import review
from edge.tfplan.model import Action, Change
from tests.support.reviewing import environment, plan
from tests.support.small_plans import plan_of
from tests.support.survey_world import OURS, SurveyWorld

OURS_ON_IT = Ours(ids=frozenset(), groups=(), autoscaling_groups=("v1-orcha-asg",))
HOST, NEW_HOST = "link.getorcha.com", "billing.prod.getorcha.com"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyWorld]:
    with mock_aws():
        made = SurveyWorld()
        made.environment = made.environment.model_copy(
            update={"zones": {"getorcha.com": made.environment.zones["prod.getorcha.com"]}}
        )
        monkeypatch.setattr(removable, "client_of", lambda _: lambda service, _account, _region: made.client(service))
        yield made


def leaving(type: str, **before: Any) -> Change:
    return Change(address=f"{type}.it", type=type, name="it", action=Action.DESTROY, before=before, account="prod")


def refused(world: SurveyWorld, *changes: Change) -> str:
    try:
        removable.refuse_what_cannot_go(world.environment, plan_of(*changes))
    except RefusedError as error:
        return str(error)
    return ""


def condition(field: str, config: str, **values: Any) -> dict[str, Any]:
    return {"Field": field, config: values}


@pytest.mark.parametrize(
    ("further", "special"),
    [
        (condition("source-ip", "SourceIpConfig", Values=["0.0.0.0/1", "128.0.0.0/1"]), False),
        (condition("source-ip", "SourceIpConfig", Values=["0.0.0.0/1"]), False),
        (condition("source-ip", "SourceIpConfig", Values=["198.51.100.7/32"]), True),
        (condition("http-header", "HttpHeaderConfig", HttpHeaderName="User-Agent", Values=["*Mozilla*"]), False),
        (condition("http-header", "HttpHeaderConfig", HttpHeaderName="X-Canary", Values=["1"]), True),
        (condition("query-string", "QueryStringConfig", Values=[{"Key": "code", "Value": "*"}]), False),
        (condition("query-string", "QueryStringConfig", Values=[{"Key": "debug", "Value": "1"}]), True),
        (condition("path-pattern", "PathPatternConfig", RegexValues=["^/api"]), True),
    ],
    ids=["two halves", "a half", "an office", "every browser", "a header", "OAuth", "a parameter", "a regex"],
)
def test_a_rule_counts_by_whom_it_takes(further: dict[str, Any], *, special: bool) -> None:
    """What it takes is the same either way; a review asks about it where ordinary clients are among them."""
    forward = {"Type": "forward", "TargetGroupArn": "arn:targetgroup/app/1"}
    hosts = condition("host-header", "HostHeaderConfig", Values=[NEW_HOST])
    rule = {"RuleArn": "arn:1", "Priority": "5", "Conditions": [hosts, further], "Actions": [forward]}
    theirs = foreign_rule(rule, {})
    assert theirs.meets_ordinary is not special
    made = review(plan("new_service"), environment("new_service"), None, Neighbours(rules=(theirs,)))
    shadowed = [risk.sentence for risk in made.risks if risk.kind == "SHADOWED"]
    assert len(shadowed) == (not special)
    end = f"takes {NEW_HOST} under more conditions, which ordinary clients meet"
    assert all(sentence.endswith(end) for sentence in shadowed)


def listen(world: SurveyWorld, port: int, group: str) -> str:
    answer = world.elbv2.create_listener(
        LoadBalancerArn=world.balancer,
        Protocol="HTTP",
        Port=port,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    return str(answer["Listeners"][0]["ListenerArn"])


def test_a_second_listener_of_others_fills_the_load_balancer_and_holds_our_target_group(world: SurveyWorld) -> None:
    group, theirs = world.target_group(tags=OURS), world.target_group(tags={}, Name="theirs", port=81)
    listener = listen(world, 8443, theirs)
    assert refused(world, leaving("aws_lb_target_group", arn=group)) == ""
    (rule,) = world.elbv2.create_rule(
        ListenerArn=listener,
        Priority=3,
        Conditions=[{"Field": "host-header", "Values": [HOST]}],
        Actions=[{"Type": "forward", "TargetGroupArn": group}],
    )["Rules"]
    found = neighbours(world.reader(), OURS_ON_IT)
    assert found.rules == (), "it takes nothing of the HTTPS listener's"
    assert found.rule_arns == (rule["RuleArn"],)
    assert set(found.target_groups) == {group, theirs}
    assert "is in use by rule 3 of v1-orcha-alb:8443" in refused(world, leaving("aws_lb_target_group", arn=group))


def scaling_group(world: SurveyWorld, name: str, *groups: str) -> None:
    subnet = world.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    client = world.client("autoscaling")
    if not client.describe_launch_configurations()["LaunchConfigurations"]:
        client.create_launch_configuration(LaunchConfigurationName="it", ImageId="ami-1", InstanceType="t3.micro")
    client.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchConfigurationName="it",
        MinSize=0,
        MaxSize=0,
        VPCZoneIdentifier=subnet,
        TargetGroupARNs=groups,
    )


def test_a_target_group_that_people_gave_to_another_scaling_group_is_refused(world: SurveyWorld) -> None:
    """That group would go on naming what is not there, and register no new instance with anything."""
    group, other = world.target_group(tags=OURS), world.target_group(tags={}, Name="theirs", port=81)
    scaling_group(world, "v1-orcha-asg", group, other)
    scaling_group(world, "batch", other)
    ours = leaving("aws_autoscaling_attachment", autoscaling_group_name="v1-orcha-asg", lb_target_group_arn=group)
    assert refused(world, leaving("aws_lb_target_group", arn=group), ours) == ""
    world.client("autoscaling").attach_load_balancer_target_groups(
        AutoScalingGroupName="batch", TargetGroupARNs=[group]
    )
    attached = "is attached to the Auto Scaling group batch too, by others, which would name what is gone; detach it"
    assert attached in refused(world, leaving("aws_lb_target_group", arn=group), ours)


def test_a_wildcard_alias_of_others_answers_a_host_as_a_cname_does(world: SurveyWorld) -> None:
    alias = {"HostedZoneId": "Z215JYRZR1TBD5", "DNSName": "other.eu-central-1.elb.amazonaws.com"}
    record = {"Name": "*.getorcha.com", "Type": "AAAA", "AliasTarget": {**alias, "EvaluateTargetHealth": False}}
    change = {"Action": "CREATE", "ResourceRecordSet": record}
    world.client("route53").change_resource_record_sets(HostedZoneId=world.zone, ChangeBatch={"Changes": [change]})
    found = neighbours(world.reader(), OURS_ON_IT)
    assert AnsweredName(name=HOST, wildcard="*.getorcha.com") in found.answered


def test_a_private_zone_of_the_name_is_nobodys_neighbour(world: SurveyWorld) -> None:
    route53 = world.client("route53")
    vpc = {"VPCRegion": "eu-central-1", "VPCId": world.vpc}
    made = route53.create_hosted_zone(
        Name="getorcha.com", CallerReference="private", VPC=vpc, HostedZoneConfig={"PrivateZone": True}
    )
    caa = {"Name": "getorcha.com", "Type": "CAA", "TTL": 60, "ResourceRecords": [{"Value": '0 issue ";"'}]}
    route53.change_resource_record_sets(
        HostedZoneId=made["HostedZone"]["Id"],
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": caa}]},
    )
    assert neighbours(world.reader(), OURS_ON_IT).caa == ()


def wanted(world: SurveyWorld, kind: str = "A", **values: Any) -> list[tuple[Standing, str]]:
    alias = [{"name": "v1-orcha-alb-1.eu-central-1.elb.amazonaws.com", "evaluate_target_health": True}]
    content = values or {"alias": alias}
    found = world.look("aws_route53_record", zone_id=world.zone, name=HOST, type=kind, **content)
    return [(match.standing, match.reason) for match in found]


def test_one_record_of_a_routing_policy_with_a_health_check_is_in_the_way(world: SurveyWorld) -> None:
    check = world.client("route53").create_health_check(
        CallerReference="1", HealthCheckConfig={"Type": "TCP", "IPAddress": "203.0.113.1", "Port": 443}
    )["HealthCheck"]["Id"]
    world.record(HOST, "A", "203.0.113.1", SetIdentifier="one", Failover="PRIMARY", HealthCheckId=check)
    ((standing, reason),) = wanted(world)
    assert standing is Standing.IN_THE_WAY
    assert "one of several that a routing policy chooses from" in reason


@pytest.mark.parametrize(
    ("kind", "value"), [("AAAA", "2001:db8::1"), ("HTTPS", "1 elsewhere.example.")], ids=["IPv6", "HTTPS"]
)
def test_a_record_of_others_that_leads_some_clients_elsewhere_is_in_the_way(
    world: SurveyWorld, kind: str, value: str
) -> None:
    """Clients with IPv6, and browsers that ask for HTTPS records (RFC 9460), would never come to our load balancer."""
    world.record(HOST, kind, value)
    ((standing, reason),) = wanted(world)
    assert standing is Standing.IN_THE_WAY
    assert "remove it" in reason


@pytest.mark.parametrize(
    ("kind", "value"), [("MX", "10 mail.example."), ("TXT", '"v=spf1 -all"'), ("CAA", '0 issue "amazon.com"')]
)
def test_records_of_others_that_lead_no_client_are_in_nobodys_way(world: SurveyWorld, kind: str, value: str) -> None:
    world.record(HOST, kind, value)
    assert wanted(world) == []


def test_a_rule_of_others_in_our_group_that_names_a_group_or_everything_counts_for_both_versions(
    world: SurveyWorld,
) -> None:
    ec2, group = world.client("ec2"), world.groups["instances"]
    peers = [
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": world.groups["balancer"]}]},
        {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]},
    ]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=peers)
    found = neighbours(world.reader(), replace(OURS_ON_IT, groups=(group,)))
    counted = [(rule.ipv4, rule.ipv6) for rule in found.group_rules if not rule.is_egress]
    assert sorted(counted) == [(False, True), (True, False), (True, True)]
