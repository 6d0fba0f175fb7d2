"""A pull request cannot write its own verdict: its code runs in one job without power, main's tools in all others."""

import re
import subprocess
from typing import Any

import pytest

from tests.support.files import ROOT
from tests.support.workflow_files import jobs, repository, steps, workflows

REVIEWING = ("review.yml", "review-environment.yml")


def job(file: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = workflows()[file]["jobs"][name]
    return found


def test_the_pull_requests_own_workflow_holds_no_step_and_calls_mains() -> None:
    (only,) = workflows()["pull-request.yml"]["jobs"].values()
    assert only["uses"] == f"{repository()}/.github/workflows/review.yml@main"
    assert set(only) == {"name", "permissions", "uses"}
    assert job("review.yml", "environment")["uses"] == f"{repository()}/.github/workflows/review-environment.yml@main"


def test_the_changes_code_runs_in_a_job_without_any_power() -> None:
    synth = job("review.yml", "synth")
    assert synth["permissions"] == {"contents": "read"}
    assert "env" not in synth
    assert [step.get("run") for step in synth["steps"] if "run" in step] == [".venv/bin/python main.py"]
    assert "token" not in str(synth).lower()
    assert "vars." not in str(synth)


def test_every_other_job_of_a_review_runs_mains_tools() -> None:
    """A checkout without a path is what a job runs; the change's is data, below a folder of its own."""
    for file in REVIEWING:
        for name, content in workflows()[file]["jobs"].items():
            checkouts = [
                step["with"]
                for step in content.get("steps", [])
                if step.get("uses", "").startswith("actions/checkout@")
            ]
            if (file, name) == ("review.yml", "synth"):
                continue
            assert all(
                (given.get("ref"), given.get("path")) in [("main", None), (None, "change")] for given in checkouts
            )
            assert not checkouts or "path" not in checkouts[0], (file, name)


def test_nothing_below_the_changes_folder_is_run() -> None:
    for step in steps():
        if step.file.name in REVIEWING and step.run and step.job != "reviewed":  # which checks out nothing
            assert "working-directory" not in step.content
            words = [word for word in step.run.split() if re.search(r"\b(change|synthesized)\b", word)]
            assert words in ([], ["--change", "change"], ['"synthesized/$ENVIRONMENT/cdk.tf.json"']), step.name


def test_the_tools_of_a_review_are_never_chosen_by_the_pull_request() -> None:
    """Its base may be any branch, and its names are whatever its author writes."""
    for file in (*REVIEWING, "pull-request.yml"):
        text = str(workflows()[file])
        for expression in (
            "base.sha",
            "base.ref",
            "base_ref",
            "head_ref",
            "head.ref",
            "request.title",
            "request.body",
            "github.sha",
        ):
            assert expression not in text, (file, expression)


def test_no_workflow_runs_for_a_pull_request_with_the_power_of_main() -> None:
    for name, content in workflows().items():
        assert set(content["on"]).isdisjoint({"pull_request_target", "workflow_run", "issue_comment"}), name


def test_what_writes_to_the_pull_request_has_no_aws_and_what_has_aws_does_not_write() -> None:
    for file in REVIEWING:
        for name, content in workflows()[file]["jobs"].items():
            permissions = content["permissions"]
            if "uses" not in content:
                assert not (permissions.get("id-token") and "write" in permissions.get("pull-requests", "")), name
    comment, plan = job("review-environment.yml", "comment"), job("review-environment.yml", "plan")
    assert comment["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert "sign-in" not in str(comment)
    assert plan["permissions"]["pull-requests"] == "read"


def test_the_comment_takes_the_plans_own_artifact_whatever_others_are_called() -> None:
    (download,) = [
        step for step in job("review-environment.yml", "comment")["steps"] if "download-artifact" in str(step)
    ]
    assert download["with"]["artifact-ids"] == "${{ needs.plan.outputs.review }}"
    assert "name" not in download["with"]
    assert job("review-environment.yml", "plan")["outputs"] == {"review": "${{ steps.kept.outputs.artifact-id }}"}


def test_no_plan_leaves_its_job() -> None:
    """Terraform's plan holds the state's secrets; of its folder only the review's files do not."""
    uploads = [step.content["with"]["path"] for step in steps() if "upload-artifact" in step.content.get("uses", "")]
    reviews = ["plans/${{ inputs.environment }}/review*"] * 2
    assert sorted(uploads) == ["cdktf.out/stacks", *reviews, "report.html"]


def test_only_the_digest_passes_from_the_review_to_the_deploy() -> None:
    environment = workflows()["environment.yml"]["jobs"]
    assert set(environment["plan"]["outputs"]) == {"digest", "changes", "accepted"}
    assert "download-artifact" not in str(environment)
    scripts = [step["run"] for step in environment["apply"]["steps"] if "run" in step]
    assert scripts[-3:] == [
        '.venv/bin/edge plan "$ENVIRONMENT" --base "$BASE"',
        'exec .venv/bin/edge deploy "$ENVIRONMENT" --plan "plans/$ENVIRONMENT" --digest "$DIGEST" --accept "$ACCEPT"',
        '.venv/bin/edge recover "$ENVIRONMENT" --only-state',
    ]
    assert environment["apply"]["steps"][-2]["env"]["DIGEST"] == "${{ needs.plan.outputs.digest }}"


def test_a_state_that_could_not_be_written_is_stored_where_the_apply_failed_and_goes_into_no_artifact() -> None:
    *_, applied, stored = workflows()["environment.yml"]["jobs"]["apply"]["steps"]
    assert applied["id"] == "apply"
    for outcome in ("failure", "cancelled"):
        assert f"steps.apply.outcome == '{outcome}'" in stored["if"]
    assert stored["if"].startswith("${{ always() && ")
    assert "upload-artifact" not in str(workflows()["environment.yml"]["jobs"]["apply"])


def test_the_pipeline_is_switched_on_by_a_file_of_main_and_by_no_variable() -> None:
    used = {name for file, _, _ in jobs() for name in re.findall(r"vars\.(\w+)", str(workflows()[file]))}
    assert used == {"ORCHA_ROLE_NAME"}
    for file, name in (("deploy.yml", "deploy"), ("drift.yml", "drift"), ("review.yml", "synth")):
        assert "needs.environments.outputs.on == 'true'" in job(file, name)["if"]


# The owners


def rules() -> list[tuple[str, list[str]]]:
    lines = (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    split = [line.split() for line in lines if line and not line.startswith("#")]
    return [(pattern, owners) for pattern, *owners in split]


def owners(path: str) -> list[str]:
    """Give a file's owners: the last pattern that takes it decides."""
    found: list[str] = []
    for pattern, named in rules():
        anchored = re.escape(pattern.removeprefix("/")).replace(r"\*", "[^/]*")
        if pattern == "*" or re.fullmatch(anchored + (".*" if pattern.endswith("/") else ""), path):
            found = named
    return found


@pytest.mark.parametrize(
    "path",
    [
        ".github/CODEOWNERS",
        ".github/pipeline.toml",
        ".github/workflows/review.yml",
        ".terraform.lock.hcl",
        "Makefile",
        "bootstrap/__main__.py",
        "cdktf.json",
        "constraints.txt",
        "edge/review/closed_world.py",
        "environments/rules/ports.py",
        "environments/schema.py",
        "imports/aws.py",
        "main.py",
        "modules/service.py",
        "package-lock.json",
        "policy/waivers.toml",
        "pyproject.toml",
        "requirements.txt",
        "sitecustomize.py",
        "tests/unit/workflows/test_workflows.py",
    ],
)
def test_what_judges_a_change_has_owners(path: str) -> None:
    assert owners(path)
    assert owners(path) == owners("edge/__main__.py"), "one team owns all of it, whoever that is"


def test_all_that_is_not_owned_is_data_that_no_job_runs() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    free = {path for path in tracked.splitlines() if not owners(path)}
    assert {path for path in free if not path.startswith("docs/")} <= {
        "CHANGELOG.md",
        "README.md",
        "deploy/docker-compose.yml",
        *(path for path in free if re.fullmatch(r"environments/[^/]+\.toml", path)),
    }
