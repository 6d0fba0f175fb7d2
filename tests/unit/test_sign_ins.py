"""A profile that this machine has not, or a session that has ended: each in one line, once, before anything else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import (
    BotoCoreError,
    NoCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from edge.__main__ import main
from edge.preflight import platform, priorities, readiness, writing
from edge.preflight.priorities import held_priorities
from edge.preflight.profiles import missing_sign_ins
from edge.preflight.readiness import NotReadyError, demand_readiness, missing_zones
from edge.preflight.writing import demand_writable
from environments.checked import Environment
from environments.loader import load
from tests.support.files import PROD_TOML, environment_of

PROD = PROD_TOML.read_text(encoding="utf-8")
ASKING: dict[str, Callable[[Environment], object]] = {
    "readiness": demand_readiness,
    "zones": missing_zones,
    "platform": platform.missing,
    "writing": demand_writable,
    "priorities": lambda environment: held_priorities([environment]),
}


@pytest.fixture
def aws_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let AWS's two files be empty ones of the test."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for variable, file in (("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")):
        (tmp_path / file).touch()
        monkeypatch.setenv(variable, str(tmp_path / file))
    return tmp_path


def sentence(folder: Path, account: str, profile: str) -> str:
    return (
        f"tests/environments/prod.toml: accounts.{account}.profile: {profile} is neither in {folder / 'config'} nor in "
        f"{folder / 'credentials'}; write it there, as `aws configure sso --profile {profile}` does, or name another\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        ["plan", "prod"],
        ["diff", "prod"],
        ["review", "prod"],
        ["deploy", "prod", "--auto-approve"],
        ["destroy", "prod", "--auto-approve"],
        ["adopt", "prod"],
        ["release", "prod", "link"],
        ["recover", "prod", "--yes"],
    ],
    ids=" ".join,
)
def test_every_command_names_every_profile_that_is_missing_once(
    line: list[str],
    aws_files: Path,
    fake_terraform: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", fake_terraform)
    assert main(line) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    faults = [text for text in printed.err.splitlines(keepends=True) if text.startswith("tests/environments/")]
    assert faults == [sentence(aws_files, "prod", "orcha-prod"), sentence(aws_files, "management", "orcha")]
    assert "could not be found" not in printed.err


def test_only_what_is_missing_is_named(aws_files: Path) -> None:
    (aws_files / "config").write_text("[profile orcha-prod]\n[profile other]\n", encoding="utf-8")
    (fault,) = missing_sign_ins(load(["prod"])[0], ProfileNotFound(profile="orcha"))
    assert f"{fault}\n" == sentence(aws_files, "management", "orcha")


def test_the_profile_of_the_shell_is_named_where_those_of_the_file_are_there(
    aws_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (aws_files / "config").write_text("[profile orcha-prod]\n[profile orcha]\n", encoding="utf-8")
    role = 'role_arn = "arn:aws:iam::222222222222:role/edge"'
    monkeypatch.setenv("AWS_PROFILE", "gone")
    environment = environment_of(PROD.replace('profile = "orcha"', role))
    (fault,) = missing_sign_ins(environment, ProfileNotFound(profile="gone"))
    assert fault.startswith("AWS_PROFILE: gone is neither in ")
    assert fault.endswith("; name another, or unset it")


def raising(error: BotoCoreError) -> Callable[..., object]:
    def refuse(*_: object) -> object:
        raise error

    return refuse


@pytest.mark.parametrize("part", ASKING)
@pytest.mark.parametrize(
    "error",
    [UnauthorizedSSOTokenError(), TokenRetrievalError(provider="sso", error_msg="Token has expired")],
    ids=lambda error: type(error).__name__,
)
def test_a_session_that_has_ended_stops_all_that_terraform_could_not_read_either(
    part: str, error: BotoCoreError, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (readiness, writing, platform, priorities):
        monkeypatch.setattr(module, "client_of", lambda _: raising(error))
    with pytest.raises(NotReadyError) as refused:
        ASKING[part](environment_of(PROD))
    text = str(refused.value)
    assert ": accounts: AWS knows no session (" in text
    assert text.endswith("; run `aws sso login --profile orcha-prod` or `aws sso login --profile orcha`")
    assert text.count("\n") == 0


@pytest.mark.parametrize("part", ASKING)
def test_what_terraform_may_know_better_is_reported_and_left_to_it(
    part: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (readiness, writing, platform, priorities):
        monkeypatch.setattr(module, "client_of", lambda _: raising(NoCredentialsError()))
    ASKING[part](environment_of(PROD))
    assert "Unable to locate credentials" in capsys.readouterr().err
