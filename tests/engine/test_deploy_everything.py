"""Every optional part on real Terraform: both sign-ins, apex, wildcard, seven hosts, an account entered by a role.

At the end everything is changed at once, and destroyed; and every call of that is checked against the derived policies.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from edge.aws import inventory
from edge.aws.inventory import Thing
from edge.verify.clients import Clients
from edge.verify.endpoints import settings_from
from edge.verify.report import line
from edge.verify.requests import Requests
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.authorization.judging import judge
from tests.support.call_recorder import Recorder, recording
from tests.support.deployed_stack import Stack
from tests.support.files import EVERYTHING_TOML, environment_of
from tests.support.readonly_commands import (
    ask_before,
    compare_priorities,
    look_for_what_stands,
    survey_neighbours,
    verified,
)
from tests.support.workspace import Workspace, synthesize

PROD, REGION = "111111111111", "eu-central-1"
# CDK opened HTTPS out of the load balancer for its own admin service; AWS refuses the same rule twice.
TOML = EVERYTHING_TOML.replace("[platform]\n", "[platform]\nopens_sign_in_port = false\n")
ENVIRONMENT: Environment = environment_of(TOML)
# A host more, a new port with its generation, another priority, a health check in place, another name, a host less; and
# another client at the OIDC provider. The service app leaves its shared hosts, and with them the tag that names their
# owner.
CHANGED_TOML = (
    TOML.replace('hosts        = ["link.prod.getorcha.com", "link.getorcha.com"]', 'hosts = ["app.prod.getorcha.com"]')
    .replace('"link.getorcha.com"]', '"link.getorcha.com", "go.getorcha.com"]')
    .replace("port     = 9999\npriority = 20", "port       = 9998\npriority   = 21\ngeneration = 2")
    .replace("[services.desk]", '[services.help]\nrenamed_from = "desk"')
    .replace('    "www.getorcha.com",\n', "")
    .replace("[services.web]", '[services.web]\nhealth_check = { path = "/ready" }')
    .replace('"orcha-board"', '"orcha-board-2"')
)
LEAVING = ["www.getorcha.com"]


@dataclass(frozen=True)
class Deployment:
    aws: LocalAws
    folder: Path
    recorder: Recorder
    workspace: Workspace
    before: list[Thing]
    after: list[Thing]

    def made(self, kind: str) -> dict[str, str]:
        """Names and settings of what the apply made of one kind."""
        return {item.name: item.detail for item in sorted(set(self.after) - set(self.before)) if item.kind == kind}


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600, plane=True) as aws, recording(aws) as recorder:
        folder = tmp_path_factory.mktemp("everything")
        workspace = synthesize(TOML, name="prod", folder=folder, aws=aws)
        before = inventory.take(ENVIRONMENT, aws.client)
        workspace.apply()
        yield Deployment(aws, folder, recorder, workspace, before, inventory.take(ENVIRONMENT, aws.client))


def test_the_second_plan_is_empty(deployment: Deployment) -> None:
    with deployment.recorder.noting("plan"):
        plan = deployment.workspace.plan()
    assert plan.returncode == 0, plan.stdout + plan.stderr


def test_every_certificate_is_issued_over_three_accounts(deployment: Deployment) -> None:
    certificates = deployment.made("certificate")
    assert len(certificates) == 4
    assert all(detail.startswith("ISSUED: ") for detail in certificates.values())


def test_seven_hosts_take_two_rules_at_priorities_in_a_row(deployment: Deployment) -> None:
    rules = {name.split()[-1]: detail for name, detail in deployment.made("listener rule").items()}
    assert sorted(rules) == ["15", "20", "30", "40", "41", "60"]
    assert [detail.count("orcha") for detail in (rules["40"], rules["41"])] == [5 + 1, 2 + 1]


def test_a_sign_in_of_either_kind_stands_before_the_service_that_asks_for_one(deployment: Deployment) -> None:
    rules = deployment.made("listener rule")
    (desk,) = [detail for name, detail in rules.items() if name.endswith(" 30")]
    assert desk.endswith("-> authenticate-cognito, then forward to v1-orcha-desk-tg")
    (board,) = [detail for name, detail in rules.items() if name.endswith(" 60")]
    assert board.endswith("-> authenticate-oidc, then forward to v1-orcha-board-tg")
    cognito: Any = deployment.aws.client("cognito-idp", PROD, REGION)
    (pool,) = cognito.list_user_pools(MaxResults=10)["UserPools"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool["Id"], MaxResults=10)["UserPoolClients"]
    (client,) = [item for item in clients if item["ClientName"] == "v1-orcha-desk"]
    described = cognito.describe_user_pool_client(UserPoolId=pool["Id"], ClientId=client["ClientId"])
    assert set(described["UserPoolClient"]["CallbackURLs"]) == {
        "https://desk.prod.getorcha.com/oauth2/idpresponse",
        "https://desk.getorcha.com/oauth2/idpresponse",
    }


def test_an_apex_of_another_account_is_an_alias_of_the_load_balancer(deployment: Deployment) -> None:
    aliases = deployment.made("record A")
    assert {"getorcha.com", "orcha.example"} <= aliases.keys()
    assert len(set(aliases.values())) == 1


def test_the_second_generation_of_a_target_group_has_its_own_name(deployment: Deployment) -> None:
    assert "v1-orcha-web-tg-2" in deployment.made("target group")


def test_it_serves_what_the_instances_run_and_its_priorities_are_free(deployment: Deployment) -> None:
    """The compose file publishes no port for the service web. Both runs are checked against the policies at the end."""
    ask_before(deployment.workspace, deployment.recorder)
    compare_priorities(deployment.workspace, deployment.recorder)
    others = survey_neighbours(deployment.workspace, deployment.recorder)
    assert (others["unasked"], others["certificates"], others["delegations"]) == ({}, [], [])
    missed = verified(deployment.workspace, deployment.recorder)
    assert missed == {(host, "health") for host in ENVIRONMENT.services["web"].hosts}


def test_all_that_stands_is_found_and_ours_by_the_ids_that_the_state_has(deployment: Deployment) -> None:
    found = look_for_what_stands(deployment.workspace, deployment.recorder)
    state = json.loads(deployment.workspace.succeed("state", "pull"))
    kinds = {resource["type"]: resource for resource in state["resources"] if resource["mode"] == "managed"}
    looked_for = kinds.keys() - {"aws_acm_certificate_validation", "aws_autoscaling_attachment"}
    assert {address.partition(".")[0] for address in found} == looked_for
    assert {standing for standing, _ in found.values()} == {"ours"}
    certificates = [
        (f"{resource['type']}.{resource['name']}", resource["instances"][0]["attributes"]["id"])
        for resource in state["resources"]
        if resource["type"] in {"aws_acm_certificate", "aws_lb_target_group", "aws_lb_listener_rule"}
    ]
    assert {address: found[address][1] for address, _ in certificates} == dict(certificates)


def ask(deployment: Deployment, path: str) -> str:
    """Ask a host that two services share, as a client does; give what answers."""
    requests = Requests()
    settings = settings_from(deployment.aws.variables)
    clients = Clients.make(ENVIRONMENT, deployment.aws.client, settings, requests)
    return clients.http.get(f"https://link.prod.getorcha.com{path}", address="192.0.2.1").text


def test_each_path_of_a_host_is_answered_by_its_own_service(deployment: Deployment) -> None:
    """Through DNS's address, TLS and the rules to what listens on the service's own port of the instances."""
    paths = ["/", "/api", "/api/", "/api/users", "/v1/status", "/v10/status", "/API/users"]
    stack = Stack(deployment.aws, ENVIRONMENT)
    with ExitStack() as meanwhile:
        for path in paths:
            for port, name in ((9999, "link"), (8888, "app")):
                meanwhile.enter_context(stack.answers(port, path, status=200, body=name))
        answers = {path: ask(deployment, path) for path in paths}
    assert answers == {
        "/": "link",
        "/api": "link",
        "/api/": "app",
        "/api/users": "app",
        "/v1/status": "app",
        "/v10/status": "link",
        "/API/users": "link",
    }


def test_a_rule_that_takes_a_services_paths_is_found(deployment: Deployment) -> None:
    stack = Stack(deployment.aws, ENVIRONMENT)
    group = stack.target_group("link")["TargetGroupArn"]
    made = stack.client("elbv2").create_rule(
        ListenerArn=stack.listener(443)["ListenerArn"],
        Priority=5,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}],
        Actions=[{"Type": "forward", "TargetGroupArn": group}],
    )["Rules"][0]["RuleArn"]
    failed = [line(item) for item in stack.verify("link", "app") if item.outcome == "failed"]
    stack.client("elbv2").delete_rule(RuleArn=made)
    taken = "rule 5 takes {0}/api/* first and forwards to v1-orcha-link-tg, not to v1-orcha-app-tg"
    hosts = ENVIRONMENT.services["app"].hosts
    assert [item for item in failed if ": routing: " in item] == [
        f"FAILED {host}/api/*: routing: {taken.format(host)}; remove what should not be there, or deploy again [outage]"
        for host in hosts
    ]
    assert [line(item) for item in stack.verify("link", "app") if item.outcome != "passed"] == []


def test_the_derived_policies_allow_every_call_of_its_life_and_nothing_idle(deployment: Deployment) -> None:
    """Last in this file: it changes everything and destroys it, so that those calls count too."""
    recorder = deployment.recorder
    applied = len(recorder.calls)
    workspace = synthesize(CHANGED_TOML, name="prod", folder=deployment.folder, aws=deployment.aws)
    with recorder.noting("plan"):
        assert workspace.plan().returncode == 2
    workspace.apply()
    changed = len(recorder.calls)
    workspace.succeed("destroy", "-auto-approve", "-input=false")
    after, calls = environment_of(CHANGED_TOML), recorder.calls
    judged = judge(
        [(ENVIRONMENT, (), calls[:applied]), (after, LEAVING, calls[applied:changed]), (after, (), calls[changed:])]
    )
    assert len(judged.asked) > 300
    assert judged.refused == []
    assert judged.writes > 100
    assert judged.written_by_plan == []
    assert judged.idle == set()
