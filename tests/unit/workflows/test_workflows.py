"""The workflows hold what keeps a pipeline safe, and call what exists."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bootstrap.places import HERE
from edge.__main__ import COMMANDS, main
from environments.loader import load_all
from tests.support.files import ROOT
from tests.support.workflow_files import Step, files, jobs, repository, steps, uses, workflows
from tests.unit.test_docs import targets

PINNED = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
OURS = re.compile(r"\./\.github/[\w./-]+")
AT_MAIN = re.compile(rf"{re.escape(repository())}/(\.github/workflows/[\w.-]+)@main")
REVIEWS = ("pull-request.yml", "review.yml", "review-environment.yml")
POWERS = {"id-token", "pull-requests", "issues"}


# What keeps it safe


def test_every_action_is_pinned_by_its_commit_and_says_its_version() -> None:
    found = list(uses())
    others = [line for _, line in found if not PINNED.fullmatch(line)]
    assert [line for line in others if not OURS.fullmatch(line) and not AT_MAIN.fullmatch(line)] == []
    assert [line for line in others if not (ROOT / AT_MAIN.sub(r"\1", line)).exists()] == []
    versions: dict[str, set[str]] = {}
    for _, line in found:
        versions.setdefault(line.partition("@")[0], set()).add(line)
    assert {action for action, lines in versions.items() if len(lines) > 1} == set()


@pytest.mark.parametrize("name", workflows())
def test_a_workflow_gives_no_permission_and_no_job_waits_for_ever(name: str) -> None:
    content = workflows()[name]
    assert content["permissions"] == {}
    assert "pull_request_target" not in content["on"]
    assert "concurrency" in content
    for job in content["jobs"].values():
        assert "permissions" in job
        assert "timeout-minutes" in job or "uses" in job


def test_only_jobs_that_reach_aws_may_say_who_they_are() -> None:
    for file, name, job in jobs():
        runs = " ".join(step.get("run", "") for step in job.get("steps", []))
        signs_in = "edge pipeline sign-in" in runs or "uses" in job
        assert (job["permissions"].get("id-token") == "write") is signs_in, (file, name)
        assert "write-all" not in str(job["permissions"])
        assert {key for key, value in job["permissions"].items() if value == "write"} <= POWERS


def test_a_forks_code_never_runs_where_aws_can_be_reached() -> None:
    found = [
        (file, name)
        for file, name, job in jobs()
        if file in REVIEWS and "steps" in job and "id-token" in job["permissions"]
    ]
    assert found == [("review-environment.yml", "plan")]
    for file, name in (*found, ("review.yml", "synth")):
        assert "head.repo.full_name == github.repository" in workflows()[file]["jobs"][name]["if"], name


def test_nothing_that_runs_is_cancelled_but_plans_of_pull_requests() -> None:
    for name, content in workflows().items():
        cancels = content["concurrency"]["cancel-in-progress"]
        assert cancels is (name in REVIEWS) or name == "check.yml", name


def test_only_the_apply_signs_in_to_deploy_and_only_behind_an_environment() -> None:
    deploying = [(file, name, job) for file, name, job in jobs() if '"$ENVIRONMENT" deploy' in str(job)]
    assert [(file, name) for file, name, _ in deploying] == [("environment.yml", "apply")]
    (_, _, apply) = deploying[0]
    assert apply["environment"] == "${{ inputs.environment }}"
    assert apply["needs"] == "plan"


def test_a_deploy_is_verified_by_the_role_that_plans() -> None:
    """It trusts main, and no environment."""
    verify = workflows()["environment.yml"]["jobs"]["verify"]
    assert "environment" not in verify
    scripts = [step["run"] for step in verify["steps"] if "run" in step]
    assert scripts == [
        '.venv/bin/edge pipeline sign-in "$ENVIRONMENT" plan',
        '.venv/bin/edge verify "$ENVIRONMENT"',
    ]


def test_a_deploy_is_verified_where_nothing_had_to_be_applied_and_never_where_something_failed() -> None:
    verify = workflows()["environment.yml"]["jobs"]["verify"]
    assert verify["needs"] == ["plan", "apply"]
    expression = verify["if"].strip().removeprefix("${{").removesuffix("}}").strip()
    for text, instead in (("&&", "and"), ("||", "or"), ("!cancelled()", "not cancelled")):
        expression = expression.replace(text, instead)

    def runs(plan: str, apply: str, *, cancelled: bool = False) -> bool:
        needs = SimpleNamespace(plan=SimpleNamespace(result=plan), apply=SimpleNamespace(result=apply))
        return bool(eval(expression, {}, {"needs": needs, "cancelled": cancelled}))

    assert runs("success", "success")
    assert runs("success", "skipped")
    assert not any(runs("success", apply) for apply in ("failure", "cancelled"))
    assert not any(runs(plan, "skipped") for plan in ("failure", "cancelled", "skipped"))
    assert not runs("success", "success", cancelled=True)


def test_a_job_on_the_way_to_a_deploy_takes_nothing_from_a_cache() -> None:
    for step in steps():
        with_power = step.file.name in {"environment.yml", "review-environment.yml"}
        if with_power and step.content.get("uses", "").endswith("set-up"):
            assert step.content["with"] == {"cache": "false"}


def test_no_secret_is_used_and_no_text_of_others_stands_in_a_script() -> None:
    for file in files():
        assert "secrets." not in file.read_text(encoding="utf-8")
    assert [step.name for step in steps() if step.run and "${{" in step.run] == []


# What it calls


def test_every_make_target_exists() -> None:
    called = {name for step in steps() if step.run for name in re.findall(r"\bmake ([\w-]+)", step.run)}
    assert called
    assert called <= targets()


def commands(step: Step) -> list[str]:
    return re.findall(r"\.venv/bin/edge ([\w-]+)", step.run or "")


def test_the_accepted_risks_are_one_argument_of_the_review() -> None:
    scripts = [step.run or "" for step in steps() if "ACCEPT" in (step.run or "") and "edge review" in (step.run or "")]
    assert len(scripts) == 2
    for script in scripts:
        printing = script.replace(".venv/bin/edge review", "printf '%s\\n'")
        for accepted in ("", "4wz2k7bqn3yfxa5t", "4wz2k7bqn3yfxa5t abcdefgh234567ab", "$(id) * ;"):
            environ = {"ENVIRONMENT": "prod", "ACCEPT": accepted}
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", printing]
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
            assert done.stdout.splitlines() == ["prod", "--plan", "plans/prod", "--accept", accepted, "--require-scan"]


def test_every_command_exists() -> None:
    called = {name for step in steps() for name in commands(step)}
    assert {"plan", "review", "picture", "deploy", "recover", "verify", "report", "pipeline"} == called
    assert called <= {command.name for command in COMMANDS}


def test_only_what_runs_before_set_up_is_called_as_a_module() -> None:
    called = {name for step in steps() for name in re.findall(r"-m ([\w.]+)", step.run or "")}
    assert called == {"bootstrap", "edge.pipeline.matrix"}


USED = ("sign-in", "newest", "protected", "accepted", "drop", "outputs", "summary", "comment", "issue")


@pytest.mark.parametrize("name", USED)
def test_every_step_of_the_tool_is_one_that_it_knows(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["pipeline", name, "--help"])
    given = capsys.readouterr().out
    used = [step.run or "" for step in steps() if re.search(rf"edge pipeline {name}\b", step.run or "")]
    assert used
    for script in used:
        (line,) = [line for line in script.splitlines() if f"edge pipeline {name}" in line]
        assert {option for option in re.findall(r"--[\w-]+", line) if option not in given} == set()


def test_no_other_step_of_the_tool_is_called() -> None:
    called = {name for step in steps() for name in re.findall(r"edge pipeline ([\w-]+)", step.run or "")}
    assert called == set(USED)


def test_the_matrix_is_made_of_the_files_without_any_package() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "edge.pipeline.matrix"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = ", ".join(f'"{item.name}"' for item in load_all())
    assert re.fullmatch(r"on=(true|false)", done.stdout.splitlines()[0])
    assert done.stdout.splitlines()[1:] == [f"names=[{names}]", "removed=[]"]


def test_the_cache_holds_what_set_up_makes_and_follows_what_it_is_made_from() -> None:
    caches = [step.content["with"] for step in steps() if step.content.get("uses", "").startswith("actions/cache@")]
    paths = " ".join(settings["path"] for settings in caches).split()
    for place in (HERE.venv, HERE.node_modules, HERE.plugin_cache):
        assert str(place.relative_to(ROOT)) in paths
    assert f"{HERE.tools.name}/*" in paths
    named = re.findall(r"'([^']+)'", " ".join(settings["key"] for settings in caches))
    assert [pattern for pattern in named if not list(ROOT.glob(pattern))] == []
    assert {"locks/*.txt", "package-lock.json", "bootstrap/**"} <= set(named)


def reviewed(listed: str, pipeline: str, removed: str, result: str) -> int:
    """Run the script of the one required check; give its exit code."""
    (step,) = workflows()["review.yml"]["jobs"]["reviewed"]["steps"]
    environ = {"LISTED": listed, "PIPELINE": pipeline, "REMOVED": removed, "RESULT": result}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, env=environ, capture_output=True, check=False).returncode


def test_the_one_required_check_fails_unless_every_plan_was_reviewed() -> None:
    """A skipped job counts as passed for GitHub, so this one always runs; its script decides."""
    job = workflows()["review.yml"]["jobs"]["reviewed"]
    assert job["if"] == "always()"
    assert job["needs"] == ["environments", "environment"]
    assert reviewed("success", "true", "[]", "success") == 0
    assert [reviewed("success", "true", "[]", result) for result in ("failure", "cancelled", "skipped", "")] == [1] * 4
    assert [reviewed(listed, "true", "[]", "success") for listed in ("failure", "cancelled", "skipped", "")] == [1] * 4
    assert [reviewed("success", "true", removed, "success") for removed in ('["prod"]', '["a", "b"]', "")] == [1] * 3
    assert [reviewed("success", switch, "[]", "success") for switch in ("", "True", "on", "null")] == [1] * 4
    assert reviewed("success", "false", "[]", "skipped") == 0
    assert reviewed("failure", "false", "[]", "skipped") == 1
