"""The reviewed plan is the applied plan: made once, applied as it is on another machine, and nothing else accepted."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from edge.plan.apply import run as run_plan
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder
from edge.plan.seal import Seal
from edge.terraform.runner import Terraform
from edge.tfplan.digest import digest_of, digest_of_bytes
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.aws_calls import PROD, REGION
from tests.support.base_repository import base_folder
from tests.support.planning import Desk, mode, prod_toml

BUCKET = "v1-orcha-terraform-state"
DELAY = "hosts    = -> deregistration_delay_seconds = 45\nhosts    ="
pytestmark = pytest.mark.takes(minutes=5)

(ENVIRONMENT,) = load(["prod"])


@dataclass(frozen=True)
class Story:
    """A first plan that was applied elsewhere, and a later plan that nobody has applied yet."""

    desk: Desk
    first: Path
    second: Path
    applied: CompletedProcess[str]
    elsewhere: Desk

    @property
    def digest(self) -> str:
        return str(seal(self.second)["digest"])

    def refused(self, plan: Path, *options: str) -> str:
        """Try to apply; give the one sentence on standard error."""
        done = self.desk.apply(plan, *(options or ("--digest", self.digest)))
        assert done.returncode == 2, done.stdout + done.stderr
        assert done.stderr.count("\n") == 1, done.stderr
        assert self.delay() == "60"
        return done.stderr

    def delay(self) -> str:
        elbv2 = self.desk.aws.client("elbv2", PROD, REGION)
        (group,) = elbv2.describe_target_groups(Names=["v1-orcha-link-tg"])["TargetGroups"]
        answer = elbv2.describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])
        values = {attribute["Key"]: attribute["Value"] for attribute in answer["Attributes"]}
        return str(values["deregistration_delay.timeout_seconds"])

    def copy(self, name: str) -> Path:
        copy = self.desk.folder / "plans" / name
        shutil.copytree(self.second, copy)
        return copy


def seal(plan: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((plan / "seal.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        desk = Desk(tmp_path_factory.mktemp("desk"), aws)
        desk.write(prod_toml())
        first = desk.plan("first")
        elsewhere = desk.elsewhere()
        moved = elsewhere.folder / "plans" / "first"
        applied = elsewhere.apply(moved, "--digest", seal(first)["digest"], "prod")
        desk.write(prod_toml(delay=DELAY))
        yield Story(desk, moved, desk.plan("second"), applied, elsewhere)


def test_a_plan_is_applied_as_it_is_on_another_machine(story: Story) -> None:
    assert story.applied.returncode == 0, story.applied.stdout + story.applied.stderr + story.desk.aws.last_words()
    assert "Apply complete! Resources: 17 added, 0 changed, 0 destroyed." in story.applied.stderr
    assert "prod changes these accounts" in story.applied.stderr
    assert mode(story.first / "scan.json") == "0o600"  # what is applied was checked before
    changes = json.loads((story.second / "plan.json").read_text(encoding="utf-8"))["resource_changes"]
    assert [change["address"] for change in changes if change["change"]["actions"] == ["update"]] == [
        "aws_lb_target_group.link"
    ]


def test_an_applied_plan_is_not_applied_again(story: Story) -> None:
    done = story.elsewhere.apply(story.first, "--auto-approve")
    assert done.returncode == 2
    assert "was applied already; plan and review again: edge plan prod" in done.stderr


def test_only_its_owner_reads_a_plan(story: Story) -> None:
    assert mode(story.second) == "0o700"
    assert {mode(file) for file in story.second.iterdir()} == {"0o600"}


def test_a_zone_that_moves_to_another_account_is_refused_with_the_two_deploys(story: Story) -> None:
    """AWS answers AccessDenied for a zone of another account, and Terraform would make no plan at all."""
    route53 = story.desk.aws.client("route53", PROD, REGION)
    made = route53.create_hosted_zone(Name="getorcha.com", CallerReference="moves")["HostedZone"]["Id"]
    story.desk.write(prod_toml(delay=DELAY).replace('"getorcha.com"      = "management"', '"getorcha.com" = "prod"'))
    done = story.desk.python("edge", "plan", "prod")
    story.desk.write(prod_toml(delay=DELAY))
    route53.delete_hosted_zone(Id=made)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "of account management, and the file has them in account prod. Take two deploys: " in done.stderr
    assert done.stderr.endswith("Nothing was planned.\n")


@pytest.mark.whole
def test_another_key_of_the_state_asks_by_what_the_old_state_holds(story: Story, tmp_path: Path) -> None:
    """Planned anew it would make all again; copied to the new place first, nothing is left behind."""
    desk, plan = story.desk, tmp_path / "plan"
    base = base_folder(tmp_path / "base", prod_toml(delay=DELAY))
    old, new = (f"s3://v1-orcha-terraform-state/edge/{name}.tfstate" for name in ("prod", "moved"))
    desk.write(prod_toml(delay=DELAY, key="edge/prod.tfstate -> edge/moved.tfstate"))
    s3 = desk.aws.client("s3", PROD, REGION)
    arguments = ("edge", "plan", "prod", "--base", str(base), "--write", str(plan))
    shutil.copytree(desk.folder / "out", tmp_path / "out", symlinks=True)
    environ = {"CDKTF_OUTDIR": str(tmp_path / "out")}
    anew = desk.python(*arguments, environ=environ)
    s3.copy_object(Bucket=BUCKET, Key="edge/moved.tfstate", CopySource={"Bucket": BUCKET, "Key": "edge/prod.tfstate"})
    moved = desk.python(*arguments, environ=environ)
    reviewed = desk.python("edge", "review", "--plan", str(plan))
    s3.delete_object(Bucket=BUCKET, Key="edge/moved.tfstate")
    desk.write(prod_toml(delay=DELAY))
    assert anew.returncode == 2, anew.stderr
    here, asked, *refusals = anew.stderr.splitlines()
    assert here.startswith(f"The state is {new}, and was {old} when Terraform last ran here. Nothing is moved: ")
    assert asked.startswith(f"prod: backend is {new} instead of {old}; {old} holds 17 resources, such as aws_")
    assert all("stands already" in line for line in refusals)
    assert moved.returncode == 0, moved.stderr
    assert old not in moved.stderr
    shown = " ".join(reviewed.stdout.split())
    assert f"backend is {new} instead of {old}, where nothing of this environment is left." in shown
    assert "RELOCATED" not in shown


def test_the_digest_is_that_of_the_plan_and_of_no_other(story: Story) -> None:
    plan, configuration = (
        json.loads((story.second / name).read_text(encoding="utf-8")) for name in ("plan.json", "cdk.tf.json")
    )
    assert digest_of(plan, configuration) == story.digest
    assert seal(story.first)["digest"] != story.digest
    assert seal(story.second)["environment"] == "prod"
    assert seal(story.second)["state"]["serial"] > 0
    assert seal(story.first)["state"] is None


def test_another_digest_than_the_reviewed_one_is_refused(story: Story) -> None:
    printed = story.refused(story.second, "--digest", seal(story.first)["digest"])
    assert "was reviewed; apply the plan that was reviewed, or review this one" in printed


def test_another_environment_than_the_named_one_is_refused(story: Story) -> None:
    printed = story.refused(story.second, "staging", "--auto-approve")
    assert "is a plan of prod, not of staging" in printed


def test_without_a_terminal_and_a_digest_nothing_is_applied(story: Story) -> None:
    assert "there is no terminal to ask on; name the plan that was reviewed" in story.refused(
        story.second, "--accept", ""
    )


def test_a_folder_that_is_not_there_is_refused(story: Story) -> None:
    assert "is not a folder; make the plan first" in story.refused(story.desk.folder / "nothing")


@pytest.mark.parametrize(
    "name",
    [
        "seal.json",
        "neighbours.json",
        *(
            pytest.param(name, marks=pytest.mark.whole)
            for name in ("plan.tfplan", "plan.json", "cdk.tf.json", "terraform.lock.hcl")
        ),
    ],
)
def test_a_folder_without_one_of_its_files_is_refused(story: Story, name: str) -> None:
    copy = story.copy(f"without-{name}")
    (copy / name).unlink()
    assert f"lacks {name} (No such file or directory); plan again" in story.refused(copy)


def test_an_edited_seal_is_refused(story: Story) -> None:
    copy = story.copy("edited-seal")
    text = (copy / "seal.json").read_text(encoding="utf-8")
    (copy / "seal.json").write_text(text.replace('"prod"', '"staging"'), encoding="utf-8")
    assert "has a damaged seal.json; plan again" in story.refused(copy)


def test_another_plan_under_the_same_seal_is_refused(story: Story) -> None:
    copy = story.copy("swapped")
    shutil.copy(story.first / "plan.tfplan", copy / "plan.tfplan")
    assert "does not hold the plan.tfplan that was sealed; plan again" in story.refused(copy)


def test_another_plan_is_refused_even_under_a_forged_seal(story: Story) -> None:
    """Everything in the folder fits together, but plan.tfplan itself is not what was reviewed."""
    copy = story.copy("forged")
    shutil.copy(story.first / "plan.tfplan", copy / "plan.tfplan")
    forged = Seal.model_validate_json((copy / "seal.json").read_bytes())
    files = {**forged.files, "plan.tfplan": digest_of_bytes((copy / "plan.tfplan").read_bytes())}
    forged = forged.model_copy(update={"files": files}).sealed()
    (copy / "seal.json").write_text(forged.model_dump_json(), encoding="utf-8")
    other, configuration = (
        json.loads(file.read_text(encoding="utf-8")) for file in (story.first / "plan.json", copy / "cdk.tf.json")
    )
    assert f"holds a plan.tfplan that is {digest_of(other, configuration)}, and" in story.refused(copy)


def test_a_configuration_that_was_edited_since_is_refused(story: Story) -> None:
    story.desk.write(prod_toml(path='path = "/health" -> path = "/alive"'))
    printed = story.refused(story.second)
    story.desk.write(prod_toml(delay=DELAY))
    assert "another configuration than this checkout's: aws_lb_target_group.link differ; check out" in printed


@pytest.mark.whole
def test_the_shell_of_who_plans_changes_no_plan(story: Story) -> None:
    """Not by another workspace, chosen by hand in the stack's folder, and not by what Terraform reads of a shell."""
    chosen = Path(story.desk.environ["CDKTF_OUTDIR"]) / "stacks" / "prod" / ".terraform" / "environment"
    chosen.write_text("dev", encoding="utf-8")
    shell = {"TF_CLI_ARGS": "-input=false", "TF_DATA_DIR": str(story.desk.folder), "TF_LOG": "DEBUG", "TF_VAR_a": "b"}
    plan = story.desk.folder / "plans" / "with-a-shell"
    done = story.desk.python("edge", "plan", "prod", "--write", str(plan), environ=shell)
    chosen.unlink()
    assert done.returncode == 0, done.stdout + done.stderr
    assert (seal(plan)["digest"], seal(plan)["state"]) == (story.digest, seal(story.second)["state"])
    assert done.stderr.startswith(
        "Terraform runs here without TF_CLI_ARGS, TF_DATA_DIR, TF_LOG, TF_VAR_a of this shell.\n"
        "For a log, name its file: TF_LOG_PATH=terraform.log\n"
    )
    assert "[DEBUG]" not in done.stdout + done.stderr


@pytest.mark.whole
def test_an_empty_plan_says_so_and_applies_nothing(story: Story) -> None:
    story.desk.write(prod_toml())
    empty = story.desk.plan("empty")
    done = story.desk.apply(empty, "--auto-approve")
    story.desk.write(prod_toml(delay=DELAY))
    assert (done.returncode, done.stdout) == (0, "")
    assert "changes nothing: prod is as its configuration says." in done.stderr


def test_a_neighbour_that_came_after_the_review_stops_the_apply(story: Story) -> None:
    elbv2 = story.desk.aws.client("elbv2", PROD, REGION)
    (balancer,) = elbv2.describe_load_balancers(Names=["v1-orcha-alb"])["LoadBalancers"]
    listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    (rule,) = elbv2.create_rule(
        ListenerArn=next(listener["ListenerArn"] for listener in listeners if listener["Port"] == 443),
        Priority=15,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": ["link.prod.getorcha.com"]}}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}],
    )["Rules"]
    reported = story.refused(story.second)
    elbv2.delete_rule(RuleArn=rule["RuleArn"])
    assert (
        "was made beside other neighbours: rule 15 of somebody else, which leads to an answer of its own "
        "(fixed-response), for link.prod.getorcha.com is new; plan and review again: edge plan prod"
    ) in reported


def test_on_a_terminal_it_shows_the_plan_and_asks(story: Story) -> None:
    done = story.desk.apply_on_a_terminal(story.copy("asked"), "y")
    assert done.returncode == 1
    assert "1 changed" in done.stdout
    assert "Apply this plan to prod? Only yes does: Nothing was changed." in done.stderr
    assert story.delay() == "60"


def test_after_another_apply_a_plan_is_stale(story: Story) -> None:
    """Here and not before, since it changes what the others ask about."""
    done = story.desk.apply_on_a_terminal(story.copy("third"), "yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 changed" in done.stdout
    assert story.delay() == "45"
    late = story.desk.apply(story.second, "--digest", story.digest)
    assert late.returncode == 2
    assert "is stale: the state has moved on since it was made, from serial " in late.stderr

    # As if it had moved on only after it was asked: Terraform itself finds it.
    folder = PlanFolder(story.second)
    terraform = Terraform(Path(story.desk.environ["CDKTF_OUTDIR"]) / "stacks" / "prod", story.desk.environ)
    with pytest.raises(RefusedError, match="is stale: the state was changed while this plan was being checked"):
        run_plan(terraform, folder, folder.read())


def test_a_plan_with_a_risk_waits_until_somebody_accepts_it(story: Story) -> None:
    """After the last, on what that left."""
    story.desk.write(prod_toml(delay=DELAY, port="9999 -> 9998\ngeneration = 2"))
    risky = story.desk.plan("risky")
    digest = str(seal(risky)["digest"])
    refused = story.desk.apply(risky, "--digest", digest)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "REPLACE:aws_lb_target_group.link" in refused.stderr
    assert "The plan of prod cannot be deployed as it is: 1 risk is open." in refused.stderr
    applied = story.desk.apply(risky, "--digest", digest, "--accept", "REPLACE:aws_lb_target_group.link")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert "4 added, 5 changed, 4 destroyed" in applied.stderr


def test_a_deploy_by_name_plans_reviews_and_applies_that_plan(story: Story) -> None:
    """After the last, on what that left: first with a risk, then without."""
    story.desk.write(prod_toml())
    refused = story.desk.python("edge", "deploy", "prod", "--auto-approve")
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "REPLACE:aws_lb_target_group.link" in refused.stdout
    assert "Apply complete!" not in refused.stdout + refused.stderr
    story.desk.write(prod_toml(delay=DELAY.replace("45", "50"), port="9999 -> 9998\ngeneration = 2"))
    done = story.desk.python("edge", "deploy", "prod", "--auto-approve")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The plan of prod can be deployed: no risk was found." in done.stdout
    assert "Resources: 0 added, 1 changed, 0 destroyed." in done.stderr
    assert "Applied the plan of prod in " in done.stderr


def test_a_destroy_by_name_leaves_nothing(story: Story) -> None:
    """The last of all."""
    done = story.desk.python("edge", "destroy", "prod", "--auto-approve")
    assert done.returncode == 0, done.stdout + done.stderr + story.desk.aws.last_words()
    assert "17 destroyed." in done.stderr
    elbv2 = story.desk.aws.client("elbv2", PROD, REGION)
    assert all(
        group["TargetGroupName"] != "v1-orcha-link-g2-tg" for group in elbv2.describe_target_groups()["TargetGroups"]
    )
    again = story.desk.python("edge", "destroy", "prod", "--auto-approve")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Nothing to destroy: the state of prod holds nothing." in again.stderr
