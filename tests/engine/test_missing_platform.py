"""What is missing or ambiguous in the platform ends the plan with a sentence that names it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.files import PROD_TOML
from tests.support.workspace import synthesize

pytestmark = pytest.mark.takes(minutes=0.5)

PROD, MANAGEMENT, REGION = "111111111111", "222222222222", "eu-central-1"
TOML = (
    PROD_TOML.read_text(encoding="utf-8")
    .replace("[services.link]\n", "[services.link]\nlogin = true\n")
    .replace(
        'alert_topic                  = "v1-orcha-alerts"',
        'alert_topic = "v1-orcha-alerts"\nuser_pool = "v1-orcha-users"',
    )
)


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start(load(["prod"]), lifetime_seconds=3600) as running:
        yield running


def errors_of(toml: str, aws: LocalAws, folder: Path) -> str:
    """Plan, and give Terraform's errors on one line each, as a reader takes them in."""
    plan = synthesize(toml, name="prod", folder=folder, aws=aws).plan()
    assert plan.returncode == 1, plan.stdout
    return re.sub(r"[\s│╷╵]+", " ", plan.stderr)


def test_every_missing_thing_is_named_at_once(aws: LocalAws, tmp_path: Path) -> None:
    toml = re.sub(r'"v1-orcha-(ec2-sg|asg|alerts|users)"', r'"gone-\1"', TOML)
    toml = toml.replace('"v1-orcha-alb-sg"', '"gone-alb-sg"')
    errors = errors_of(toml, aws, tmp_path)
    for sentence in (
        "Expected one security group named gone-alb-sg in the load balancer's VPC, found 0; correct "
        "platform.load_balancer_security_group in the environment file.",
        "Expected one security group named gone-ec2-sg in the load balancer's VPC, found 0; correct "
        "platform.instance_security_group in the environment file.",
        "Expected one Auto Scaling group named gone-asg, found 0; correct platform.autoscaling_group in the "
        "environment file.",
        "Expected one Cognito user pool named gone-users, found 0; correct platform.user_pool in the environment file.",
        "reading SNS Topic (gone-alerts): empty result",
    ):
        assert sentence in errors


def test_a_missing_load_balancer_is_named(aws: LocalAws, tmp_path: Path) -> None:
    errors = errors_of(TOML.replace('"v1-orcha-alb"', '"gone-alb"'), aws, tmp_path)
    assert (
        "Expected one Application Load Balancer named gone-alb, found 0; correct platform.load_balancer in the "
        "environment file."
    ) in errors


def test_a_missing_zone_is_named(aws: LocalAws, tmp_path: Path) -> None:
    toml = TOML.replace('"getorcha.com"      =', '"gone.example" =').replace("link.getorcha.com", "link.gone.example")
    errors = errors_of(toml, aws, tmp_path)
    assert "no matching Route 53 Hosted Zone found with data.aws_route53_zone.gone_example" in errors


def test_ambiguous_things_are_named_with_their_number(aws: LocalAws, tmp_path: Path) -> None:
    cognito = aws.client("cognito-idp", PROD, REGION)
    cognito.create_user_pool(PoolName="v1-orcha-users")  # CDK's has that name too
    aws.client("route53", MANAGEMENT, REGION).create_hosted_zone(Name="getorcha.com", CallerReference="again")
    errors = errors_of(TOML, aws, tmp_path)
    assert "Expected one Cognito user pool named v1-orcha-users, found 2; correct platform.user_pool" in errors
    assert re.search(r"multiple Route 53 Hosted Zones matched; .* with data\.aws_route53_zone\.getorcha_com", errors)


def test_a_wrong_account_is_refused_before_anything_is_asked(aws: LocalAws, tmp_path: Path) -> None:
    workspace = synthesize(TOML, name="prod", folder=tmp_path, aws=aws)
    workspace.edit(
        "provider.aws",
        [{**provider, "allowed_account_ids": ["999999999999"]} for provider in workspace.read()["provider"]["aws"]],
    )
    plan = workspace.plan()
    assert plan.returncode == 1
    assert "AWS account ID not allowed: 222222222222" in plan.stderr
