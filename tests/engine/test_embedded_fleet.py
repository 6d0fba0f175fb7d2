"""Does the embedded AWS keep of networks and instances what AWS keeps?"""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from embedded_aws.process import LocalAws
from tests.support.aws_calls import REGION, STAGING

pytestmark = pytest.mark.takes(minutes=0.2)

USER_DATA = base64.b64encode(b"#!/bin/bash\n").decode()
OWN_TAGS = [{"Key": "Owner", "Value": "us"}]


@pytest.fixture
def ec2(embedded_aws: LocalAws) -> Any:
    return embedded_aws.client("ec2", STAGING, REGION)


@pytest.fixture
def template(ec2: Any) -> Iterator[str]:
    made = ec2.create_launch_template(
        LaunchTemplateName="embedded",
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": OWN_TAGS}],
        LaunchTemplateData={"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.small"},
    )
    template_id: str = made["LaunchTemplate"]["LaunchTemplateId"]
    yield template_id
    ec2.delete_launch_template(LaunchTemplateId=template_id)


def test_a_templates_own_tags_are_not_those_of_what_it_starts(ec2: Any, template: str) -> None:
    (described,) = ec2.describe_launch_templates(LaunchTemplateIds=[template])["LaunchTemplates"]
    (version,) = ec2.describe_launch_template_versions(LaunchTemplateId=template)["LaunchTemplateVersions"]
    assert described["Tags"] == OWN_TAGS
    assert "TagSpecifications" not in version["LaunchTemplateData"]


def test_a_group_keeps_its_warm_up_and_refreshes_its_instances(embedded_aws: LocalAws, template: str) -> None:
    autoscaling = embedded_aws.client("autoscaling", STAGING, REGION)
    name = "embedded"
    embedded_aws.client("ec2", STAGING, REGION).create_launch_template_version(
        LaunchTemplateId=template,
        LaunchTemplateData={"ImageId": "ami-0", "InstanceType": "t3.small", "UserData": USER_DATA},
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "2"},
        MinSize=2,
        MaxSize=2,
        DefaultInstanceWarmup=300,
        AvailabilityZones=[f"{REGION}a"],
    )

    def group() -> dict[str, Any]:
        answer = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        found: dict[str, Any] = answer["AutoScalingGroups"][0]
        return found

    before = {instance["InstanceId"] for instance in group()["Instances"]}
    assert autoscaling.start_instance_refresh(AutoScalingGroupName=name)["InstanceRefreshId"]
    after = {instance["InstanceId"] for instance in group()["Instances"]}
    assert (group()["DefaultInstanceWarmup"], len(after), before & after) == (300, 2, set())
    autoscaling.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)


def test_a_groups_instances_have_the_security_groups_of_the_templates_interfaces(embedded_aws: LocalAws) -> None:
    ec2 = embedded_aws.client("ec2", STAGING, REGION)
    autoscaling = embedded_aws.client("autoscaling", STAGING, REGION)
    subnet = ec2.describe_subnets()["Subnets"][0]
    group = ec2.create_security_group(GroupName="embedded", Description="of a test", VpcId=subnet["VpcId"])["GroupId"]
    ec2.create_launch_template(
        LaunchTemplateName="with-an-interface",
        LaunchTemplateData={
            "ImageId": "ami-0",
            "InstanceType": "t3.small",
            "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": [group]}],
        },
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="with-an-interface",
        LaunchTemplate={"LaunchTemplateName": "with-an-interface", "Version": "1"},
        MinSize=1,
        MaxSize=1,
        VPCZoneIdentifier=subnet["SubnetId"],
    )
    (made,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=["with-an-interface"])["AutoScalingGroups"]
    described = ec2.describe_instances(InstanceIds=[made["Instances"][0]["InstanceId"]])["Reservations"][0]
    assert [group["GroupId"] for group in described["Instances"][0]["SecurityGroups"]] == [group]
    autoscaling.delete_auto_scaling_group(AutoScalingGroupName="with-an-interface", ForceDelete=True)


def test_a_subnet_is_found_by_its_ipv6_block(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    (block,) = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
    ipv6 = block["Ipv6CidrBlock"].replace("/56", "/64")
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.99.0.0/24", Ipv6CidrBlock=ipv6)["Subnet"]
    (association,) = made["Ipv6CidrBlockAssociationSet"]
    wanted = {"Name": "ipv6-cidr-block-association.association-id", "Values": [association["AssociationId"]]}
    (found,) = ec2.describe_subnets(Filters=[wanted])["Subnets"]
    assert found["SubnetId"] == made["SubnetId"]
    assert found["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlockState"] == {"State": "associated"}
    ec2.delete_subnet(SubnetId=made["SubnetId"])
    ec2.delete_vpc(VpcId=vpc)


def test_awss_own_policies_exist(embedded_aws: LocalAws) -> None:
    iam = embedded_aws.client("iam", STAGING, REGION)
    arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    assert iam.get_policy(PolicyArn=arn)["Policy"]["PolicyName"] == "AmazonSSMManagedInstanceCore"
