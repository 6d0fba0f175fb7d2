"""The checklist of an adoption: logical ids from a template or from the stacks that run, and what is retained."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from edge.adopt import templates
from edge.aws.survey.model import Found, Standing, Wanted
from edge.cli.exits import BadInputError
from tests.support.survey_world import HOSTS, SurveyWorld

ELB = "AWS::ElasticLoadBalancingV2"


def found(type_: str, import_id: str, **values: Any) -> Found:
    wanted = Wanted(address=f"{type_}.link", type=type_, account="prod", values=values)
    return Found(wanted=wanted, import_id=import_id, thing=f"the {type_}", standing=Standing.ALIKE)


PORT = {"from_port": 9999, "to_port": 9999, "description": "Link port from ALB"}
FOUND = [
    found("aws_lb_target_group", "arn:tg", name="v1-orcha-link-tg"),
    found("aws_lb_listener_rule", "arn:rule", priority=20),
    found("aws_route53_record", "Z_link.getorcha.com_CNAME", name="link.getorcha.com", type="CNAME"),
    found("aws_cloudwatch_metric_alarm", "v1-orcha-link-unhealthy", alarm_name="v1-orcha-link-unhealthy"),
    found("aws_acm_certificate", "arn:certificate", domain_name="link.prod.getorcha.com"),
    found(
        "aws_vpc_security_group_ingress_rule", "sgr-1", from_port=9999, to_port=9999, description="Link port from ALB"
    ),
]
RESOURCES: dict[str, dict[str, Any]] = {
    "Group": {"Type": f"{ELB}::TargetGroup", "Properties": {"Name": "v1-orcha-link-tg"}, "DeletionPolicy": "Retain"},
    "OtherGroup": {"Type": f"{ELB}::TargetGroup", "Properties": {"Name": "v1-orcha-app-tg"}},
    "Rule": {"Type": f"{ELB}::ListenerRule", "Properties": {"Priority": 20, "ListenerArn": {"Ref": "L"}}},
    "NoRule": {"Type": f"{ELB}::TargetGroup", "Properties": {"Priority": 20}},
    "Name": {"Type": "AWS::Route53::RecordSet", "Properties": {"Name": "Link.getorcha.com.", "Type": "CNAME"}},
    "NotName": {"Type": "AWS::Route53::RecordSet", "Properties": {"Name": "link.getorcha.com.", "Type": "TXT"}},
    "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "v1-orcha-link-unhealthy"}},
    "Certificate": {"Type": "AWS::CertificateManager::Certificate", "Properties": {"DomainName": HOSTS[0]}},
    "Port": {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {"FromPort": 9999, "ToPort": 9999, "Description": "Link port from ALB"},
        "DeletionPolicy": "RetainExceptOnCreate",
    },
    "Bare": {"Type": f"{ELB}::TargetGroup"},
}


def test_each_thing_is_found_in_a_template_by_what_names_it_there() -> None:
    kept = list(templates.in_template(FOUND, RESOURCES, "compute.json"))
    assert [(one.logical_id, one.is_retained) for one in kept] == [
        ("Group", True),
        ("Rule", False),
        ("Name", False),
        ("Alarm", False),
        ("Certificate", False),
        ("Port", True),
    ]
    assert templates.lines(kept)[0] == (
        "compute.json, Alarm (the aws_cloudwatch_metric_alarm): add DeletionPolicy: Retain"
    )
    assert templates.lines(kept)[-1].endswith("is retained already")


YAML = """
Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    DeletionPolicy: Retain
    Properties: { Name: v1-orcha-link-tg, VpcId: !ImportValue vpc, Port: !If [A, 1, 2], Tags: !Transform { Name: x } }
"""


@pytest.mark.parametrize("text", [json.dumps({"Resources": RESOURCES}), YAML], ids=["JSON", "YAML"])
def test_a_template_is_read_from_json_and_from_yaml(text: str, tmp_path: Path) -> None:
    file = tmp_path / "template"
    file.write_text(text, encoding="utf-8")
    (kept,) = templates.in_template(FOUND[:1], templates.read(file), "x")
    assert (kept.logical_id, kept.is_retained) == ("Group", True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "is neither JSON nor YAML"),
        ("[]", "has no table of Resources; give CloudFormation's template"),
        ("Resources: [1]", "has no table of Resources"),
        ("Resources: {a: 1}", "has no table of Resources"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_what_is_no_template_is_one_sentence(text: str | None, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "template"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError) as error:
        templates.read(file)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


class CloudFormation:
    """Stacks by the physical ids of what they hold."""

    def __init__(self, code: str = "ValidationError") -> None:
        self._code = code
        self.templates_read = 0

    def describe_stack_resources(self, PhysicalResourceId: str) -> dict[str, Any]:  # noqa: N803
        held = {"arn:tg": "Group", "arn:rule": "Rule", "link.getorcha.com": "Name"}
        if PhysicalResourceId not in held:
            raise ClientError({"Error": {"Code": self._code, "Message": "no"}}, "DescribeStackResources")
        return {"StackResources": [{"StackName": "compute", "LogicalResourceId": held[PhysicalResourceId]}]}

    def get_template(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        assert StackName == "compute"
        self.templates_read += 1
        return {"TemplateBody": {"Resources": RESOURCES}}


def test_stacks_are_asked_by_physical_id_and_each_template_is_read_once() -> None:
    stacks = CloudFormation()
    kept = list(templates.in_stacks(FOUND, lambda _: stacks))
    assert [(one.place, one.logical_id, one.is_retained) for one in kept] == [
        ("stack compute", "Group", True),
        ("stack compute", "Rule", False),
        ("stack compute", "Name", False),
    ]
    assert stacks.templates_read == 1


def test_where_stacks_may_not_be_asked_that_is_said_and_the_adoption_goes_on() -> None:
    output: list[str] = []
    assert templates.asked(FOUND, lambda _: CloudFormation("AccessDenied"), output.append) == []
    assert output[0].startswith("Which stacks hold these things was not asked: An error occurred (AccessDenied)")


# Two certificates over the same names


@pytest.fixture
def world() -> Iterator[SurveyWorld]:
    with mock_aws():
        yield SurveyWorld()


def test_of_two_certificates_the_choice_and_what_is_left_are_said(world: SurveyWorld) -> None:
    arns = [world.certificate(HOSTS, {}) for _ in range(2)]
    (chosen,) = world.look("aws_acm_certificate", domain_name=HOSTS[0], subject_alternative_names=HOSTS[1:])
    (left,) = [arn for arn in arns if arn != chosen.import_id]
    assert chosen.note == (
        "chosen among 2 over these names, since none is in use, and it is the newest; left as they are: "
        + left.rpartition("/")[2]
    )


def test_of_one_certificate_nothing_is_said(world: SurveyWorld) -> None:
    world.certificate(HOSTS, {})
    (chosen,) = world.look("aws_acm_certificate", domain_name=HOSTS[0], subject_alternative_names=HOSTS[1:])
    assert chosen.note == ""
