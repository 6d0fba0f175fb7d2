"""The environment that commands run in after set-up."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap import terraform
from bootstrap.places import Places
from bootstrap.processes import Session
from edge.terraform import toolchain
from tests.unit.setup.conftest import FakeProgram

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def base(session: Session, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(toolchain, "HERE", session.places)
    return dict(session.environ)


@pytest.fixture
def chosen(session: Session, program: FakeProgram, base: dict[str, str]) -> Path:
    assert base
    found = program("terraform", "Terraform v1.12.0")
    terraform.choose(session, releases_url=NOWHERE)
    return found


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch, base: dict[str, str]) -> Callable[[list[str]], tuple[int, list[str]]]:
    """Run the command line; return its exit code, and the command line that it would have become."""
    monkeypatch.setattr(os, "environ", base)

    def call(arguments: list[str]) -> tuple[int, list[str]]:
        calls: list[list[str]] = []
        code = toolchain.become(arguments, execute=lambda _, line, environ: calls.append([*line, environ["GOGC"]]))
        return code, calls[0] if calls else []

    return call


def test_the_projects_folders_stand_before_the_machines(chosen: Path, base: dict[str, str], places: Places) -> None:
    path = toolchain.command_environment(base)["PATH"].split(os.pathsep)
    assert path == [
        str(places.root / ".tools" / "bin"),
        str(places.root / ".venv" / "bin"),
        str(places.root / "node_modules" / ".bin"),
        str(chosen.parent),
    ]


@pytest.mark.usefixtures("chosen")
def test_an_environment_made_from_its_own_output_is_the_same(base: dict[str, str]) -> None:
    once = toolchain.command_environment(base)
    assert toolchain.command_environment(once) == once


def test_version_checks_and_reports_are_off_and_the_engine_is_absolute(chosen: Path, base: dict[str, str]) -> None:
    environ = toolchain.command_environment(base)
    assert environ["TERRAFORM_BINARY_NAME"] == str(chosen)
    assert (environ["CHECKPOINT_DISABLE"], environ["DISABLE_VERSION_CHECK"]) == ("1", "1")


@pytest.mark.usefixtures("chosen")
def test_the_users_own_settings_stay(base: dict[str, str]) -> None:
    assert toolchain.command_environment(base)["GOGC"] == "400"
    assert toolchain.command_environment({**base, "GOGC": "50", "AWS_PROFILE": "x"})["GOGC"] == "50"
    assert toolchain.command_environment({**base, "AWS_PROFILE": "x"})["AWS_PROFILE"] == "x"


@pytest.mark.usefixtures("chosen")
def test_the_projects_configuration_stands_in_for_a_missing_one(
    base: dict[str, str], places: Places, tmp_path: Path
) -> None:
    missing = {**base, "TF_CLI_CONFIG_FILE": str(tmp_path / "missing.rc")}
    assert "TF_CLI_CONFIG_FILE" not in toolchain.command_environment(missing)
    places.cli_config.touch()
    environ = toolchain.command_environment(missing)
    assert environ["TF_CLI_CONFIG_FILE"] == str(places.cli_config)
    assert environ["CDKTF_DISABLE_PLUGIN_CACHE_ENV"] == "1"


@pytest.mark.usefixtures("chosen")
def test_a_configuration_of_the_user_stays(base: dict[str, str], places: Places, tmp_path: Path) -> None:
    places.cli_config.touch()
    mine = tmp_path / "mine.rc"
    mine.touch()
    environ = toolchain.command_environment({**base, "TF_CLI_CONFIG_FILE": str(mine)})
    assert environ["TF_CLI_CONFIG_FILE"] == str(mine)
    assert "CDKTF_DISABLE_PLUGIN_CACHE_ENV" not in environ


@pytest.mark.usefixtures("chosen")
def test_the_lock_file_is_made_from_the_mirror(base: dict[str, str], no_mirrors_of_this_machine: Path) -> None:
    assert "TF_CLI_ARGS_providers_lock" not in toolchain.command_environment(base)
    mirror = no_mirrors_of_this_machine / "my plugins"
    package = mirror / "registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64/terraform-provider-aws_v5.100.0_x5"
    package.parent.mkdir(parents=True)
    package.touch()
    assert toolchain.command_environment(base)["TF_CLI_ARGS_providers_lock"] == f"'-fs-mirror={mirror}'"
    mine = {**base, "TF_CLI_ARGS_providers_lock": "-x"}
    assert toolchain.command_environment(mine)["TF_CLI_ARGS_providers_lock"] == "-x"


def test_without_set_up_the_machines_terraform_serves(base: dict[str, str], program: FakeProgram) -> None:
    with pytest.raises(toolchain.ToolMissingError, match="run `make setup`"):
        toolchain.terraform_binary(base)
    found = program("terraform", "Terraform v1.12.0")
    assert toolchain.terraform_binary(base) == str(found)


def test_a_named_binary_that_cannot_be_used_is_an_error(base: dict[str, str]) -> None:
    with pytest.raises(toolchain.ToolMissingError, match="TERRAFORM_BINARY_NAME names nothing"):
        toolchain.terraform_binary({**base, "TERRAFORM_BINARY_NAME": "nothing"})


Become = Callable[[list[str]], tuple[int, list[str]]]


def test_the_word_terraform_runs_the_chosen_engine(become: Become, session: Session, program: FakeProgram) -> None:
    tofu = program("tofu", "OpenTofu v1.10.1")
    terraform.choose(session, releases_url=NOWHERE)
    assert become(["terraform", "-chdir=x", "plan"]) == (0, [str(tofu), "-chdir=x", "plan", "400"])


@pytest.mark.usefixtures("chosen")
def test_other_commands_are_found_on_the_projects_path(become: Become, places: Places, program: FakeProgram) -> None:
    cdktf = program("cdktf", "0.21.0", folder=places.node_modules / ".bin")
    assert become(["cdktf", "diff", "prod"]) == (0, [str(cdktf), "diff", "prod", "400"])


@pytest.mark.usefixtures("chosen")
def test_a_missing_command_is_a_sentence_and_127(become: Become, capsys: pytest.CaptureFixture[str]) -> None:
    assert become(["nothing"]) == (127, [])
    assert capsys.readouterr().err == "There is no command nothing here; check its spelling, or run `make setup`.\n"
