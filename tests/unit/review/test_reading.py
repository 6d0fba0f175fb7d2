"""What is given to the review, good and bad, as a person gives it: on the command line."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from edge.review.gate import gate
from edge.tfplan.model import PlanError
from tests.plans import environment_toml
from tests.support.planning import without_waiting
from tests.support.reviewing import Plan, plan, resource


@pytest.fixture(autouse=True)
def environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "environments"
    folder.mkdir()
    (folder / "prod.toml").write_text(environment_toml("no_change"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def written(content: object, name: str = "plan.json") -> str:
    Path(name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return name


def reviewed(place: str, *options: str) -> int:
    return main(["review", "prod", "--plan", place, *options])


def changed(change: Callable[[Plan], object]) -> Plan:
    content = plan("no_change")
    change(content)
    return content


BAD = {
    "not JSON": ("{", "plan.json: is not JSON"),
    "empty": ("", "plan.json: is not JSON"),
    "too deep": ("[" * 100_000, "plan.json: is not JSON"),
    "a list": ([], "plan.json: is JSON, but not of a plan"),
    "a state": ({"format_version": "1.0", "values": {}}, "plan.json: is a state and not a plan"),
    "something else": ({"a": 1}, "plan.json: is not a Terraform plan (format_version: field required)"),
    "a newer format": (changed(lambda p: p.update(format_version="2.0")), "plan.json: has the format 2.0"),
    "half a plan": (changed(lambda p: p.update(errored=True)), "plan.json: ended with an error"),
    "an unknown action": (
        changed(lambda p: resource(p, "aws_lb_target_group.link")["change"].update(actions=["explode"])),
        "plan.json: does to aws_lb_target_group.link what is unknown here: explode; read it by hand",
    ),
    "no attributes": (
        changed(lambda p: resource(p, "aws_lb_target_group.link")["change"].update(before="text")),
        "plan.json: gives aws_lb_target_group.link no table of attributes",
    ),
    "no actions": (
        changed(lambda p: resource(p, "aws_lb_target_group.link")["change"].pop("actions")),
        "plan.json: is not a Terraform plan (resource_changes.",
    ),
}


@pytest.mark.parametrize(("content", "printed"), BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_with_the_next_step(
    content: object, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(content)
    assert reviewed(file) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith(printed)
    assert errors.count("\n") == 1
    assert "; " in errors
    with pytest.raises(PlanError) as refused:
        gate(Path(file), "prod", [])
    assert f"{refused.value}\n" == errors


def test_a_missing_file_and_an_empty_folder_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    Path("plans").mkdir()
    assert [reviewed(name) for name in ("missing.json", "plans")] == [2, 2]
    errors = capsys.readouterr().err.splitlines()
    assert errors[0] == (
        "missing.json: is not there; name the folder of a plan, such as plans/prod, or make it with `edge plan prod`"
    )
    assert errors[1].startswith("plans/plan.json: is not there; name")


def test_an_environment_file_with_faults_is_reported(environments: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (environments / "prod.toml").write_text("prefix = 1\n", encoding="utf-8")
    assert reviewed(written(plan("no_change"))) == 2
    assert "environments/prod.toml: prefix:" in capsys.readouterr().err


def test_without_an_environment_file_nothing_is_reviewed(
    environments: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (environments / "prod.toml").rename(environments / "other.toml")
    assert reviewed(written(plan("no_change"))) == 2
    assert capsys.readouterr().err.startswith('environments: has no environment "prod"; choose one of other')


def test_a_plan_of_another_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert reviewed(written(plan("san_added"))) == 2
    assert capsys.readouterr() == (
        "",
        "plan.json: was not made from the environment file of prod as it is here: it routes go.getorcha.com, which the "
        "file does not declare; plan it again with `edge plan prod`, or name the plan's environment\n",
    )


def test_a_plan_without_a_seal_is_reviewed_for_a_named_environment_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "--plan", written(plan("no_change"))]) == 2
    assert capsys.readouterr().err.startswith("plan.json: is not sealed for an environment; name the one that it is of")


def test_a_folder_is_a_plan_of_the_environment_that_it_was_sealed_for(
    tmp_path: Path, environments: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the plan says of itself, in tags that its code writes, decides nothing."""
    (environments / "twin.toml").write_text(environment_toml("no_change"), encoding="utf-8")
    folder = tmp_path / "plans"
    folder.mkdir()
    written(plan("no_change"), str(folder / "plan.json"))
    written({"environment": "twin"}, str(folder / "seal.json"))
    assert main(["review", "--plan", "plans"]) == 2
    reported = without_waiting(capsys.readouterr().err)
    assert reported.startswith("plans/plan.json: is a plan of prod, not of twin; ")
    assert main(["review", "prod", "--plan", "plans"]) == 2
    assert without_waiting(capsys.readouterr().err) == "plans: is a plan of twin, not of prod; name another plan\n"
    written({"environment": "prod"}, str(folder / "seal.json"))
    assert main(["review", "--plan", "plans"]) == 0


def alias(content: Plan, name: str) -> dict[str, Any]:
    providers = content["configuration"]["provider_config"]
    found: dict[str, Any] = next(item["expressions"] for item in providers.values() if item.get("alias") == name)
    return found


def test_one_provider_that_names_another_environment_or_account_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    def other_tag(content: Plan) -> None:
        alias(content, "management")["default_tags"][0]["tags"]["constant_value"]["Environment"] = "staging"

    def other_account(content: Plan) -> None:
        alias(content, "management")["allowed_account_ids"]["constant_value"] = ["999999999999"]

    def no_tags(content: Plan) -> None:
        for name in ("prod", "management"):
            del alias(content, name)["default_tags"]

    refused = {
        other_tag: "plan.json: is a plan of staging, not of prod; ",
        other_account: "plan.json: was not made from the environment file of prod as it is here: accounts differ "
        "(management); ",
        no_tags: "plan.json: names no environment in its providers' default tags, and prod was asked for; ",
    }
    for change, sentence in refused.items():
        assert reviewed(written(changed(change))) == 2
        assert capsys.readouterr().err.startswith(sentence)


def test_the_exit_code_says_whether_to_deploy(capsys: pytest.CaptureFixture[str]) -> None:
    clean, risky = written(plan("no_change"), "clean.json"), written(plan("alarm_removed"), "risky.json")
    risk = "DESTROY:aws_cloudwatch_metric_alarm.docs_latency"
    assert [reviewed(clean), reviewed(risky), reviewed(risky, "--accept", risk)] == [0, 1, 0]
    assert reviewed(risky, "--accept", f"WORLD:aws_vpc.x {risk}") == 0
    capsys.readouterr()
    assert [gate(Path(clean), "prod", []), gate(Path(risky), "prod", []), gate(Path(risky), "prod", [risk])] == [
        0,
        1,
        0,
    ]
    assert risk in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--plan=plan.json", "--format=html"], ["--plan=plan.json", "--accept-all"]])
def test_a_wrong_command_line_ends_with_two(arguments: list[str]) -> None:
    assert main(["review", *arguments]) == 2


def test_a_plan_of_another_environment_than_the_named_one_is_refused(
    environments: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (environments / "staging.toml").write_text(environment_toml("staging_no_change"), encoding="utf-8")
    assert main(["review", "staging", "--plan", written(plan("no_change"))]) == 2
    assert capsys.readouterr() == (
        "",
        "plan.json: is a plan of prod, not of staging; plan it again with `edge plan staging`, or name the plan's "
        "environment\n",
    )
    assert main(["review", "prod", "--plan", "plan.json"]) == 0


def test_json_is_short_for_its_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert reviewed(written(plan("no_change")), "--format=json") == reviewed("plan.json", "--json") == 0
    first, second = re.split(r"(?<=^})\n(?=\{)", capsys.readouterr().out, flags=re.MULTILINE)
    assert json.loads(first) == json.loads(second)


def test_what_is_written_is_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("plans/prod")
    folder.mkdir(parents=True)
    written(plan("alarm_removed"), str(folder / "plan.json"))
    (folder / "review-full.md").write_text("of an earlier, longer plan", encoding="utf-8")
    assert reviewed(str(folder), "--write", str(folder), "--format", "markdown") == 1
    assert capsys.readouterr().out == (folder / "review.md").read_text(encoding="utf-8")
    made = json.loads((folder / "review.json").read_text(encoding="utf-8"))
    assert (made["exit_code"], made["environment"], made["summary"]["destroy"]) == (1, "prod", 1)
    assert not (folder / "review-full.md").exists()
    assert reviewed(str(folder), "--format", "json") == 1
    assert json.loads(capsys.readouterr().out) == made


def test_a_folder_that_cannot_be_written_to_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    file = written(plan("no_change"))
    assert reviewed(file, "--write", file) == 2
    assert capsys.readouterr().err.startswith("plan.json: cannot be written to: File exists")


def test_what_is_printed_fits_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    reviewed(written(plan("destroy_all")))
    assert 60 < max(map(len, capsys.readouterr().out.splitlines())) <= 80
