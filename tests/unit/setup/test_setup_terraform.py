"""Which Terraform or OpenTofu is chosen."""

from pathlib import Path

import pytest

from bootstrap import terraform
from bootstrap.places import Places
from bootstrap.processes import Session, SetupError
from bootstrap.terraform import Engine
from tests.unit.setup.conftest import FakeProgram

NOWHERE = "http://127.0.0.1:1"


def test_the_machines_terraform_is_taken_and_recorded(session: Session, program: FakeProgram) -> None:
    found = program("terraform", "Terraform v1.12.0\non linux_amd64")
    assert terraform.choose(session, releases_url=NOWHERE) == Engine(str(found), "Terraform", "1.12.0")
    assert terraform.recorded(session.places) == Engine(str(found), "Terraform", "1.12.0")


def test_opentofu_serves_where_terraform_is_missing_or_too_old(session: Session, program: FakeProgram) -> None:
    program("terraform", "Terraform v1.9.8")
    program("tofu", "OpenTofu v1.10.1")
    assert terraform.choose(session, releases_url=NOWHERE).brand == "OpenTofu"


def test_terraform_is_taken_before_opentofu(session: Session, program: FakeProgram) -> None:
    program("tofu", "OpenTofu v1.10.1")
    program("terraform", "Terraform v1.10.0")
    assert terraform.choose(session, releases_url=NOWHERE).brand == "Terraform"


def test_a_terraform_that_is_too_old_is_named_before_another_is_fetched(
    session: Session, program: FakeProgram, capsys: pytest.CaptureFixture[str]
) -> None:
    program("terraform", "Terraform v1.9.8")
    with pytest.raises(SetupError, match="could not be fetched"):
        terraform.choose(session, releases_url=NOWHERE)
    assert "Terraform 1.9.8 on PATH is too old" in capsys.readouterr().err


def test_a_warning_about_the_cli_configuration_does_not_hide_the_version(session: Session, machine: Path) -> None:
    noisy = machine / "terraform"
    noisy.write_text(
        '#!/bin/sh\necho "no ${TF_CLI_CONFIG_FILE:-warning}" >&2\necho "Terraform v1.11.4"\n', encoding="utf-8"
    )
    noisy.chmod(0o755)
    assert terraform.choose(session, releases_url=NOWHERE).version == "1.11.4"


def test_the_named_binary_is_taken_before_the_one_on_path(places: Places, machine: Path, program: FakeProgram) -> None:
    program("terraform", "Terraform v1.12.0")
    named = program("my-tofu", "OpenTofu v1.11.0")
    session = Session(places, {"PATH": str(machine), "TERRAFORM_BINARY_NAME": "my-tofu"})
    assert terraform.choose(session, releases_url=NOWHERE).program == str(named)


@pytest.mark.parametrize("says", ["Terraform v1.9.8", "Pulumi v3.0.0", None])
def test_a_named_binary_that_cannot_be_used_is_refused_and_not_replaced(
    places: Places, machine: Path, program: FakeProgram, says: str | None
) -> None:
    program("terraform", "Terraform v1.12.0")
    if says:
        program("mine", says)
    session = Session(places, {"PATH": str(machine), "TERRAFORM_BINARY_NAME": "mine"})
    with pytest.raises(SetupError, match="TERRAFORM_BINARY_NAME names mine"):
        terraform.choose(session, releases_url=NOWHERE)


def test_a_fetched_terraform_is_not_fetched_again(session: Session, program: FakeProgram) -> None:
    fetched = program("terraform", "Terraform v1.11.4", folder=session.places.bin)
    assert terraform.choose(session, releases_url=NOWHERE).program == str(fetched)


def test_a_fetched_terraform_of_another_release_is_fetched_again(session: Session, program: FakeProgram) -> None:
    program("terraform", "Terraform v1.10.5", folder=session.places.bin)
    with pytest.raises(SetupError, match="could not be fetched"):
        terraform.choose(session, releases_url=NOWHERE)


def test_the_projects_own_folders_on_path_are_not_the_machine(places: Places, program: FakeProgram) -> None:
    own = program("terraform", "Terraform v1.12.0", folder=places.bin)
    assert list(terraform.on_path(places, {"PATH": str(own.parent)})) == []


def test_a_record_of_a_program_that_is_gone_is_no_choice(session: Session, program: FakeProgram) -> None:
    found = program("terraform", "Terraform v1.12.0")
    terraform.choose(session, releases_url=NOWHERE)
    found.unlink()
    assert terraform.recorded(session.places) is None


def test_a_prerelease_counts_by_its_numbers(session: Session, program: FakeProgram) -> None:
    program("terraform", "Terraform v1.14.0-beta2")
    assert terraform.choose(session, releases_url=NOWHERE).version == "1.14.0"
