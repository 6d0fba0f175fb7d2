"""The workflows as they stand, run step by step: no key anywhere, and each job on a machine of its own.

GitHub is on loopback, AWS is the embedded one; it lends roles by AssumeRoleWithWebIdentity as AWS does.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.pipeline.sign_in import configuration, profiles
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.aws_calls import PROD, REGION
from tests.support.github_server import GitHub, serve
from tests.support.workflow_runner import Machine, base_environment
from tests.support.workspace import engine_environment

pytestmark = pytest.mark.takes(minutes=4)

(ENVIRONMENT,) = load(["prod"])
PULL_REQUEST = {
    "inputs.environment": "prod",
    "github.event.pull_request.number": "7",
    "github.event.pull_request.head.sha": "89abcdef" * 5,
}
DEPLOY = {"inputs.environment": "prod", "inputs.accept": "", "github.event.before || github.sha": "HEAD"}


@dataclass(frozen=True)
class Pipeline:
    """What the jobs of a change left behind: of its pull request, then of its deploy, each job on its own machine."""

    aws: LocalAws
    github: GitHub
    folder: Path
    synthesized: Machine
    planned: dict[str, str]
    applied: Machine
    verified: Machine

    def machine(self, name: str) -> Machine:
        return machine(self.folder / name, self.aws, self.github)


def machine(folder: Path, aws: LocalAws, github: GitHub) -> Machine:
    made = Machine(folder, base_environment(aws.variables, github.environ), folder.parent / "artifacts")
    made.prepare()
    return made


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    engine_environment()
    folder = tmp_path_factory.mktemp("pipeline")
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600, plane=True) as aws, serve() as github:
        synthesized = machine(folder / "synth", aws, github)
        synthesized.job("review.yml", "synth", {})
        reviewed = machine(folder / "review", aws, github).job("review-environment.yml", "plan", PULL_REQUEST)
        kept = {"needs.plan.outputs.review": reviewed["steps.kept.outputs.artifact-id"]}
        machine(folder / "comment", aws, github).job("review-environment.yml", "comment", PULL_REQUEST | kept)
        shutil.rmtree(folder / "artifacts")  # the deploy is another run
        planned = machine(folder / "plan", aws, github).job("environment.yml", "plan", DEPLOY)
        needs = {
            "needs.plan.outputs.digest": planned["steps.plan.outputs.digest"],
            "needs.plan.outputs.accepted": planned["steps.labels.outputs.accepted"],
        }
        applied = machine(folder / "apply", aws, github)
        applied.job("environment.yml", "apply", {**DEPLOY, **needs})
        verified = machine(folder / "verify", aws, github)
        verified.job("environment.yml", "verify", DEPLOY)
        yield Pipeline(aws, github, folder, synthesized, planned, applied, verified)


def test_the_change_is_synthesized_by_a_job_that_knows_no_aws(pipeline: Pipeline) -> None:
    made = pipeline.folder / "synth" / "edge" / "cdktf.out" / "stacks"
    assert (made / "prod" / "cdk.tf.json").is_file()
    planned = pipeline.folder / "review" / "edge" / "cdktf.out" / "stacks"
    assert (planned / "prod" / "cdk.tf.json").is_file()
    assert not (planned / "staging").exists(), "what is planned was synthesized here"
    assert list((pipeline.folder / "synth" / "review.yml-synth").glob("*.aws")) == []


def test_the_pull_request_has_its_comment(pipeline: Pipeline) -> None:
    (comment,) = pipeline.github.comments
    assert comment["body"].startswith("<!-- orcha-edge review: prod -->\n")
    assert "aws_lb_target_group.link" in comment["body"]
    assert "commit 89abcdef89ab" in comment["body"]
    assert "From changed code" not in comment["body"]
    assert "```mermaid\n" in comment["body"], "a first deploy changes the way of requests"


def test_no_artifact_of_any_job_holds_a_plan(pipeline: Pipeline) -> None:
    """The review's artifact of the pull request was seen by the comment; the deploy's stands as it was left."""
    (artifact,) = (pipeline.folder / "artifacts").iterdir()
    assert artifact.name == "review-prod"
    kept = {file.name for file in artifact.iterdir()}
    always = {"review.md", "review.json"}
    assert always <= kept <= {*always, "review-full.md"}
    seen = {file.name for file in (pipeline.folder / "comment" / "edge" / "plans" / "prod").iterdir()}
    assert {*always, "review-picture.md"} <= seen <= {*always, "review-picture.md", "review-full.md"}


def test_the_deploy_applies_a_plan_of_its_own_with_the_reviewed_digest(pipeline: Pipeline) -> None:
    assert pipeline.planned["steps.plan.outputs.changes"] == "true"
    folder = pipeline.folder / "apply" / "edge" / "plans" / "prod"
    sealed = json.loads((folder / "seal.json").read_text(encoding="utf-8"))
    assert sealed["digest"] == pipeline.planned["steps.plan.outputs.digest"]
    log = "\n".join(pipeline.applied.log)
    assert re.search(r"Apply complete! Resources: \d+ added, 0 changed, 0 destroyed\.", log)
    assert sealed["digest"] in log


def test_the_deploy_ends_with_the_verification(pipeline: Pipeline) -> None:
    assert pipeline.verified.log[-1].startswith("Verify: ")
    assert "prod serves: all " in pipeline.verified.log[-1]


def test_each_job_signs_in_by_its_own_role_and_leaves_no_key_on_disk(pipeline: Pipeline) -> None:
    found = {}
    for job in ("plan", "apply", "verify"):
        (file,) = (pipeline.folder / job / f"environment.yml-{job}").glob("*.aws")
        text = file.read_text(encoding="utf-8")
        assert "secret" not in text.lower()
        assert text.count("credential_process") == 2
        assert file.stat().st_mode & 0o077 == 0
        found[job] = who(pipeline, file)
    assert found == {
        job: [
            f"arn:aws:sts::{account}:assumed-role/orcha-edge-prod-{role}/orcha-edge-4711-1"
            for account in ("111111111111", "222222222222")
        ]
        for job, role in (("plan", "plan"), ("apply", "deploy"), ("verify", "plan"))
    }


def who(pipeline: Pipeline, config: Path) -> list[str]:
    """Ask AWS who the two profiles are, as any SDK would."""
    script = (
        "import boto3\nfor profile in ('orcha-prod', 'orcha'):\n"
        "    print(boto3.Session(profile_name=profile).client('sts').get_caller_identity()['Arn'])"
    )
    return asked(pipeline, config, script)


def asked(pipeline: Pipeline, config: Path, script: str) -> list[str]:
    """Run Python in a job's environment, with an AWS configuration file; give the words that it prints."""
    environ = {**pipeline.applied.environ, "AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    command = [str(pipeline.applied.checkout / ".venv" / "bin" / "python"), "-c", script]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_an_account_with_a_role_of_its_own_is_entered_from_the_platforms_role(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    accounts = dict(ENVIRONMENT.accounts)
    accounts["management"] = accounts["management"].model_copy(
        update={"profile": None, "role_arn": "arn:aws:iam::222222222222:role/deploy"}
    )
    roles = profiles(ENVIRONMENT.model_copy(update={"accounts": accounts}), "deploy")
    assert roles == {
        "orcha-prod": "arn:aws:iam::111111111111:role/orcha-edge-prod-deploy",
        "default": "arn:aws:iam::111111111111:role/orcha-edge-prod-deploy",
    }
    (tmp_path / "config").write_text(configuration(roles, REGION, "orcha-edge-4711-1"), encoding="utf-8")
    script = (
        "import boto3\nsts = boto3.client('sts')\nprint(sts.get_caller_identity()['Arn'])\n"
        "print(sts.assume_role(RoleArn='arn:aws:iam::222222222222:role/deploy', RoleSessionName='orcha-edge')"
        "['AssumedRoleUser']['Arn'])"
    )
    assert asked(pipeline, tmp_path / "config", script) == [
        "arn:aws:sts::111111111111:assumed-role/orcha-edge-prod-deploy/orcha-edge-4711-1",
        "arn:aws:sts::222222222222:assumed-role/deploy/orcha-edge",
    ]


@pytest.mark.whole
def test_drift_opens_an_issue_until_it_is_gone(pipeline: Pipeline) -> None:
    elbv2 = pipeline.aws.client("elbv2", PROD, REGION)
    (group,) = elbv2.describe_target_groups(Names=["v1-orcha-link-tg"])["TargetGroups"]
    for path in ("/elsewhere", "/health"):
        elbv2.modify_target_group(TargetGroupArn=group["TargetGroupArn"], HealthCheckPath=path)
        name = f"drift{path.replace('/', '-')}"
        pipeline.machine(name).job("drift.yml", "drift", {"matrix.environment": "prod"})
        (issue,) = pipeline.github.issues
        assert issue["state"] == ("open" if path == "/elsewhere" else "closed")
        assert "aws_lb_target_group.link" in issue["body"]
