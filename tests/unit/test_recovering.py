"""The steps of a recovery: what is corrected, taken, asked and refused, and in which order."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from edge.__main__ import main
from edge.aws.survey.reader import Reader
from edge.aws.survey.regions import Elsewhere
from edge.plan import prepared
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder
from edge.recover import recovering
from edge.recover.accepted import succeeded
from edge.recover.recovering import Recovery
from edge.recover.report import Report
from edge.terraform.errors import EngineError
from edge.terraform.runner import Terraform
from edge.terraform.synthesis import Stack
from edge.tfplan.parse import parse
from tests.support.files import PROD_TOML
from tests.support.survey_world import OURS, SurveyWorld

ADDRESS = "aws_cloudwatch_metric_alarm.link_unhealthy"
EMPTY = {"format_version": "1.2", "configuration": {}}


def plan(action: list[str], *, address: str = ADDRESS, imported: str | None = None, **more: Any) -> dict[str, Any]:
    """Write a plan of one change, as Terraform shows it."""
    kind, _, name = address.partition(".")
    values = {"alarm_name": "v1-orcha-link-unhealthy", "tags_all": OURS, **more}
    change: dict[str, Any] = {"actions": action, "before": None if action == ["create"] else values}
    change["after"] = None if action == ["delete"] else values
    if imported:
        change["importing"] = {"id": imported}
    return {**EMPTY, "resource_changes": [{"address": address, "type": kind, "name": name, "change": change}]}


class Fake(Terraform):
    """Terraform whose plans are given one after the other, the last for ever; keeps what it was asked to do."""

    def __init__(self, folder: Path, plans: list[dict[str, Any]], state: dict[str, Any] | None = None) -> None:
        super().__init__(folder, {})
        Stack(folder).file.write_text("{}", encoding="utf-8")
        object.__setattr__(self, "plans", plans)
        object.__setattr__(self, "stored", json.dumps(state) if state else "")
        object.__setattr__(self, "did", [])

    plans: list[dict[str, Any]]
    stored: str
    did: list[str]

    def plan(self, file: Path, *options: str, reported: str = "") -> str:
        assert not reported
        imports = Stack(self.folder).imports_of_one_plan
        blocks = json.loads(imports.read_text(encoding="utf-8"))["import"] if imports.exists() else []
        self.did.append(" ".join(["plan", *options, *(block["to"] for block in blocks)]))
        return f"the text of {file.stem}\n"

    def show(self, file: Path) -> dict[str, Any]:
        assert file.name == "recover.tfplan"
        return self.plans.pop(0) if len(self.plans) > 1 else self.plans[0]

    def plans_nothing(self) -> bool:
        self.did.append("plan")
        return parse(self.show(Path("recover.tfplan"))).changes_nothing

    def change_state(self, *arguments: str) -> None:
        self.did.append(" ".join(arguments))

    def pull(self) -> str:
        return self.stored

    def apply(self, file: Path, *options: str, **_: object) -> tuple[int, str]:
        self.did.append(" ".join(["apply", file.stem, *options]))
        return 0, ""


def passing(*_: object, in_full: bool) -> int:
    """A gate that shows the whole review, and lets the plan through."""
    assert in_full
    sys.stdout.write("the review\n")
    return 0


@contextmanager
def surveyed(monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyWorld]:
    """An account whose platform stands, and a recovery whose review passes; both have tests of their own."""
    monkeypatch.setattr(recovering, "gate", passing)
    monkeypatch.setattr(recovering, "base_of", lambda *_: None)
    monkeypatch.setattr(recovering, "write_base", lambda *_: None)
    monkeypatch.setattr(recovering, "scan", lambda *_: None)
    monkeypatch.setattr(recovering, "missing", lambda _: [])
    with mock_aws():
        yield SurveyWorld()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyWorld]:
    with surveyed(monkeypatch) as made:
        yield made


def recovery(world: SurveyWorld, fake: Fake, ask: Callable[[str], bool] = lambda _: True) -> Recovery:
    return Recovery(world.environment, fake, world.reader, Report(), ask, (), ("-lock=false",))


def state(*, tainted: bool) -> dict[str, Any]:
    kind, _, name = ADDRESS.partition(".")
    instance = {"attributes": {}, **({"status": "tainted"} if tainted else {})}
    resource = {"mode": "managed", "type": kind, "name": name, "instances": [instance]}
    return {"version": 4, "lineage": "a", "serial": 1, "resources": [resource]}


def test_nothing_to_recover_plans_once_and_says_so(
    world: SurveyWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = Fake(tmp_path, [EMPTY])
    assert recovery(world, fake).run() == 0
    assert fake.did == ["plan"]
    assert capsys.readouterr().err == "Nothing to recover: prod stands as its file and its state say.\n"


def test_what_stands_and_is_ours_is_imported_by_the_plan_that_is_shown_and_applied(
    world: SurveyWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.alarm(tags=OURS)
    fake = Fake(tmp_path, [plan(["create"]), plan(["update"], imported="v1-orcha-link-unhealthy"), EMPTY])
    assert recovery(world, fake).run() == 0
    assert fake.did == ["plan", f"plan {ADDRESS}", "apply recover -lock=false", "plan"]
    assert capsys.readouterr().out == "the review\n"
    assert not Stack(tmp_path).imports_of_one_plan.exists()


def test_what_is_applied_was_reviewed_with_the_configuration_behind_it(
    world: SurveyWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a recovery would be the way around a review of changed code."""
    reviewed: list[set[str]] = []

    def gate(place: Path, environment: str, _: tuple[str, ...], **_options: bool) -> int:
        assert environment == "prod"
        reviewed.append({file.name for file in place.iterdir()})
        return 1

    monkeypatch.setattr(recovering, "gate", gate)
    monkeypatch.setattr(recovering, "write_base", lambda folder, *_: folder.base.write_text("{}"))
    monkeypatch.setattr(recovering, "scan", lambda folder: PlanFolder(folder).scan.write_text("{}"))
    world.alarm(tags=OURS)
    fake = Fake(tmp_path, [plan(["create"]), plan(["update"], imported="v1-orcha-link-unhealthy"), EMPTY])
    assert recovery(world, fake).run() == 1
    assert reviewed == [{"plan.json", "cdk.tf.json", "base.json", "imports.json", "scan.json"}]
    assert not any(line.startswith("apply") for line in fake.did)


def test_what_stands_and_is_not_ours_is_refused_before_anything_is_written(world: SurveyWorld, tmp_path: Path) -> None:
    world.alarm(tags={})
    fake = Fake(tmp_path, [plan(["create"], metric_name="HealthyHostCount")])
    with pytest.raises(RefusedError, match="alarm v1-orcha-link-unhealthy stands already; it is not ours"):
        recovery(world, fake).run()
    assert fake.did == ["plan"]


def test_tainted_and_standing_is_untainted_and_never_replaced(world: SurveyWorld, tmp_path: Path) -> None:
    fake = Fake(tmp_path, [plan(["delete", "create"]), EMPTY], state(tainted=True))
    assert recovery(world, fake).run() == 0
    assert fake.did == ["plan", f"untaint -lock=false {ADDRESS}", "plan", "plan"]


@pytest.mark.parametrize("tainted", [True, False])
def test_gone_is_forgotten_before_anything_is_imported_in_its_place(
    world: SurveyWorld, tmp_path: Path, *, tainted: bool
) -> None:
    world.alarm(tags=OURS)
    plans = [plan(["create"]), plan(["no-op"], imported="v1-orcha-link-unhealthy"), EMPTY]
    fake = Fake(tmp_path, plans, state(tainted=tainted))
    assert recovery(world, fake).run() == 0
    assert fake.did[:3] == ["plan", f"state rm -lock=false {ADDRESS}", f"plan {ADDRESS}"]


def test_an_import_that_would_be_replaced_is_refused(world: SurveyWorld, tmp_path: Path) -> None:
    world.alarm(tags=OURS)
    replaced = plan(["delete", "create"], imported="v1-orcha-link-unhealthy")
    with pytest.raises(RefusedError, match=f"{ADDRESS} would be replaced for its settings; change the environment"):
        recovery(world, Fake(tmp_path, [plan(["create"]), replaced])).run()


def test_a_certificate_that_acm_gave_up_is_replaced_by_the_plan(
    world: SurveyWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Terraform would leave it, and fail on it for ever."""
    dead = {"address": "aws_acm_certificate.link", "status": "FAILED"}
    fake = Fake(tmp_path, [plan(["no-op"], **dead), plan(["create", "delete"], **dead), EMPTY])
    assert recovery(world, fake).run() == 0
    assert fake.did == [
        "plan",
        "plan -replace=aws_acm_certificate.link",
        "apply recover -lock=false",
        "plan",
    ]
    output = capsys.readouterr().err
    assert "aws_acm_certificate.link is FAILED at ACM, which never changes; the plan replaces it" in output
    assert output.endswith("Recovered prod; a new plan is empty.\n")


def test_who_says_no_changes_nothing(world: SurveyWorld, tmp_path: Path) -> None:
    fake = Fake(tmp_path, [plan(["create"])])
    assert recovery(world, fake, lambda _: False).run() == 1
    assert fake.did == ["plan"]


def test_what_appears_while_somebody_reads_the_plan_is_not_overwritten(world: SurveyWorld, tmp_path: Path) -> None:
    """The last write of a killed run can arrive after the survey."""

    def ask(_: str) -> bool:
        world.alarm(tags=OURS)
        return True

    fake = Fake(tmp_path, [plan(["create"])])
    with pytest.raises(RefusedError, match="Something more appeared meanwhile"):
        recovery(world, fake, ask).run()
    assert fake.did == ["plan"]


def test_an_import_that_terraform_passes_over_ends_instead_of_going_on_for_ever(
    world: SurveyWorld, tmp_path: Path
) -> None:
    world.alarm(tags=OURS)
    with pytest.raises(EngineError, match="What stands changed with every look"):
        recovery(world, Fake(tmp_path, [plan(["create"])])).run()


def test_the_copy_of_an_unwritten_state_is_stored_first_and_only_once(world: SurveyWorld, tmp_path: Path) -> None:
    copy = tmp_path / "errored.tfstate"
    copy.write_text(json.dumps({"version": 4, "lineage": "a", "serial": 7, "resources": []}), encoding="utf-8")
    fake = Fake(tmp_path, [EMPTY])
    assert recovery(world, fake).run() == 0
    assert fake.did[0] == f"state push -lock=false {copy}"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cdk.tf.json", "errored.tfstate.7.stored"]


def test_the_copy_of_a_destroy_by_the_state_alone_is_stored_too(world: SurveyWorld, tmp_path: Path) -> None:
    (tmp_path / "destroy").mkdir()
    copy = tmp_path / "destroy" / "errored.tfstate"
    copy.write_text(json.dumps({"version": 4, "lineage": "a", "serial": 7, "resources": []}), encoding="utf-8")
    fake = Fake(tmp_path, [EMPTY])
    assert recovery(world, fake).store_state() == 0
    assert fake.did == [f"state push -lock=false {copy}"]


def test_without_its_platform_the_state_is_stored_and_nothing_is_planned(
    world: SurveyWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovering, "missing", lambda _: ["the group is gone", "the topic is gone"])
    copy = tmp_path / "errored.tfstate"
    copy.write_text(json.dumps({"version": 4, "lineage": "a", "serial": 7, "resources": []}), encoding="utf-8")
    fake = Fake(tmp_path, [plan(["create"])])
    with pytest.raises(RefusedError, match=r"^the group is gone\nthe topic is gone\nNothing was planned\. "):
        recovery(world, fake).run()
    assert fake.did == [f"state push -lock=false {copy}"]


@pytest.mark.parametrize("only_state", [True, False])
def test_the_zones_may_be_gone_where_only_the_state_is_put_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, only_state: bool
) -> None:
    asked: list[bool] = []

    def demand(_environment: object, *, only_state: bool) -> None:
        asked.append(only_state)
        raise EngineError("enough")

    monkeypatch.setattr(prepared, "demand_readiness", demand)
    (tmp_path / "prod.toml").write_text(PROD_TOML.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert main(["recover", "prod", "--yes", *(["--only-state"] if only_state else [])]) == 1
    assert asked == [only_state]


@pytest.mark.parametrize("copied", [True, False])
def test_only_the_state_is_put_in_order_where_a_destroy_is_to_go_on(
    world: SurveyWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, copied: bool
) -> None:
    copy = tmp_path / "errored.tfstate"
    if copied:
        copy.write_text(json.dumps({"version": 4, "lineage": "a", "serial": 7, "resources": []}), encoding="utf-8")
    fake = Fake(tmp_path, [plan(["create"])])
    assert recovery(world, fake).store_state() == 0
    assert fake.did == ([f"state push -lock=false {copy}"] if copied else [])
    output = capsys.readouterr().err
    assert ("stored the state that could not be written, serial 7" in output) is copied
    assert ("The state of prod is stored, and nobody holds its lock." in output) is not copied


@pytest.mark.parametrize("other", [["--accept", "A:b"], ["--base", "main"]])
def test_what_is_about_a_plan_goes_with_none(
    other: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prod.toml").write_text(PROD_TOML.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert main(["recover", "prod", "--only-state", *other]) == 2
    output = capsys.readouterr().err
    assert output == "--only-state plans nothing, and --accept and --base are about a plan; leave one out\n"


def test_the_base_of_a_recovery_is_the_one_that_was_named(
    world: SurveyWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[Any] = []
    monkeypatch.setattr(recovering, "write_base", lambda _folder, _environment, base, _state: named.append(base))
    monkeypatch.setattr(recovering, "base_of", lambda _name, base, _environ: base)
    fake = Fake(tmp_path, [plan(["create"]), EMPTY])
    arguments = (world.environment, fake, world.reader, Report(), lambda _: True, (), (), "v1.2")
    assert Recovery(*arguments).run() == 0
    assert named == ["v1.2"]


def test_a_certificate_that_only_a_killed_run_made_goes_last_and_only_after_a_question(
    world: SurveyWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world.certificate(["old.getorcha.com"], OURS)
    questions: list[str] = []

    def no(question: str) -> bool:
        questions.append(question)
        return False

    assert recovery(world, Fake(tmp_path, [EMPTY]), no).run() == 1
    assert questions == ["Remove them?"]
    assert "validation records" not in capsys.readouterr().err
    with monkeypatch.context() as denied:
        denied.setattr(Reader, "elsewhere", Elsewhere([], "sa-east-1: denied"))
        recovery(world, Fake(tmp_path, [EMPTY]), no).run()
    left_open = "Left their validation records: certificates elsewhere may rest on them (sa-east-1: denied)."
    assert left_open in capsys.readouterr().err
    assert recovery(world, Fake(tmp_path, [EMPTY])).run() == 0
    left = [certificate["DomainName"] for certificate in world.reader().certificates]
    assert left == ["default.getorcha.com"]


def test_the_rest_of_a_certificate_goes_unasked_only_where_its_successor_stands_and_serves() -> None:
    kinds = ["aws_acm_certificate", "aws_acm_certificate_validation", "aws_lb_listener_certificate"]

    def changes(current: list[str], kinds: list[str]) -> dict[str, Any]:
        parts = [plan(current, address=f"{kind}.link")["resource_changes"][0] for kind in kinds]
        (left,) = plan(["delete"], address="aws_acm_certificate.link")["resource_changes"]
        return {**EMPTY, "resource_changes": [*parts, {**left, "deposed": "1a2b"}]}

    risk = "DESTROY:aws_acm_certificate.link.deposed.1a2b"
    assert succeeded(parse(changes(["no-op"], kinds))) == [risk]
    assert succeeded(parse(changes(["update"], kinds))) == [risk]
    assert succeeded(parse(changes(["create"], kinds))) == []
    assert succeeded(parse(changes(["delete", "create"], kinds))) == []
    assert succeeded(parse(changes(["no-op"], kinds[:2]))) == []
