"""Terraform's own errors and warnings: whole, once, below the part that they are about; its plan goes to a file."""

import os
import subprocess
from pathlib import Path

import pytest

from edge.plan.watching import apply_shown
from edge.terraform.child_processes import Watch
from edge.terraform.errors import EngineError
from edge.terraform.messages import address_of, messages
from edge.terraform.runner import Terraform
from edge.tfplan.model import Action, Change, Plan
from tests.support.processes import Nothing

ERROR = """Error: creating Route53 Record: AccessDenied: no

  with aws_route53_record.link_getorcha_com__validation,
  on cdk.tf.json line 7, in resource.aws_route53_record:
   7:       }

is not authorized"""
WARNING = """Warning: Argument is deprecated

  with aws_lb.load_balancer,
  on cdk.tf.json line 9, in resource.aws_lb:
   9:       }

Use another."""
PLANNED = f"""aws_lb.load_balancer: Refreshing state... [id=x]
data.aws_vpc.x: Reading...
data.aws_vpc.x: Read complete after 0s [id=vpc-1]

Terraform will perform the following actions:

  # aws_lb.load_balancer will be updated in-place
  ~ resource "aws_lb" "load_balancer" {{
        text = <<-EOT
            Warning: not one of Terraform's
        EOT
    }}

Plan: 0 to add, 1 to change, 0 to destroy.

{WARNING}

─────────────────────────────────────────────────────────────────────────────

Saved the plan to: x
"""
APPLIED = """aws_lb_target_group.link: Creating...
aws_lb_target_group.link: Creation complete after 0s [id=x]
Acquiring state lock. This may take a few moments...
{messages}
Apply complete! Resources: 1 added, 0 changed, 0 destroyed.

Outputs:

LinkUrl = "https://link.getorcha.com"
"""
PLAN = Plan(
    environments=frozenset({"prod"}),
    accounts={},
    changes=(
        Change(
            address="aws_route53_record.link_getorcha_com__validation",
            type="aws_route53_record",
            name="link_getorcha_com__validation",
            action=Action.CREATE,
            account="management",
        ),
    ),
    drift=(),
    outputs={},
    output_values={},
    data={},
    warnings=(),
)


def test_each_message_is_whole_and_once() -> None:
    assert list(messages(f"read\n\n{ERROR}\n\n{WARNING}\n\n{ERROR}\n")) == [ERROR, WARNING]
    assert list(messages(PLANNED)) == [WARNING]
    assert list(messages("nothing\nto say\n")) == []


def test_a_message_names_its_resource() -> None:
    assert address_of(ERROR) == "aws_route53_record.link_getorcha_com__validation"
    assert address_of("Error: Error acquiring the state lock\n\nLock Info:") is None


def answering(monkeypatch: pytest.MonkeyPatch, code: int, output: str, errors: str = "") -> None:
    def run(_: Terraform, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(arguments, code, output, errors)

    monkeypatch.setattr(Terraform, "_run", run)


def test_a_plan_goes_to_a_file_and_its_warning_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, 0, PLANNED)
    terraform = Terraform(tmp_path, {})
    assert terraform.plan(tmp_path / "plan.tfplan") == PLANNED
    assert terraform.plan_log.read_text(encoding="utf-8") == PLANNED
    assert terraform.plan_log.stat().st_mode & 0o777 == 0o600
    assert tuple(capsys.readouterr()) == ("", f"{WARNING}\n")


def test_a_warning_that_the_caller_reports_is_not_shown_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, 0, f"{PLANNED}\nWarning: Something new\n")
    Terraform(tmp_path, {}).plan(tmp_path / "plan.tfplan", reported="Argument is deprecated")
    assert capsys.readouterr().err == "Warning: Something new\n"


def test_a_plan_that_fails_says_why_and_not_what_it_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 1, "data.aws_vpc.x: Reading...\n", f"\n{ERROR}\n")
    terraform = Terraform(tmp_path, {})
    with pytest.raises(EngineError) as raised:
        terraform.plan(tmp_path / "plan.tfplan")
    assert str(raised.value).count(ERROR) == 1
    assert "Reading..." not in str(raised.value)
    assert str(raised.value).endswith(f"Every line stands in {terraform.plan_log}")
    assert "Reading..." in terraform.plan_log.read_text(encoding="utf-8")


def applied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> tuple[int, str]:
    """Apply with a Terraform that says this."""

    def apply(_: Terraform, _file: Path, *_options: str, watch: Watch) -> tuple[int, str]:
        for line in text.splitlines():
            watch.line(line)
        return 1, "\n\n".join(messages(text))

    monkeypatch.setattr(Terraform, "apply", apply)
    return apply_shown(Terraform(tmp_path, {}), tmp_path / "plan.tfplan", PLAN)


def test_an_error_of_an_apply_stands_once_and_whole_below_its_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, errors = applied(monkeypatch, tmp_path, f"aws_lb.x: Creating...\n\n{ERROR}\n")
    shown = capsys.readouterr()
    assert (code, errors, shown.out) == (1, ERROR, "")
    head = "certificates, account management: aws_route53_record.link_getorcha_com__validation"
    assert shown.err.endswith(f"\n{head}\n{ERROR}\n")
    assert shown.err.count("AccessDenied") == 1


def test_totals_and_an_unknown_warning_are_for_people_and_outputs_for_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(monkeypatch, tmp_path, APPLIED.format(messages=f"\n{WARNING}\n"))
    shown = capsys.readouterr()
    assert shown.out.splitlines() == ["Outputs:", "", 'LinkUrl = "https://link.getorcha.com"']
    assert "Apply complete! Resources: 1 added, 0 changed, 0 destroyed." in shown.err.splitlines()
    assert f"\nload balancer: aws_lb.load_balancer\n{WARNING}\n" in shown.err
    assert "state lock" not in shown.err


def test_an_apply_has_more_under_way_than_terraforms_ten(fake_terraform: str, tmp_path: Path) -> None:
    """Most of what it does is to wait for Route 53, and each wait takes a place."""
    program = Path(fake_terraform)
    program.write_text(program.read_text(encoding="utf-8") + 'echo "$@"\n', encoding="utf-8")
    started = Terraform(tmp_path, {**os.environ, "TERRAFORM_BINARY_NAME": fake_terraform})
    code, _ = started.apply(Path("it.tfplan"), "-lock-timeout=1m", watch=Nothing())
    assert code == 0
    said = started.log.read_text(encoding="utf-8").splitlines()[-1]
    assert said == "apply -input=false -parallelism=30 -lock-timeout=1m -no-color it.tfplan"
