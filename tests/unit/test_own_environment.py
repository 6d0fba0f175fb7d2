"""What Terraform gets of a shell's variables: a list passes, the rest is left out, what changes a plan is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.cli.exits import BadInputError
from edge.terraform import synthesis, toolchain
from edge.terraform.own_environment import own_environment
from environments.terraform_shell import refusals, workspace_of
from tests.support.files import PROD_TOML, ROOT

REFUSED = {
    "TF_CLI_ARGS_plan": [
        ("-destroy", "-destroy"),
        ("-target=aws_lb_listener_rule.link", "-target"),
        ("--target aws_lb_listener_rule.link", "-target, an argument without an option"),
        ("-replace=aws_lb_target_group.link -no-color", "-replace"),
        ("-var=password=secret", "-var"),
        ("-var-file secret.tfvars", "-var-file, an argument without an option"),
        ("-refresh=false", "-refresh"),
        ("-refresh-only", "-refresh-only"),
        ("-parallelism=2 -state other.tfstate", "-state, an argument without an option"),
        ("-parallelism 2 prod.tfplan", "an argument without an option"),
        ("'-no-color", "what is in it, which is not a command line,"),
    ],
    "TF_CLI_ARGS": [("-chdir=elsewhere", "-chdir")],
    "TF_CLI_ARGS_init": [("-migrate-state", "-migrate-state"), ("-backend-config=key=other", "-backend-config")],
    "TF_CLI_ARGS_state_pull": [("-ignore-remote-version", "-ignore-remote-version")],
}
LEFT_OUT = {
    "TF_CLI_ARGS": "-input=false",
    "TF_CLI_ARGS_apply": "-parallelism=2 -lock-timeout 5m -no-color -auto-approve",
    "TF_CLI_ARGS_plan": "-refresh=true -compact-warnings",
    "TF_CLI_ARGS_fmt": "-recursive",
    "TF_CLI_ARGS_test": "-filter=x",
    "TF_AWS_DEFAULT_TAGS_Owner": "somebody",
    "TF_DATA_DIR": "/somewhere",
    "TF_LOG": "DEBUG",
    "TF_REATTACH_PROVIDERS": "{}",
    "TF_VAR_region": "eu-west-1",
}
PASSES = {
    "AWS_PROFILE": "prod",
    "AWS_CA_BUNDLE": "/ca.pem",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.example",
    "HTTPS_PROXY": "http://proxy.example",
    "SSL_CERT_FILE": "/ca.pem",
    "TF_CLI_CONFIG_FILE": "/terraform.rc",
    "TF_ENCRYPTION": "{}",
    "TF_PLUGIN_CACHE_DIR": "/cache",
    "TF_TOKEN_registry_example": "token",
}


@pytest.mark.parametrize(
    ("name", "value", "shown"), [(name, *case) for name, cases in REFUSED.items() for case in cases]
)
def test_an_option_that_changes_a_plan_is_refused_without_its_value(name: str, value: str, shown: str) -> None:
    with pytest.raises(BadInputError) as refused:
        own_environment({"PATH": "/bin", name: value})
    assert str(refused.value) == (
        f"{name}: {shown} would change what Terraform plans or applies, unseen by a review; run `unset {name}`"
    )


def test_every_refused_variable_is_named() -> None:
    refused = refusals({"TF_WORKSPACE": "dev", "TF_CLI_ARGS_plan": "-destroy", "TF_CLI_ARGS": "-target=x"})
    assert [sentence.split(":")[0] for sentence in refused] == ["TF_WORKSPACE=dev", "TF_CLI_ARGS", "TF_CLI_ARGS_plan"]


@pytest.mark.parametrize(("name", "value"), LEFT_OUT.items())
def test_what_changes_no_plan_is_left_out_and_named(name: str, value: str) -> None:
    environ, notices = own_environment({"PATH": "/bin", name: value})
    assert environ == {"PATH": "/bin", "TF_WORKSPACE": "default"}
    assert notices[0] == f"Terraform runs here without {name} of this shell."
    assert (notices[1:] == ["For a log, name its file: TF_LOG_PATH=terraform.log"]) == (name == "TF_LOG")


def test_what_passes_passes_without_a_notice() -> None:
    assert own_environment(PASSES) == ({**PASSES, "TF_WORKSPACE": "default"}, [])


def test_a_log_to_a_file_passes_and_the_file_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environ, notices = own_environment({"TF_LOG": "DEBUG", "TF_LOG_PATH": "terraform.log"})
    assert environ["TF_LOG"] == "DEBUG"
    assert environ["TF_LOG_PATH"] == str(tmp_path / "terraform.log")
    assert notices == []


def test_an_environment_made_from_its_own_output_is_the_same() -> None:
    once, _ = own_environment({**PASSES, **LEFT_OUT})
    assert own_environment(once) == (once, [])


@pytest.mark.parametrize(
    "command", [["plan", "prod"], ["review", "prod"], ["diff", "prod"], ["synth"], ["scan", "prod"]]
)
def test_our_commands_refuse_another_workspace_before_anything_starts(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def start(*_: object, **__: object) -> None:
        pytest.fail("started")

    monkeypatch.setenv("TF_WORKSPACE", "dev")
    monkeypatch.setattr(toolchain, "become", start)
    monkeypatch.setattr(synthesis, "synthesize", start)
    monkeypatch.setattr("edge.run_cdktf.held_priorities", lambda _: [])
    assert main(command) == 2
    assert capsys.readouterr().err == (
        "TF_WORKSPACE=dev: names the workspace dev, which has a state of its own, and an environment has one state, in "
        "the workspace default; run `unset TF_WORKSPACE`\n"
    )


def run_app(folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run main.py as plain cdktf does, on one environment, into a folder."""
    environments = folder / "environments"
    environments.mkdir(exist_ok=True)
    (environments / "prod.toml").write_bytes(PROD_TOML.read_bytes())
    places = {"ENVIRONMENTS_DIR": str(environments), "CDKTF_OUTDIR": str(folder / "out")}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TF_")} | places | variables
    return subprocess.run(
        [sys.executable, "main.py"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("name", "value"), [("TF_WORKSPACE", "dev"), ("TF_CLI_ARGS_plan", "-destroy")])
def test_the_app_refuses_the_same_and_writes_nothing(name: str, value: str, tmp_path: Path) -> None:
    done = run_app(tmp_path, **{name: value})
    assert (done.returncode, done.stderr.split(":")[0].split("=")[0]) == (2, name)
    assert not (tmp_path / "out").exists()


def test_the_app_refuses_a_folder_that_was_switched_to_another_workspace(tmp_path: Path) -> None:
    stack = tmp_path / "out" / "stacks" / "prod"
    (stack / ".terraform").mkdir(parents=True)
    chosen = stack / ".terraform" / "environment"
    chosen.write_text("dev", encoding="utf-8")
    done = run_app(tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        f"{chosen}: names the workspace dev, which has a state of its own, and an environment has one state, in the "
        f"workspace default; run `edge tool terraform -chdir={stack} workspace select default`\n"
    )
    assert not (stack / "cdk.tf.json").exists()
    assert run_app(tmp_path, TF_WORKSPACE="default").returncode == 0
    assert (stack / "cdk.tf.json").exists()


def test_the_choice_of_a_workspace_is_read_where_terraform_reads_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "environment").write_text("dev\n", encoding="utf-8")
    assert workspace_of(tmp_path, {}) is None
    assert "names the workspace dev" in str(workspace_of(tmp_path, {"TF_DATA_DIR": "data"}))
    (tmp_path / "data" / "environment").write_text("default", encoding="utf-8")
    assert workspace_of(tmp_path, {"TF_DATA_DIR": "data"}) is None
