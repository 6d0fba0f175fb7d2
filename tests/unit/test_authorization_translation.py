"""Recorded calls as questions to IAM: what is asked, in which context, and that nothing is made up."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.authorization.examples import EXAMPLES
from tests.support.authorization.judging import judge
from tests.support.authorization.translation import World, normalized
from tests.support.call_recorder import Call, Task

PROD, MANAGEMENT = "111111111111", "222222222222"
EC2 = f"arn:aws:ec2:eu-central-1:{PROD}"
TAGS = [{"Key": "Environment", "Value": "prod"}, {"Key": "ManagedBy", "Value": "orcha-edge"}]


def call(service: str, operation: str, parameters: Mapping[str, Any], answer: Mapping[str, Any] | None = None) -> Call:
    return Call(PROD, service, operation, parameters, 200, answer or {})


def found_zone(account: str, name: str, id: str, task: Task = "deploy") -> Call:
    answer = {"HostedZone": {"Name": f"{name}.", "Id": f"/hostedzone/{id}"}}
    return Call(account, "route53", "GetHostedZone", {"Id": id}, 200, answer, task)


@pytest.mark.parametrize(
    ("name", "compared"),
    [("Link.getorcha.com.", "link.getorcha.com"), ("\\052.a.com.", "\\052.a.com"), ("*.a.com", "\\052.a.com")],
)
def test_a_records_name_is_written_as_route_53_compares_it(name: str, compared: str) -> None:
    assert normalized(name) == compared


def test_a_new_thing_is_asked_with_the_requests_tags_and_what_it_stands_in_with_its_own() -> None:
    world = World(tags={f"{EC2}:vpc/vpc-1": {"Environment": "prod"}})
    given = {"VpcId": "vpc-1", "TagSpecifications": [{"ResourceType": "subnet", "Tags": TAGS}]}
    answer = {"Subnet": {"SubnetId": "subnet-1", "VpcId": "vpc-1"}}
    asked = {
        (request.action, request.resource): dict(request.context)
        for request in world.requests(call("ec2", "CreateSubnet", given, answer))
    }
    requested = {"aws:RequestTag/Environment": "prod", "aws:RequestTag/ManagedBy": "orcha-edge"}
    assert asked == {
        ("ec2:CreateSubnet", f"{EC2}:vpc/vpc-1"): {"aws:ResourceTag/Environment": "prod"},
        ("ec2:CreateSubnet", f"{EC2}:subnet/subnet-1"): requested,
        ("ec2:CreateTags", f"{EC2}:subnet/subnet-1"): {**requested, "ec2:CreateAction": "CreateSubnet"},
    }
    (deleted,) = world.requests(call("ec2", "DeleteSubnet", {"SubnetId": "subnet-1"}))
    assert dict(deleted.context) == {"aws:ResourceTag/Environment": "prod", "aws:ResourceTag/ManagedBy": "orcha-edge"}


def test_a_missing_state_asks_for_the_list() -> None:
    missing = Call(PROD, "s3", "HeadObject", {"Bucket": "b", "Key": "k"}, 404, {})
    asked = [(request.action, request.resource) for request in World().requests(missing)]
    assert asked == [("s3:GetObject", "arn:aws:s3:::b/k"), ("s3:ListBucket", "arn:aws:s3:::b")]


def test_a_quota_is_named_by_its_service_and_its_code() -> None:
    given = {"ServiceCode": "vpc", "QuotaCode": "L-0EA8095F"}
    (asked,) = World().requests(call("service-quotas", "GetServiceQuota", given))
    quota = f"arn:aws:servicequotas:eu-central-1:{PROD}:vpc/L-0EA8095F"
    assert (asked.action, asked.resource) == ("servicequotas:GetServiceQuota", quota)


def test_who_one_is_may_be_asked_by_anybody() -> None:
    assert World().requests(call("sts", "GetCallerIdentity", {})) == []


@pytest.mark.parametrize(
    ("service", "operation"), [("route53", "ChangeEverything"), ("s3", "PutBucketAnything"), ("ec2", "DeleteSubnet")]
)
def test_what_aws_does_not_know_or_a_call_does_not_name_is_refused(service: str, operation: str) -> None:
    with pytest.raises(AssertionError):
        World().requests(call(service, operation, {}))


def test_a_judgement_tells_what_is_refused_what_a_plan_writes_and_what_lies_idle() -> None:
    groups = {
        "SecurityGroups": [{"GroupName": f"v1-orcha-{name}-sg", "GroupId": f"sg-{name}"} for name in ("alb", "ec2")]
    }
    record = {"Name": "www.getorcha.com", "Type": "CNAME"}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    change = Call(
        MANAGEMENT, "route53", "ChangeResourceRecordSets", {"HostedZoneId": "Z2", "ChangeBatch": batch}, 200, {}
    )
    calls = [
        found_zone(PROD, "prod.getorcha.com", "Z1"),
        found_zone(MANAGEMENT, "getorcha.com", "Z2", task="plan"),
        call("ec2", "DescribeSecurityGroups", {}, groups),
        change,
    ]
    judged = judge([(EXAMPLES["prod"], (), calls)])
    (refused,) = judged.refused
    assert refused.startswith("management deploy: route53:ChangeResourceRecordSets on arn:aws:route53:::hostedzone/Z2")
    assert (judged.writes, judged.written_by_plan) == (1, [])
    assert ("management", "plan", "ReadZones", "route53:GetHostedZone") not in judged.idle
    assert ("management", "plan", "ReadZones", "route53:ListTagsForResource") in judged.idle
