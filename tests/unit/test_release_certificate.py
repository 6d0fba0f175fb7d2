"""`edge release --certificate`: one that another load balancer serves leaves the state, and stays in AWS."""

import json
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.acm.models import CertBundle

from edge.__main__ import main
from edge.aws.survey.reader import Reader
from edge.cli.exits import BadInputError
from edge.plan.errors import RefusedError
from edge.release.certificate import let_go
from edge.terraform.runner import Terraform
from tests.support.files import PROD_TOML
from tests.support.survey_world import SurveyWorld

ADDRESS = "aws_acm_certificate.link"
SHOP = "arn:aws:elasticloadbalancing:eu-central-1:111111111111:loadbalancer/app/shop/1"


class Holding(Terraform):
    """Terraform with a state of one certificate, which notes what is done to it."""

    def __init__(self, arn: str) -> None:
        super().__init__(Path(), {})
        self.arn = arn
        self.did: list[tuple[str, ...]] = []
        self.earlier: list[str] = []

    def pull(self) -> str:
        of = {"mode": "managed", "type": "aws_acm_certificate", "name": "link"}
        instances = [
            {"attributes": {"arn": self.arn}},
            *({"attributes": {"arn": arn}, "deposed": "5"} for arn in self.earlier),
        ]
        return json.dumps({"version": 4, "resources": [{**of, "instances": instances}]})

    def change_state(self, *arguments: str) -> None:
        self.did.append(arguments)


@pytest.fixture
def world() -> Iterator[SurveyWorld]:
    with mock_aws():
        yield SurveyWorld()


@pytest.fixture
def terraform(world: SurveyWorld) -> Holding:
    return Holding(world.certificate(["link.getorcha.com"], {}))


def reader_of(world: SurveyWorld) -> Reader:
    return Reader(world.environment, lambda service, _account, region: world.client(service, region))


def used_by(patch: pytest.MonkeyPatch, *users: str) -> None:
    def describe(self: CertBundle) -> dict[str, Any]:
        return {"Certificate": {"CertificateArn": self.arn, "Status": "ISSUED", "InUseBy": list(users)}}

    patch.setattr(CertBundle, "describe", describe)


def run(world: SurveyWorld, terraform: Holding, *, address: str = ADDRESS, agrees: bool = True) -> tuple[int, str]:
    said: list[str] = []

    def agreed(question: str) -> bool:
        said.append(question)
        return agrees

    return let_go(address, terraform, reader_of(world), say=said.append, agreed=agreed), "\n".join(said)


def refused(world: SurveyWorld, terraform: Holding, sentence: str) -> None:
    with pytest.raises(RefusedError, match=sentence):
        run(world, terraform)
    assert terraform.did == []


def test_what_another_load_balancer_serves_leaves_the_state_after_a_question(
    world: SurveyWorld, terraform: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_by(monkeypatch, world.balancer, SHOP)
    code, said = run(world, terraform)
    assert (code, terraform.did) == (0, [("state", "rm", ADDRESS)])
    assert said.startswith(
        f"{ADDRESS} is {terraform.arn}, in use by loadbalancer/app/shop/1.\nShall prod's state forget"
    )


def test_a_no_changes_nothing(world: SurveyWorld, terraform: Holding, monkeypatch: pytest.MonkeyPatch) -> None:
    used_by(monkeypatch, SHOP)
    code, said = run(world, terraform, agrees=False)
    assert (code, terraform.did, said.splitlines()[-1]) == (1, [], "Nothing was changed.")


@pytest.mark.parametrize("own", [True, False])
def test_what_nothing_else_uses_stays(
    own: bool, world: SurveyWorld, terraform: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_by(monkeypatch, *([world.balancer] if own else []))
    refused(world, terraform, "is used by nothing else; a deploy removes or replaces it by itself")


@pytest.mark.parametrize("address", ["aws_acm_certificate.lnik", "aws_lb_target_group.link", ""])
def test_an_address_that_is_no_certificate_of_the_state_is_refused(
    address: str, world: SurveyWorld, terraform: Holding
) -> None:
    with pytest.raises(BadInputError, match=rf"the state holds no certificate {address}; choose one of {ADDRESS}"):
        run(world, terraform, address=address)


def test_one_that_the_next_plan_would_import_again_is_refused(world: SurveyWorld, terraform: Holding) -> None:
    world.environment = world.environment.model_copy(update={"imports": {ADDRESS: terraform.arn}})
    refused(world, terraform, rf"prod\.imports\.toml would take {ADDRESS} in again; `edge adopt prod` remov")


def test_an_address_with_an_earlier_certificate_is_refused_since_both_would_go(
    world: SurveyWorld, terraform: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_by(monkeypatch, SHOP)
    terraform.earlier.append("arn:earlier")
    refused(world, terraform, f"{ADDRESS} holds an earlier certificate too, arn:earlier, and Terraform for")


def test_where_aws_does_not_say_who_uses_it_nothing_is_changed(
    world: SurveyWorld, terraform: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> list[str]:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeCertificate")

    monkeypatch.setattr(Reader, "users_elsewhere", denied)
    refused(world, terraform, r"was not answered: .*AccessDenied")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["link", "--certificate", ADDRESS],
            "--certificate lets one certificate go, and no service; leave one of them",
        ),
        (["--certificate", ADDRESS], "asks before it changes the state, and there is no terminal to ask on; run it in"),
        (["link", "--yes"], "--yes goes with --certificate; leave it out"),
    ],
)
def test_options_that_do_not_go_together_are_one_sentence(
    options: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "prod.toml").write_text(PROD_TOML.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", StringIO())
    assert main(["release", "prod", *options]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
