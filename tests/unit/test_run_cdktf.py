"""`edge synth` and `edge diff`: bad input ends with 2 before anything starts."""

from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError

from edge.__main__ import main
from edge.aws import listener_priorities
from edge.aws.listener_priorities import LiveRule
from edge.terraform import toolchain
from tests.support.files import PROD_TOML, ROOT

PROD = PROD_TOML.read_text(encoding="utf-8")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have become of this process."""
    commands: list[list[str]] = []

    def become(line: list[str], *, folder: Path, environ: dict[str, str]) -> int:
        assert folder == ROOT
        assert environ["TF_WORKSPACE"] == "default"
        commands.append(list(line))
        return 0

    monkeypatch.setattr(toolchain, "become", become)
    monkeypatch.setattr(listener_priorities, "live_rules", lambda *_: {})  # no test asks the AWS of whoever runs it
    return commands


@pytest.mark.parametrize("command", [["synth"], ["diff", "prod"]])
def test_a_faulty_file_ends_with_2(
    command: list[str],
    tmp_path: Path,
    started: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "prod.toml").write_text(PROD.replace("9999", "0"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert main(command) == 2
    assert "services.link.port: 0 is below 1" in capsys.readouterr().err
    assert started == []


def test_an_unknown_environment_ends_with_2(started: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "prd"]) == 2
    assert 'has no environment "prd"; choose one of prod' in capsys.readouterr().err
    assert started == []


def test_a_synth_needs_no_environment_and_no_terminal(started: list[list[str]]) -> None:
    assert main(["synth"]) == 0
    assert started == [["cdktf", "synth"]]


def test_a_priority_that_another_rule_holds_ends_with_2(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(listener_priorities, "live_rules", lambda *_: {20: LiveRule(("app.prod.getorcha.com",), None)})
    assert main(["diff", "prod"]) == 2
    assert "prod.toml: services.link.priority: 20 is held on v1-orcha-alb by a rule" in capsys.readouterr().err
    assert started == []


def test_where_aws_cannot_be_asked_it_says_so_and_leaves_the_rest_to_terraform(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> dict[int, LiveRule]:
        raise NoCredentialsError

    monkeypatch.setattr(listener_priorities, "live_rules", refuse)
    assert main(["diff", "prod"]) == 0
    printed = "The priorities of prod were not compared with the listener: Unable to locate credentials"
    assert printed in capsys.readouterr().err
    assert started == [["cdktf", "diff", "prod"]]


@pytest.mark.parametrize(
    ("is_terminal", "no_color", "spins"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_a_spinner_turns_only_where_somebody_sees_it(
    is_terminal: bool, no_color: str, spins: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    environments: list[dict[str, str]] = []

    def become(_line: list[str], *, folder: Path, environ: dict[str, str]) -> int:
        assert folder == ROOT
        environments.append(environ)
        return 0

    monkeypatch.setattr(toolchain, "become", become)
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.delenv("CI", raising=False)
    assert main(["synth"]) == 0
    assert ("CI" not in environments[0]) == spins
