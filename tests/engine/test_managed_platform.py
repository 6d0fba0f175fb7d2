"""A new environment from nothing: staging.toml, applied by real Terraform, changed and destroyed again."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from edge.aws import inventory
from edge.aws.inventory import Thing
from embedded_aws.process import LocalAws
from tests.engine.faults.fault import Fault
from tests.engine.faults.table import FAULTS, run_fault, sampled
from tests.engine.plans.comparing import stale
from tests.engine.plans.making import Maker, Plan
from tests.engine.plans.staging import ENVIRONMENT, NEW_IMAGE, STAGING_WORLD, TOML
from tests.support.authorization.managed import expect_least_privilege
from tests.support.aws_calls import REGION, STAGING
from tests.support.call_recorder import Recorder, recording
from tests.support.deployed_stack import Stack
from tests.support.exported import exported
from tests.support.files import COMPOSE_FILE, environment_of
from tests.support.platform_inventory import standing
from tests.support.readonly_commands import (
    ask_before,
    compare_priorities,
    look_for_what_stands,
    survey_neighbours,
    verified,
)
from tests.support.workspace import Workspace, synthesize

pytestmark = pytest.mark.takes(minutes=5)

UNPROTECTED = NEW_IMAGE.replace("[platform.balancer]\n", "[platform.balancer]\ndeletion_protection = false\n")
REMADE, OTHERS = "load_balancer_replaced", ("staging_new_service", "zone_destroyed")
SERVICES = {"app": ("5", 8888), "admin": ("10", 7777), "link": ("20", 9999)}


@dataclass(frozen=True)
class Deployment:
    aws: LocalAws
    workspace: Workspace
    folder: Path
    before: list[Thing]
    standing_before: set[tuple[str, str, str]]
    after: list[Thing]
    log: str
    recorder: Recorder

    def client(self, service: str, account: str = STAGING) -> Any:
        return self.aws.client(service, account, REGION)

    def made(self, kind: str) -> dict[str, str]:
        """Names and settings of what the apply made of one kind."""
        return {item.name: item.detail for item in sorted(set(self.after) - set(self.before)) if item.kind == kind}


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600, plane=True) as aws, recording(aws) as recorder:
        folder = tmp_path_factory.mktemp("managed")
        workspace = synthesize(TOML, name="staging", folder=folder, aws=aws)
        before, standing_before = inventory.take(ENVIRONMENT, aws.client), standing(aws)
        log = workspace.apply()
        after = inventory.take(ENVIRONMENT, aws.client)
        yield Deployment(aws, workspace, folder, before, standing_before, after, log, recorder)


def test_nothing_of_the_platform_stood_before(deployment: Deployment) -> None:
    kinds = {kind for account, kind, _ in deployment.standing_before if account == STAGING}
    assert kinds.isdisjoint({"load balancer", "instance group", "user pool", "topic", "zone", "NAT gateway"})


@pytest.mark.whole
def test_as_plain_terraform_it_changes_nothing(deployment: Deployment, tmp_path: Path) -> None:
    plan = exported(deployment.workspace, "staging", ENVIRONMENT.services, tmp_path / "plain").plan()
    assert plan.returncode == 0, plan.stdout + plan.stderr


def test_the_configuration_is_valid(deployment: Deployment) -> None:
    assert json.loads(deployment.workspace.succeed("validate", "-json"))["diagnostics"] == []


def test_the_second_plan_is_empty(deployment: Deployment) -> None:
    with deployment.recorder.noting("plan"):
        plan = deployment.workspace.plan()
    assert plan.returncode == 0, plan.stdout + plan.stderr


def test_it_serves_and_its_priorities_are_free(deployment: Deployment) -> None:
    """Both runs are checked against the policies, at the end."""
    ask_before(deployment.workspace, deployment.recorder)
    compare_priorities(deployment.workspace, deployment.recorder)
    others = survey_neighbours(deployment.workspace, deployment.recorder)
    assert (others["unasked"], others["rules"], others["certificates"], others["delegations"]) == ({}, [], [], [])
    found = look_for_what_stands(deployment.workspace, deployment.recorder)
    assert {standing for standing, _ in found.values()} == {"ours"}
    assert verified(deployment.workspace, deployment.recorder) == set()


def test_three_services_are_served(deployment: Deployment) -> None:
    rules, groups = deployment.made("listener rule"), deployment.made("target group")
    for name, (priority, port) in SERVICES.items():
        rule = rules[f"v1-orcha-staging-alb:443 {priority}"]
        assert rule.startswith(f"{name}.staging.getorcha.com -> ")
        assert rule.endswith(f"forward to v1-orcha-staging-{name}-tg")
        assert groups[f"v1-orcha-staging-{name}-tg"] == (
            f"HTTP {port}, health at /health, targets of v1-orcha-staging-asg"
        )
    assert rules["v1-orcha-staging-alb:443 10"].split(" -> ")[1].startswith("authenticate-cognito, then")


def test_every_certificate_is_issued_the_load_balancers_own_too(deployment: Deployment) -> None:
    certificates = deployment.made("certificate")
    names = {f"{name}.staging.getorcha.com" for name in (*SERVICES, "v1-orcha-staging")}
    assert set(certificates) == names
    assert all(detail.startswith("ISSUED: ") for detail in certificates.values())


def test_every_host_has_an_alias_for_both_kinds_of_address(deployment: Deployment) -> None:
    hosts = {f"{name}.staging.getorcha.com" for name in SERVICES}
    assert set(deployment.made("record A")) == set(deployment.made("record AAAA")) == hosts


def test_the_instances_run_the_compose_file(deployment: Deployment) -> None:
    (group,) = deployment.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert [instance["LifecycleState"] for instance in group["Instances"]] == ["InService"] * 2
    template = group["LaunchTemplate"]
    (version,) = deployment.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=template["LaunchTemplateId"], Versions=[template["Version"]]
    )["LaunchTemplateVersions"]
    script = base64.b64decode(version["LaunchTemplateData"]["UserData"])
    assert COMPOSE_FILE.read_bytes() in script


def test_the_parent_zone_delegates_to_the_new_zone(deployment: Deployment) -> None:
    route53 = deployment.client("route53")
    (zone,) = [item for item in route53.list_hosted_zones()["HostedZones"] if item["Name"] == "staging.getorcha.com."]
    servers = route53.get_hosted_zone(Id=zone["Id"])["DelegationSet"]["NameServers"]
    delegations = [item for item in deployment.after if (item.account, item.kind) == ("management", "record NS")]
    (delegation,) = [item for item in delegations if item.name == "staging.getorcha.com"]
    assert set(servers) == {server.rstrip(".") for server in delegation.detail.split(", TTL")[0].split(", ")}


def test_no_certificate_was_waited_for_before_the_delegation_stood(deployment: Deployment) -> None:
    delegated = deployment.log.index("aws_route53_record.staging_getorcha_com__delegation: Creation complete")
    for name in (*SERVICES, "load_balancer"):
        assert delegated < deployment.log.index(f"aws_acm_certificate_validation.{name}: Creating...")


def test_what_is_protected_is_not_deleted(deployment: Deployment) -> None:
    elbv2, cognito = deployment.client("elbv2"), deployment.client("cognito-idp")
    (balancer,) = elbv2.describe_load_balancers()["LoadBalancers"]
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        elbv2.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
    (pool,) = cognito.list_user_pools(MaxResults=10)["UserPools"]
    with pytest.raises(ClientError, match="deletion protection is activated"):
        cognito.delete_user_pool(UserPoolId=pool["Id"])


@pytest.mark.parametrize(
    "row", sampled([row for row in FAULTS if not row.leaves_traces], "staging"), ids=lambda row: row.name
)
def test_a_fault_of_the_table_is_named_with_its_severity(deployment: Deployment, row: Fault) -> None:
    with deployment.recorder.noting("aside"):
        assert run_fault(Stack(deployment.aws, ENVIRONMENT), row).problem == ""


@pytest.fixture(scope="module")
def remade(deployment: Deployment, request: pytest.FixtureRequest) -> dict[str, Plan]:
    """Make the stored plans whose shapes differ most; `tests/engine/test_review_plans.py` says why not all."""
    maker = Maker(deployment.aws, "staging", deployment.folder)
    here = [item.name for item in request.session.items if item.path == request.path]
    asked = [name for name in (REMADE, *OTHERS) if any(item.endswith(f"[{name}]") for item in here)]
    scenarios = tuple(STAGING_WORLD.scenarios[name] for name in asked)
    with deployment.recorder.noting("aside"):  # plans of other files, one of which looks up the zone
        return {item.name: plan for item, plan in maker.plan(scenarios)}


@pytest.mark.parametrize("name", [REMADE, *(pytest.param(name, marks=pytest.mark.whole) for name in OTHERS)])
def test_the_stored_plan_is_the_one_that_terraform_makes_today(remade: dict[str, Plan], name: str) -> None:
    assert stale(name, remade[name]) == []


@pytest.mark.whole
def test_a_fourth_service_changes_and_destroys_nothing_that_stands(remade: dict[str, Plan]) -> None:
    changes = remade["staging_new_service"]["resource_changes"]
    actions = {change["address"]: change["change"]["actions"] for change in changes}
    assert {tuple(action) for action in actions.values()} == {("no-op",), ("create",)}
    created = {address for address, action in actions.items() if action == ["create"]}
    assert created
    assert all("billing" in address for address in created)


def instances(deployment: Deployment) -> set[str]:
    (group,) = deployment.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return {instance["InstanceId"] for instance in group["Instances"] if instance["LifecycleState"] == "InService"}


def test_a_new_image_replaces_the_instances_and_nothing_else(deployment: Deployment) -> None:
    old = instances(deployment)
    workspace = synthesize(NEW_IMAGE, name="staging", folder=deployment.folder, aws=deployment.aws)
    assert "0 added, 2 changed, 0 destroyed" in workspace.apply()
    new = instances(deployment)
    assert len(new) == len(old) == 2
    assert old.isdisjoint(new)
    plan = workspace.plan()
    assert plan.returncode == 0, plan.stdout + plan.stderr


def test_destroy_leaves_nothing_of_ours_in_either_account(deployment: Deployment) -> None:
    """The last that asks: it ends what the other tests ask about."""
    during = standing(deployment.aws)
    assert len(during - deployment.standing_before) > 20
    workspace = synthesize(UNPROTECTED, name="staging", folder=deployment.folder, aws=deployment.aws)
    assert "0 added, 3 changed, 0 destroyed" in workspace.apply()
    workspace.succeed("destroy", "-auto-approve", "-input=false")
    assert inventory.take(ENVIRONMENT, deployment.aws.client) == deployment.before
    assert standing(deployment.aws) == deployment.standing_before


def test_the_derived_policies_allow_every_call_and_nothing_idle(deployment: Deployment) -> None:
    """After the destroy, whose calls count too."""
    expect_least_privilege(environment_of(UNPROTECTED, "staging"), deployment.recorder.calls)
