"""A service that signs in by OpenID Connect, on real Terraform: made, verified, rotated, and its secret never shown."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.aws import inventory
from edge.verify.check import Result, Run
from edge.verify.checklist import verify
from edge.verify.clients import Clients
from edge.verify.endpoints import settings_from
from edge.verify.report import line
from edge.verify.requests import Requests
from embedded_aws.data_plane.start import PROVIDERS_FILE
from embedded_aws.process import LocalAws
from environments.sign_in import OidcSignIn
from tests.support.files import OIDC_SERVICE, PROD_TOML, environment_of
from tests.support.planning import Desk

PROD, REGION = "111111111111", "eu-central-1"
# CDK opened HTTPS out of the load balancer for its own admin service; AWS refuses the same rule twice.
TOML = PROD_TOML.read_text(encoding="utf-8").replace("[platform]\n", "[platform]\nopens_sign_in_port = false\n")
TOML += OIDC_SERVICE
ENVIRONMENT = environment_of(TOML)
PARAMETER = "/orcha/prod/board/oidc-client-secret"
MARKED, ROTATED = "marked-client-secret-1", "marked-client-secret-2"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose embedded AWS holds the marked secret, with the environment deployed by plan and apply."""
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600, plane=True) as aws:
        desk = Desk(tmp_path_factory.mktemp("desk"), aws)
        put(desk, MARKED)
        desk.write(TOML)
        yield desk


def put(desk: Desk, secret: str, kind: str = "SecureString") -> None:
    ssm: Any = desk.aws.client("ssm", PROD, REGION)
    ssm.delete_parameters(Names=[PARAMETER])
    ssm.put_parameter(Name=PARAMETER, Type=kind, Value=secret)


def texts_of(plan: Path) -> str:
    """Everything that a plan's folder shows to people."""
    shown = [file for file in plan.iterdir() if file.suffix == ".md" or file.name == "review.json"]
    assert shown
    return "\n".join(file.read_text(encoding="utf-8") for file in shown)


def review(desk: Desk, plan: Path) -> dict[str, Any]:
    """Write the review of a plan into its folder, as `make review` does, and give it as JSON has it."""
    done = desk.python("edge", "review", "--plan", str(plan), "--json")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def results(desk: Desk) -> list[Result]:
    requests = Requests()
    run = Run(requests)
    verify(ENVIRONMENT, run, Clients.make(ENVIRONMENT, desk.aws.client, settings_from(desk.aws.variables), requests))
    return run.results


def not_passed(found: list[Result]) -> list[str]:
    return [line(result) for result in found if result.outcome != "passed"]


def sign_in() -> OidcSignIn:
    found = ENVIRONMENT.services["board"].sign_in
    assert isinstance(found, OidcSignIn)
    return found


def test_it_is_planned_and_deployed_and_no_text_shows_the_secret(desk: Desk) -> None:
    done = desk.python("edge", "plan", "prod", "--write", str(desk.folder / "plans" / "prod"))
    assert done.returncode == 0, done.stdout + done.stderr + desk.aws.last_words()
    plan = desk.folder / "plans" / "prod"
    assert MARKED in (plan / "plan.json").read_text(encoding="utf-8"), "Terraform has read another secret"
    assert review(desk, plan)["risks"] == []
    applied = desk.apply(plan, "--auto-approve")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    for text in (done.stdout, done.stderr, applied.stdout, applied.stderr, texts_of(plan)):
        assert MARKED not in text
    assert MARKED not in (desk.folder / "out" / "stacks" / "prod" / "cdk.tf.json").read_text(encoding="utf-8")


def test_the_second_plan_is_empty_and_the_inventory_shows_the_sign_in(desk: Desk) -> None:
    assert review(desk, desk.plan())["changes"] == []
    rules = [thing for thing in inventory.take(ENVIRONMENT, desk.aws.client) if thing.kind == "listener rule"]
    (board,) = [rule for rule in rules if rule.name.endswith(" 60")]
    assert board.detail.endswith("-> authenticate-oidc, then forward to v1-orcha-board-tg")
    cognito: Any = desk.aws.client("cognito-idp", PROD, REGION)
    pools = cognito.list_user_pools(MaxResults=10)["UserPools"]
    assert [pool["Name"] for pool in pools] == ["v1-orcha-users"], "only CDK's, for its own admin"


def test_it_asks_for_the_sign_in_at_the_provider(desk: Desk) -> None:
    found = results(desk)
    assert not_passed(found) == []
    checks = {(result.subject, result.check) for result in found}
    assert {
        ("board.getorcha.com", "sign-in"),
        ("board", "identity provider"),
        ("link.getorcha.com", "health"),
    } <= checks


def test_a_provider_that_says_otherwise_is_found(desk: Desk) -> None:
    file = desk.aws.folder / PROVIDERS_FILE
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("api.example.com/oauth2/token", "api.example.com/v2/token"), encoding="utf-8")
    (found,) = not_passed(results(desk))
    file.write_text(before, encoding="utf-8")
    assert "the provider's token_endpoint is https://api.example.com/v2/token, and the file has " in found
    assert sign_in().token_endpoint in found


@pytest.mark.whole
def test_a_rotated_secret_is_a_change_whose_value_nobody_sees(desk: Desk) -> None:
    put(desk, ROTATED)
    plan = desk.plan()
    (change,) = review(desk, plan)["changes"]
    assert change["address"] == "aws_lb_listener_rule.board"
    assert "client_secret (sensitive) → (sensitive)" in change["sentence"]
    assert MARKED not in texts_of(plan)
    assert ROTATED not in texts_of(plan)
    assert desk.apply(plan, "--auto-approve").returncode == 0
    assert review(desk, desk.plan())["changes"] == []


def test_a_secret_in_the_clear_is_refused(desk: Desk) -> None:
    put(desk, MARKED, kind="String")
    done = desk.python("edge", "plan", "prod", "--write", str(desk.folder / "plans" / "clear"))
    assert done.returncode != 0
    assert f"The SSM parameter {PARAMETER} is a String" in " ".join((done.stdout + done.stderr).split())
    assert MARKED not in done.stdout + done.stderr
