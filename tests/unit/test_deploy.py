"""`edge deploy` and `edge destroy` of an environment: plan, review, question, apply of that plan, and no way around."""

import json
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from edge.aws import listener_priorities
from edge.aws.listener_priorities import LiveRule
from edge.aws.neighbours.model import Neighbours
from edge.plan import deploy, neighbours
from edge.plan.folder import PlanFolder
from edge.plan.make import Made
from edge.plan.seal import Seal
from edge.preflight.readiness import NotReadyError
from edge.terraform import synthesis
from edge.terraform.private_files import write_private
from edge.terraform.runner import Terraform
from edge.tfplan.digest import digest_of, digest_of_bytes
from environments.checked import Environment
from environments.loader import load
from tests.plans import environment_toml, stored_plan
from tests.support.files import PROD_TOML, environment_of
from tests.support.synthesizing import synthesize

PROD = PROD_TOML.read_text(encoding="utf-8")
CONFIGURATION = "sha256:" + "0" * 64


@dataclass
class World:
    """What a plan made now would be, and what became of it."""

    configuration: dict[str, Any]
    plan: str = "first_deploy"
    made: list[tuple[str | None, bool]] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    folders: list[PlanFolder] = field(default_factory=list)
    fails: bool = False
    findings: list[dict[str, str]] = field(default_factory=list)
    beside: Neighbours = field(default_factory=Neighbours)

    log = Path("apply.log")

    @property
    def digest(self) -> str:
        return digest_of(stored_plan(self.plan), self.configuration)

    def make(
        self, environment: Environment, folder: PlanFolder, *, base: str | None = None, destroying: bool = False
    ) -> Made:
        self.made.append((base, destroying))
        self.folders.append(folder)
        folder.clear()
        write_private(folder.json, json.dumps(stored_plan(self.plan)))
        write_private(folder.configuration, json.dumps(self.configuration))
        write_private(folder.base, json.dumps({"not_compared": "there is no base here"}))
        write_private(folder.neighbours, Neighbours().model_dump_json())
        seal = Seal(
            environment=environment.name,
            digest=self.digest,
            configuration=CONFIGURATION,
            terraform="Terraform 1.11.4",
            state=None,
            commit=None,
            time="2026-01-01T00:00:00+00:00",
            files={},
        ).sealed()
        write_private(folder.seal, seal.model_dump_json())
        return Made(seal, self)  # type: ignore[arg-type]

    def scan(self, folder: Path) -> None:
        plan = digest_of_bytes((folder / "plan.json").read_bytes())
        (folder / "scan.json").write_text(json.dumps({"plan": plan, "findings": self.findings}), encoding="utf-8")

    def apply(self, file: Path, *_: str, **_more: object) -> tuple[int, str]:
        assert (file.parent / "plan.json").is_file()
        self.applied.append(file.name)
        return int(self.fails), ""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(configuration={})
    monkeypatch.setattr(deploy, "make", world.make)
    monkeypatch.setattr(deploy, "scan", world.scan)
    monkeypatch.setattr(deploy, "demand_writable", lambda *_, **_more: None)
    monkeypatch.setattr(neighbours, "survey", lambda *_: world.beside)
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    use(world, tmp_path, "first_deploy")
    return world


@cache
def configuration(plan: str) -> dict[str, Any]:
    """What a stored plan was made from."""
    return synthesize(environment_of(environment_toml(plan), "prod"))


def use(world: World, folder: Path, plan: str) -> None:
    world.plan, world.configuration = plan, configuration(plan)
    (folder / "prod.toml").write_text(environment_toml(plan), encoding="utf-8")


def answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdin.readline", lambda: answer + "\n")


@pytest.mark.usefixtures("world")
def test_who_may_not_write_is_refused_before_anything_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Environment, *, recovery: str) -> None:
        raise NotReadyError(f"may not write; {recovery}")

    monkeypatch.setattr(deploy, "demand_writable", refuse)
    monkeypatch.setattr(deploy, "make", lambda *_, **__: pytest.fail("planned"))
    (environment,) = load(["prod"])
    with pytest.raises(NotReadyError, match=r"may not write; edge recover prod$"):
        deploy.carry_out(deploy.DEPLOY, environment, deploy.Approval(auto_approve=True))
    with pytest.raises(NotReadyError, match="edge recover prod --only-state"):
        deploy.carry_out(deploy.DESTROY, environment, deploy.Approval(auto_approve=True))


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("y", 1), ("", 1), ("YES", 1)])
def test_a_plan_without_risks_is_reviewed_asked_about_and_applied(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, code: int
) -> None:
    answering(monkeypatch, answer)
    assert main(["deploy", "prod"]) == code
    shown = capsys.readouterr()
    assert "The plan of prod can be deployed: no risk was found." in shown.out
    assert all(word in shown.err for word in ("111111111111", "222222222222", "orcha-prod", "getorcha.com"))
    assert "Apply this plan to prod? Only yes does: " in shown.err
    assert world.applied == (["plan.tfplan"] if code == 0 else [])
    assert ("Nothing was changed." in shown.err) == (code == 1)


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_without_a_terminal_it_refuses_before_anything_is_planned(
    world: World, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main([command, "prod", "--accept", "DESTROY:services.link"]) == 2
    errors = capsys.readouterr().err
    assert errors.count("\n") == 1
    assert (
        f"edge {command} asks before it changes anything, and there is no terminal to ask on; run it in one" in errors
    )
    assert "or pass --auto-approve" in errors
    assert ("--digest" in errors) == (command == "deploy")
    assert world.made == []


def test_a_neighbour_that_came_while_somebody_was_asked_stops_it(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, "yes")
    world.beside = Neighbours(certificates=("arn:new",))
    assert main(["deploy", "prod"]) == 2
    errors = capsys.readouterr().err
    assert (
        "The plan of prod was made beside other neighbours: certificate arn:new is new; plan and review again" in errors
    )
    assert world.applied == []


def test_auto_approve_asks_nobody_and_still_reviews(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "prod", "--auto-approve"]) == 0
    shown = capsys.readouterr()
    assert "no risk was found" in shown.out
    assert "Only yes" not in shown.err
    assert world.applied == ["plan.tfplan"]


@pytest.mark.parametrize("how", [["--auto-approve"], ["--digest"], []])
def test_an_open_risk_stops_every_way_of_deploying(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: list[str]
) -> None:
    answering(monkeypatch, "yes")
    use(world, tmp_path, "removed_service")
    options = [*how, world.digest] if how == ["--digest"] else how
    assert main(["deploy", "prod", *options]) == 1
    shown = capsys.readouterr()
    assert "DESTROY:services.docs" in shown.out
    assert "The plan of prod cannot be deployed as it is" in shown.err
    assert "Only yes" not in shown.err
    assert main(["deploy", "prod", *options, "--accept", "DESTROY:services.docs"]) == 0
    assert world.applied == ["plan.tfplan"]


def test_what_the_product_never_makes_stops_it_though_the_plan_shows_nothing(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.configuration = {**world.configuration, "module": {"helper": {"source": "./helper"}}}
    assert main(["deploy", "prod", "--auto-approve", "--accept", "OUTSIDE:module"]) == 1
    assert "OUTSIDE:module" in capsys.readouterr().out
    assert world.applied == []


def test_what_fails_a_check_of_checkovs_without_a_waiver_stops_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.findings = [{"check": "CKV_AWS_24", "resource": "aws_security_group.x", "demand": "Ensure no SSH"}]
    assert main(["deploy", "prod", "--auto-approve"]) == 1
    assert "CHECK:aws_security_group.x#CKV_AWS_24" in capsys.readouterr().out
    assert main(["deploy", "prod", "--auto-approve", "--accept", "CHECK:aws_security_group.x#CKV_AWS_24"]) == 0
    assert world.applied == ["plan.tfplan"]


def test_the_digest_of_a_review_is_the_approval_of_that_plan_alone(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deploy", "prod", "--digest", CONFIGURATION]) == 2
    assert (
        f"The plan of prod holds the plan {world.digest}, and {CONFIGURATION} was reviewed" in capsys.readouterr().err
    )
    assert world.applied == []
    assert main(["deploy", "prod", "--digest", world.digest]) == 0
    assert world.applied == ["plan.tfplan"]


def test_a_plan_that_changes_nothing_is_not_applied(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(world, tmp_path, "no_change")
    assert main(["deploy", "prod", "--auto-approve"]) == 0
    assert "Nothing to deploy: prod is as its configuration says." in capsys.readouterr().err
    assert world.applied == []


def test_the_plan_and_its_secrets_are_gone_afterwards(world: World, tmp_path: Path) -> None:
    main(["deploy", "prod", "--auto-approve"])
    use(world, tmp_path, "removed_service")
    main(["deploy", "prod", "--auto-approve"])
    assert [folder.path.exists() for folder in world.folders] == [False, False]


def test_a_destroy_needs_no_acceptance_of_what_its_name_says(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(world, tmp_path, "destroy_all")
    answering(monkeypatch, "no")
    assert main(["destroy", "prod"]) == 1
    shown = capsys.readouterr()
    assert "its 1 risk is accepted" in shown.out
    assert "Destroy all of prod, as listed above? Only yes does: Nothing was changed." in shown.err
    assert main(["destroy", "prod", "--auto-approve", "--base", "main"]) == 0
    assert world.made == [(None, True), ("main", True)]
    assert world.applied == ["plan.tfplan"]


def test_a_destroy_passes_the_gate_too(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That something is left in AWS, and forgotten, is not what its name says."""
    use(world, tmp_path, "forget")
    assert main(["destroy", "prod", "--auto-approve"]) == 1
    assert "FORGET:" in capsys.readouterr().out
    assert world.applied == []


@pytest.mark.parametrize(("command", "remedy"), [("deploy", "edge recover prod"), ("destroy", "edge destroy prod")])
def test_a_failure_says_what_to_run_next(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, remedy: str
) -> None:
    """A recovery after a destroy would make again what is gone."""
    use(world, tmp_path, "destroy_all" if command == "destroy" else "first_deploy")
    world.fails = True
    assert main([command, "prod", "--auto-approve"]) == 1
    errors = capsys.readouterr().err
    assert f"`{remedy}`" in errors
    assert ("edge recover" in errors) == (command == "deploy")


@pytest.mark.parametrize("command", [["deploy", "prod"], ["destroy", "prod"]])
def test_a_faulty_file_ends_with_2(
    command: list[str], world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prod.toml").write_text(PROD.replace("9999", "0"), encoding="utf-8")
    assert main([*command, "--auto-approve"]) == 2
    assert "services.link.port: 0 is below 1" in capsys.readouterr().err
    assert world.made == []


def test_it_names_its_environment(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy"]) == 2
    assert capsys.readouterr().err == "Name the environment, as in `edge deploy prod`; choose one of prod\n"
    assert main(["destroy", "prd", "--auto-approve"]) == 2
    assert 'has no environment "prd"; choose one of prod' in capsys.readouterr().err
    assert world.made == []


def test_a_base_is_of_no_use_to_a_plan_that_is_there(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "--plan", "plans/prod", "--base", "main"]) == 2
    assert "--base is about a plan that is made now" in capsys.readouterr().err
    assert world.made == []


def test_a_priority_that_another_rule_holds_is_not_planned(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def start(*_: object) -> None:
        pytest.fail("started the synthesis")

    for asking in (
        "edge.plan.deploy.demand_writable",
        "edge.plan.make.demand_readiness",
        "edge.plan.make.missing_zones",
    ):
        monkeypatch.setattr(asking, lambda *_, **__: [])
    monkeypatch.setattr(synthesis, "synthesize", start)
    monkeypatch.setattr(listener_priorities, "live_rules", lambda *_: {20: LiveRule(("app.prod.getorcha.com",), None)})
    assert main(["deploy", "prod", "--auto-approve"]) == 2
    assert "prod.toml: services.link.priority: 20 is held on v1-orcha-alb by a rule" in capsys.readouterr().err


def test_a_destroy_plans_the_destruction(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[tuple[str, ...]] = []

    def run(_: Terraform, *arguments: str) -> subprocess.CompletedProcess[str]:
        ran.append(arguments)
        return subprocess.CompletedProcess(arguments, 0, "", "")

    monkeypatch.setattr(Terraform, "_run", run)
    Terraform(tmp_path, {}).plan(tmp_path / "plan.tfplan", "-destroy")
    assert ran[0][-1] == "-destroy"
