"""A platform whose parts are gone: each named before Terraform starts, and what has left the file goes all the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from edge.plan.errors import RefusedError
from edge.plan.leaving import leaving, plan_leaving
from edge.preflight import platform
from edge.preflight.platform import missing
from edge.terraform.runner import Terraform
from environments.checked import Environment
from tests.support.files import PROD_TOML, environment_of
from tests.support.survey_world import SurveyWorld
from tests.support.synthesizing import synthesize

HERE = "tests/environments/prod.toml"
NAMES = {"load_balancer_security_group": "v1-orcha-alb-sg", "instance_security_group": "v1-orcha-ec2-sg"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyWorld]:
    """A platform as the file names it, but for its groups: those are the VPC's, by other names."""
    with mock_aws():
        made = SurveyWorld()
        monkeypatch.setattr(platform, "client_of", lambda _: lambda service, _account, _region: made.client(service))
        for name in NAMES.values():
            made.client("ec2").create_security_group(GroupName=name, Description=name, VpcId=made.vpc)
        scale(made, "v1-orcha-asg")
        yield made


def scale(world: SurveyWorld, name: str) -> None:
    subnet = world.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    autoscaling = world.client("autoscaling")
    if not autoscaling.describe_launch_configurations()["LaunchConfigurations"]:
        autoscaling.create_launch_configuration(LaunchConfigurationName="it", ImageId="ami-1", InstanceType="t3.micro")
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=name, LaunchConfigurationName="it", MinSize=0, MaxSize=0, VPCZoneIdentifier=subnet
    )


def with_login(toml: str = "") -> Environment:
    text = PROD_TOML.read_text(encoding="utf-8") + toml
    return environment_of(text.replace("alert_topic ", 'user_pool = "v1-orcha-users"\nalert_topic ', 1))


def test_a_platform_that_stands_misses_nothing(world: SurveyWorld) -> None:
    world.client("cognito-idp").create_user_pool(PoolName="v1-orcha-users")
    assert missing(world.environment) == missing(with_login()) == []


def test_every_part_that_is_gone_is_named_with_its_key(world: SurveyWorld) -> None:
    world.client("autoscaling").delete_auto_scaling_group(AutoScalingGroupName="v1-orcha-asg", ForceDelete=True)
    world.client("sns").delete_topic(TopicArn=world.topic)
    ec2 = world.client("ec2")
    (group,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["v1-orcha-ec2-sg"]}])[
        "SecurityGroups"
    ]
    ec2.delete_security_group(GroupId=group["GroupId"])
    there = "account prod (111111111111) holds no"
    end = "; correct the name, or make it again"
    assert missing(with_login()) == [
        f"{HERE}: platform.instance_security_group: {there} security groups in the load balancer's VPC named "
        f"v1-orcha-ec2-sg{end}",
        f"{HERE}: platform.autoscaling_group: {there} Auto Scaling groups named v1-orcha-asg{end}",
        f"{HERE}: platform.alert_topic: {there} SNS topics named v1-orcha-alerts{end}",
        f"{HERE}: platform.user_pool: {there} Cognito user pools named v1-orcha-users{end}",
    ]


def test_a_group_of_the_name_in_another_network_is_none(world: SurveyWorld) -> None:
    ec2 = world.client("ec2")
    other = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ec2.create_security_group(GroupName="v1-orcha-alb-sg", Description="of another", VpcId=other)
    assert missing(world.environment) == []


def test_without_the_load_balancer_or_its_listener_the_rest_is_still_looked_at(world: SurveyWorld) -> None:
    elbv2 = world.client("elbv2")
    elbv2.delete_listener(ListenerArn=world.listener)
    (sentence,) = missing(world.environment)
    assert "platform.load_balancer: " in sentence
    assert " holds no listeners on port 443 of the load balancer named v1-orcha-alb;" in sentence
    elbv2.delete_load_balancer(LoadBalancerArn=world.balancer)
    world.client("sns").delete_topic(TopicArn=world.topic)
    assert [sentence.split(": ")[1] for sentence in missing(world.environment)] == [
        "platform.load_balancer",
        "platform.alert_topic",
    ]


def test_where_aws_does_not_answer_terraform_finds_out(
    world: SurveyWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(*_: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeLoadBalancers")

    monkeypatch.setattr(platform, "client_of", lambda _: denied)
    assert missing(world.environment) == []
    assert capsys.readouterr().err.startswith("Whether the platform of prod stands was not asked: ")


def state_of(*addresses: str, **more: Any) -> dict[str, Any]:
    resources = [
        {"mode": "managed", "type": address.partition(".")[0], "name": address.partition(".")[2], "instances": [{}]}
        for address in addresses
    ]
    return {"resources": [*resources, *more.values()]}


def test_what_leaves_is_what_the_file_no_longer_has() -> None:
    configuration = synthesize(environment_of(PROD_TOML.read_text(encoding="utf-8")))
    looked_up = {"mode": "data", "type": "aws_lb", "name": "gone", "instances": [{}]}
    empty = {"mode": "managed", "type": "aws_lb_listener_rule", "name": "gone", "instances": []}
    moved = configuration | {"moved": [{"from": "aws_lb_target_group.old", "to": "aws_lb_target_group.link"}]}
    state = state_of(
        "aws_lb_target_group.link",
        "aws_lb_target_group.old",
        "aws_lb_target_group.docs",
        "aws_route53_record.docs_getorcha_com",
        data=looked_up,
        empty=empty,
    )
    assert leaving(moved, state) == ["aws_lb_target_group.docs", "aws_route53_record.docs_getorcha_com"]
    assert leaving(configuration, {}) == []


class FakeTerraform:
    """Notes what it is asked to plan."""

    def __init__(self) -> None:
        self.options: tuple[str, ...] = ()
        self.reported = ""

    def plan(self, _file: Path, *options: str, reported: str) -> str:
        self.options, self.reported = options, reported
        return "Warning: Resource targeting is in effect"

    def show(self, _file: Path) -> dict[str, Any]:
        return {"complete": False}


def test_only_what_leaves_is_planned(capsys: pytest.CaptureFixture[str]) -> None:
    fake = FakeTerraform()
    addresses = ["aws_lb_target_group.docs", "aws_route53_record.docs_getorcha_com"]
    plan_leaving(cast(Terraform, fake), Path("it.tfplan"), ["The group is gone"], addresses)
    assert fake.options == tuple(f"-target={address}" for address in addresses)
    shown = capsys.readouterr()
    assert fake.reported == "Resource targeting is in effect", "its warning is about what the next line says"
    assert shown.err == (
        "The group is gone\n"
        "So only the removal of what has left the file is planned, 2 resources; the rest stays as it is.\n"
    )


def test_where_nothing_leaves_the_missing_parts_are_all_there_is_to_say() -> None:
    fake = FakeTerraform()
    with pytest.raises(RefusedError, match=r"^The group is gone\nThe topic is gone$"):
        plan_leaving(cast(Terraform, fake), Path("it.tfplan"), ["The group is gone", "The topic is gone"], [])
    assert fake.options == ()
