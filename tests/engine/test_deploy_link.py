"""Link over two accounts: prod.toml, applied by real Terraform, asked about through boto3."""

import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from edge.aws import inventory
from edge.aws.inventory import Thing
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.exported import exported
from tests.support.files import PROD_TOML
from tests.support.workspace import Workspace, synthesize

pytestmark = pytest.mark.takes(minutes=2.5)

PROD, MANAGEMENT, REGION = "111111111111", "222222222222", "eu-central-1"
BUCKET, KEY = "v1-orcha-terraform-state", "edge/prod.tfstate"
(ENVIRONMENT,) = load(["prod"])


@dataclass(frozen=True)
class Deployment:
    """What an apply did: its log, the apply that was tried meanwhile, and what existed before it."""

    aws: LocalAws
    workspace: Workspace
    before: list[Thing]
    log: str
    second_apply: "subprocess.CompletedProcess[str]"

    def client(self, service: str, account: str = PROD) -> Any:
        return self.aws.client(service, account, REGION)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Apply once for all questions, and try a second apply while the first holds the lock."""
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        folder = tmp_path_factory.mktemp("link")
        workspace = synthesize(PROD_TOML.read_text(encoding="utf-8"), name="prod", folder=folder, aws=aws)
        before = inventory.take(ENVIRONMENT, aws.client)
        with workspace.applying() as first:
            wait_for_lock(aws, first)
            second = workspace.terraform("apply", "-auto-approve", "-input=false")
            log, _ = first.communicate(timeout=300)
        assert first.returncode == 0, log
        yield Deployment(aws, workspace, before, log, second)


def wait_for_lock(aws: LocalAws, apply: "subprocess.Popen[str]") -> None:
    s3 = aws.client("s3", PROD, REGION)
    deadline = time.monotonic() + 60
    while f"{KEY}.tflock" not in keys(s3):
        assert apply.poll() is None, "the first apply ended before it took the lock"
        assert time.monotonic() < deadline, "the first apply took no lock"
        time.sleep(0.1)


def keys(s3: Any) -> set[str]:
    return {content["Key"] for content in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def link_target_group(deployment: Deployment) -> dict[str, Any]:
    (group,) = deployment.client("elbv2").describe_target_groups(Names=["v1-orcha-link-tg"])["TargetGroups"]
    return dict(group)


def records(deployment: Deployment, account: str, zone: str) -> dict[tuple[str, str], dict[str, Any]]:
    route53 = deployment.client("route53", account)
    (found,) = [item for item in route53.list_hosted_zones()["HostedZones"] if item["Name"] == f"{zone}."]
    answer = route53.list_resource_record_sets(HostedZoneId=found["Id"])
    return {
        (resourcerecordset["Name"].rstrip("."), resourcerecordset["Type"]): resourcerecordset
        for resourcerecordset in answer["ResourceRecordSets"]
    }


def test_exactly_one_of_two_applies_gets_the_state_lock(deployment: Deployment) -> None:
    assert deployment.second_apply.returncode == 1
    assert "Error acquiring the state lock" in deployment.second_apply.stderr
    assert "Apply complete! Resources: 17 added, 0 changed, 0 destroyed." in deployment.log


def test_the_state_lies_in_the_bucket_and_the_lock_is_released(deployment: Deployment) -> None:
    assert keys(deployment.client("s3")) == {KEY}


def test_the_second_plan_is_empty(deployment: Deployment) -> None:
    plan = deployment.workspace.plan()
    assert plan.returncode == 0, plan.stdout + plan.stderr


def test_as_plain_terraform_it_changes_nothing(deployment: Deployment, tmp_path: Path) -> None:
    plan = exported(deployment.workspace, "prod", ENVIRONMENT.services, tmp_path / "plain").plan()
    assert plan.returncode == 0, plan.stdout + plan.stderr


def test_the_configuration_is_valid(deployment: Deployment) -> None:
    assert "Success!" in deployment.workspace.succeed("validate")


def test_the_target_group_is_the_seeds(deployment: Deployment) -> None:
    group = link_target_group(deployment)
    assert {
        "Port": 9999,
        "Protocol": "HTTP",
        "TargetType": "instance",
        "HealthCheckPath": "/health",
        "HealthCheckProtocol": "HTTP",
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 3,
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": 5,
    }.items() <= group.items()
    answer = deployment.client("elbv2").describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])
    attributes = {attribute["Key"]: attribute["Value"] for attribute in answer["Attributes"]}
    assert attributes["deregistration_delay.timeout_seconds"] == "60"


def test_the_instances_are_targets(deployment: Deployment) -> None:
    (group,) = deployment.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert link_target_group(deployment)["TargetGroupArn"] in group["TargetGroupARNs"]


def test_both_security_groups_let_the_port_through(deployment: Deployment) -> None:
    ec2 = deployment.client("ec2")
    groups = {group["GroupName"]: group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    ours = [
        securitygrouprule
        for securitygrouprule in ec2.describe_security_group_rules()["SecurityGroupRules"]
        if securitygrouprule.get("FromPort") == 9999
    ]
    assert {
        (our["GroupId"], our["IsEgress"], our["ReferencedGroupInfo"]["GroupId"], our["ToPort"], our["Description"])
        for our in ours
    } == {
        (groups["v1-orcha-alb-sg"], True, groups["v1-orcha-ec2-sg"], 9999, "Link traffic to EC2"),
        (groups["v1-orcha-ec2-sg"], False, groups["v1-orcha-alb-sg"], 9999, "Link port from ALB"),
    }


def test_the_certificate_is_issued_for_both_hosts_and_on_the_listener(deployment: Deployment) -> None:
    arn = deployment.workspace.outputs()["LinkCertificateArn"]
    certificate = deployment.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    assert certificate["Status"] == "ISSUED"
    assert set(certificate["SubjectAlternativeNames"]) == {"link.prod.getorcha.com", "link.getorcha.com"}
    attached = deployment.client("elbv2").describe_listener_certificates(ListenerArn=https_listener(deployment))
    assert arn in {item["CertificateArn"] for item in attached["Certificates"]}


def https_listener(deployment: Deployment) -> str:
    elbv2 = deployment.client("elbv2")
    (balancer,) = elbv2.describe_load_balancers(Names=["v1-orcha-alb"])["LoadBalancers"]
    listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    return next(str(listener["ListenerArn"]) for listener in listeners if listener["Port"] == 443)


def test_the_rule_routes_both_hosts_at_priority_20(deployment: Deployment) -> None:
    rules = deployment.client("elbv2").describe_rules(ListenerArn=https_listener(deployment))["Rules"]
    (rule,) = [item for item in rules if item["Priority"] == "20"]
    assert rule["Conditions"][0]["HostHeaderConfig"]["Values"] == ["link.prod.getorcha.com", "link.getorcha.com"]
    (action,) = rule["Actions"]
    assert (action["Type"], action["TargetGroupArn"]) == ("forward", link_target_group(deployment)["TargetGroupArn"])


def test_the_primary_host_is_an_alias_in_the_prod_account(deployment: Deployment) -> None:
    (balancer,) = deployment.client("elbv2").describe_load_balancers(Names=["v1-orcha-alb"])["LoadBalancers"]
    alias = records(deployment, PROD, "prod.getorcha.com")["link.prod.getorcha.com", "A"]["AliasTarget"]
    assert alias["DNSName"].rstrip(".") == balancer["DNSName"]
    assert alias["HostedZoneId"] == balancer["CanonicalHostedZoneId"]


def test_the_short_host_is_a_cname_in_the_management_account(deployment: Deployment) -> None:
    record = records(deployment, MANAGEMENT, "getorcha.com")["link.getorcha.com", "CNAME"]
    assert (record["TTL"], record["ResourceRecords"]) == (300, [{"Value": "link.prod.getorcha.com"}])


@pytest.mark.parametrize(
    ("account", "zone", "host"),
    [(PROD, "prod.getorcha.com", "link.prod.getorcha.com"), (MANAGEMENT, "getorcha.com", "link.getorcha.com")],
)
def test_each_account_proves_its_own_name(deployment: Deployment, account: str, zone: str, host: str) -> None:
    arn = deployment.workspace.outputs()["LinkCertificateArn"]
    options = deployment.client("acm").describe_certificate(CertificateArn=arn)["Certificate"][
        "DomainValidationOptions"
    ]
    expected = next(option["ResourceRecord"] for option in options if option["DomainName"] == host)
    record = records(deployment, account, zone)[expected["Name"].rstrip("."), "CNAME"]
    assert [item["Value"] for item in record["ResourceRecords"]] == [expected["Value"]]


def test_the_alarm_is_the_seeds_and_notifies_the_topic(deployment: Deployment) -> None:
    (alarm,) = deployment.client("cloudwatch").describe_alarms(AlarmNames=["v1-orcha-link-unhealthy"])["MetricAlarms"]
    assert {
        "MetricName": "HealthyHostCount",
        "Namespace": "AWS/ApplicationELB",
        "Statistic": "Minimum",
        "Period": 60,
        "EvaluationPeriods": 2,
        "Threshold": 1.0,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "breaching",
    }.items() <= alarm.items()
    (topic,) = deployment.client("sns").list_topics()["Topics"]
    assert alarm["AlarmActions"] == [topic["TopicArn"]]
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]}
    assert dimensions["TargetGroup"] == link_target_group(deployment)["TargetGroupArn"].split(":")[-1]
    assert re.fullmatch(r"app/v1-orcha-alb/[0-9a-f]{16}", dimensions["LoadBalancer"])


def test_the_outputs_name_what_was_made(deployment: Deployment) -> None:
    outputs = deployment.workspace.outputs()
    assert outputs.keys() == {"LinkTargetGroupArn", "LinkCertificateArn", "LinkUrl"}
    assert outputs["LinkTargetGroupArn"] == link_target_group(deployment)["TargetGroupArn"]
    assert outputs["LinkUrl"] == "https://link.prod.getorcha.com"


def test_what_is_ours_says_so_in_its_tags(deployment: Deployment) -> None:
    arn = link_target_group(deployment)["TargetGroupArn"]
    (described,) = deployment.client("elbv2").describe_tags(ResourceArns=[arn])["TagDescriptions"]
    tags = {tag["Key"]: tag["Value"] for tag in described["Tags"]}
    assert tags == {"Environment": "prod", "ManagedBy": "orcha-edge", "Service": "link"}


def test_no_name_points_at_something_that_does_not_serve_yet(deployment: Deployment) -> None:
    order = [
        "aws_acm_certificate.link: Creation complete",
        "aws_route53_record.link_getorcha_com__validation: Creation complete",
        "aws_acm_certificate_validation.link: Creation complete",
        "aws_lb_listener_certificate.link: Creation complete",
        "aws_lb_listener_rule.link: Creation complete",
        "aws_route53_record.link_prod_getorcha_com: Creating...",
        "aws_route53_record.link_prod_getorcha_com: Creation complete",
        "aws_route53_record.link_getorcha_com: Creating...",
    ]
    places = [deployment.log.index(step) for step in order]
    assert places == sorted(places)


def test_destroy_leaves_nothing_of_ours_in_either_account(deployment: Deployment) -> None:
    """Last in this file: it ends what the other tests ask about."""
    during = inventory.take(ENVIRONMENT, deployment.aws.client)
    assert {thing.account for thing in set(during) - set(deployment.before)} == {"prod", "management"}
    log = deployment.workspace.succeed("destroy", "-auto-approve", "-input=false")
    assert "Destroy complete! Resources: 17 destroyed." in log
    assert inventory.take(ENVIRONMENT, deployment.aws.client) == deployment.before
    assert log.index("aws_route53_record.link_getorcha_com: Destruction complete") < log.index(
        "aws_lb_listener_rule.link: Destroying..."
    )
