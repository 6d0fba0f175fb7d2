"""Attacks on what guards a deploy: GitHub's environment, the newest run, the list of environments and its switch."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from tests.support.github_pull_request import guarded
from tests.support.github_server import GitHub, serve
from tests.support.workflow_files import workflows

Settings = dict[str, Any]
REVIEW_RULE = 1


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    with serve() as github:
        for name, value in github.environ.items():
            monkeypatch.setenv(name, value)
        yield github


# GitHub's environment


def edited(edit: Callable[[Settings], object]) -> Settings:
    settings = guarded()
    edit(settings)
    return settings


UNGUARDED: dict[str, tuple[Settings | None, str]] = {
    "no such environment": (None, "there is none of that name"),
    "no rule at all": (edited(lambda it: it.update(protection_rules=[])), "nobody has to review"),
    "a timer alone": (edited(lambda it: it.update(protection_rules=[{"type": "wait_timer"}])), "nobody has to review"),
    "a rule without reviewers": (edited(lambda it: it["protection_rules"][REVIEW_RULE].update(reviewers=[])), "nobody"),
    "reviewers who may review themselves": (
        edited(lambda it: it["protection_rules"][REVIEW_RULE].update(prevent_self_review=False)),
        "who starts a deployment may review it",
    ),
    "a rule that does not say so": (
        edited(lambda it: it["protection_rules"][REVIEW_RULE].pop("prevent_self_review")),
        "who starts a deployment may review it",
    ),
    "every branch": (edited(lambda it: it.update(deployment_branch_policy=None)), "other branches than main"),
    "every protected branch": (
        edited(
            lambda it: it.update(
                deployment_branch_policy={"protected_branches": True, "custom_branch_policies": False}, branches=[]
            )
        ),
        "other branches than main",
    ),
    "a branch more": (edited(lambda it: it["branches"].append({"name": "next", "type": "branch"})), "other branches"),
    "a pattern": (edited(lambda it: it.update(branches=[{"name": "*", "type": "branch"}])), "other branches"),
    "a pattern that begins with main": (
        edited(lambda it: it.update(branches=[{"name": "main*", "type": "branch"}])),
        "other branches",
    ),
    "a tag of that name": (edited(lambda it: it.update(branches=[{"name": "main", "type": "tag"}])), "other branches"),
    "no branch": (edited(lambda it: it.update(branches=[])), "other branches"),
}


@pytest.mark.parametrize("name", UNGUARDED)
def test_an_environment_that_github_does_not_guard_is_refused_with_the_commands(
    name: str, github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, reason = UNGUARDED[name]
    github.environments = {} if settings is None else {"prod": settings}
    assert main(["pipeline", "protected", "prod"]) == 1
    printed = capsys.readouterr().err.splitlines()
    assert reason in printed[0]
    assert printed[0].startswith("GitHub does not guard the environment prod: ")
    assert [line.split(" -")[0] for line in printed[1:]] == ["gh api", "gh api"]
    assert "repos/orcha/edge/environments/prod" in printed[1]


@pytest.mark.usefixtures("github")
def test_a_guarded_environment_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "protected", "prod"]) == 0
    assert "from main, after somebody else's approval" in capsys.readouterr().out


def test_github_that_refuses_to_say_guards_nothing(github: GitHub) -> None:
    github.broken = True
    assert main(["pipeline", "protected", "prod"]) == 1


# The newest run


def test_a_run_of_an_older_commit_is_refused(github: GitHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "newest"]) == 0
    github.main = "f" * 40
    assert main(["pipeline", "newest"]) == 1
    assert capsys.readouterr().err == (
        "This run is of 0123456789ab, and main is ffffffffffff by now; approve the run of that commit, or start the "
        "workflow again.\n"
    )


@pytest.mark.parametrize("job", ["plan", "apply"])
def test_a_deploy_asks_whether_it_is_the_newest_before_it_signs_in(job: str) -> None:
    scripts = [step.get("run", "") for step in workflows()["environment.yml"]["jobs"][job]["steps"]]
    assert scripts.index(".venv/bin/edge pipeline newest") < next(
        place for place, script in enumerate(scripts) if "sign-in" in script
    )


@pytest.mark.parametrize("file", ["environment.yml", "review-environment.yml"])
def test_a_plan_asks_whether_the_environment_is_guarded_before_it_signs_in(file: str) -> None:
    scripts = [step.get("run", "") for step in workflows()[file]["jobs"]["plan"]["steps"]]
    assert scripts.index('.venv/bin/edge pipeline protected "$ENVIRONMENT"') < next(
        place for place, script in enumerate(scripts) if "sign-in" in script
    )


# The list of environments: the job's own script, in a workspace of main's files and of a change's


def listed(folder: Path, here: dict[str, str], change: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run the job `environments` of a review: `here` are main's files, `change` those of the pull request."""
    root = Path(__file__).resolve().parents[3]
    matrix = (root / "edge" / "pipeline" / "matrix.py").read_text(encoding="utf-8")
    packages = {"edge/__init__.py": "", "edge/pipeline/__init__.py": "", "edge/pipeline/matrix.py": matrix}
    files = {**packages, **here, **{f"change/{name}": text for name, text in change.items()}}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (step,) = [step for step in workflows()["review.yml"]["jobs"]["environments"]["steps"] if "run" in step]
    environ = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environ["GITHUB_OUTPUT"] = str(folder / "output")
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def outputs(folder: Path) -> dict[str, Any]:
    lines = (folder / "output").read_text(encoding="utf-8").splitlines()
    return {name: json.loads(value) for name, value in (line.split("=", 1) for line in lines)}


HERE = {"environments/prod.toml": "", "environments/staging.toml": "", ".github/pipeline.toml": "enabled = true\n"}
CHANGE = {"environments/prod.toml": "", "environments/staging.toml": ""}


def test_the_environments_are_those_of_the_change(tmp_path: Path) -> None:
    more = {
        "environments/new.toml": "",
        "environments/prod.imports.toml": "",
        "environments/schema.py": "",
        "x.toml": "",
    }
    assert listed(tmp_path, HERE, CHANGE | more).returncode == 0
    assert outputs(tmp_path) == {"on": True, "names": ["new", "prod", "staging"], "removed": []}


@pytest.mark.parametrize(
    ("change", "removed"),
    [
        ({"environments/staging.toml": ""}, ["prod"]),
        ({"environments/staging.toml": "", "environments/prod.toml.off": ""}, ["prod"]),
        ({"environments/staging.toml": "", "environments/prod.imports.toml": ""}, ["prod"]),
        ({"environments/staging.toml": "", "environments/production.toml": ""}, ["prod"]),
        ({"environments/staging.toml": "", "other/prod.toml": ""}, ["prod"]),
        ({"environments/x.toml": ""}, ["prod", "staging"]),
    ],
)
def test_a_removed_environment_is_named(change: dict[str, str], removed: list[str], tmp_path: Path) -> None:
    assert listed(tmp_path, HERE, change).returncode == 0
    assert outputs(tmp_path)["removed"] == removed


@pytest.mark.parametrize("name", ["$(id)", "a b", "A", "-x", "a--b", "a\nnames=[]", "ä", "a" * 33, "1", 'a"'])
def test_a_file_with_no_name_of_an_environment_stops_the_review(name: str, tmp_path: Path) -> None:
    done = listed(tmp_path, HERE, CHANGE | {f"environments/{name}.toml": ""})
    assert done.returncode == 2
    assert "is not an environment's name; rename its file" in done.stderr
    assert (tmp_path / "output").read_text(encoding="utf-8") == ""


def test_a_change_without_any_folder_of_environments_stops_the_review(tmp_path: Path) -> None:
    assert listed(tmp_path, HERE, {"README.md": ""}).returncode == 1


@pytest.mark.parametrize("text", ["enabled = false", "", "enabled = true\n[", None])
def test_a_change_cannot_turn_its_own_review_off(text: str | None, tmp_path: Path) -> None:
    change = CHANGE if text is None else CHANGE | {".github/pipeline.toml": text}
    assert listed(tmp_path, HERE, change).returncode == 0
    assert outputs(tmp_path)["on"] is True


@pytest.mark.parametrize("text", ["enabled = false", 'enabled = "true"', "enabled = 1", "", "[enabled]\non = true"])
def test_a_change_cannot_turn_the_pipeline_on(text: str, tmp_path: Path) -> None:
    change = CHANGE | {".github/pipeline.toml": "enabled = true"}
    assert listed(tmp_path, HERE | {".github/pipeline.toml": text}, change).returncode == 0
    assert outputs(tmp_path)["on"] is False
