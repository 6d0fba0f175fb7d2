"""Signing in from a job: which roles, and what is said where GitHub or AWS refuses."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from edge.pipeline.sign_in import configuration, session_name
from edge.roles.role_names import RoleNameError, role_arn, role_name
from environments.loader import load
from tests.support.github_server import GitHub, serve

(PROD,) = load(["prod"])
ARN = "arn:aws:iam::111111111111:role/orcha-edge-prod-plan"
DENIED = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error>
<RequestId>0</RequestId></ErrorResponse>"""


class RefusingSts(BaseHTTPRequestHandler):
    """AWS, as it answers a job that a role does not trust."""

    def do_POST(self) -> None:
        self.send_response(403)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(DENIED)))
        self.end_headers()
        self.wfile.write(DENIED.encode())

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[GitHub]:
    sts = HTTPServer(("127.0.0.1", 0), RefusingSts)
    thread = threading.Thread(target=sts.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    with serve() as github:
        for name, value in github.environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{sts.server_port}")
        monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield github
    sts.shutdown()
    sts.server_close()
    thread.join()


def test_a_role_that_aws_does_not_lend_is_named(
    github: GitHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pipeline", "sign-in", "prod", "plan"]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith(f"AWS does not lend {ARN} to this job: ")
    assert "Not authorized to perform sts:AssumeRoleWithWebIdentity; see docs/pipeline.md" in printed
    assert printed.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
    assert github.asked == ["GET /token"]


def test_a_credential_process_that_is_refused_prints_no_key(github: GitHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "credentials", ARN, "eu-central-1", "orcha-edge-4711-1"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert "AWS does not lend" in output.err
    assert github.asked == ["GET /token"]


def test_where_github_does_not_say_who_the_job_is(
    github: GitHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    github.broken = True
    assert main(["pipeline", "sign-in", "prod", "plan"]) == 1
    assert "GitHub does not say who this job is (" in capsys.readouterr().err
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_URL")
    assert main(["pipeline", "sign-in", "prod", "plan"]) == 1
    printed = "ACTIONS_ID_TOKEN_REQUEST_URL is not set; give the job the permission id-token: write.\n"
    assert capsys.readouterr().err == printed


def test_an_unknown_environment_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "sign-in", "prd", "plan"]) == 2
    assert 'has no environment "prd"' in capsys.readouterr().err


def test_the_roles_are_named_by_convention_or_by_a_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    account = PROD.accounts["management"]
    assert role_arn(PROD, account, "deploy") == "arn:aws:iam::222222222222:role/orcha-edge-prod-deploy"
    chinese = PROD.model_copy(update={"region": "cn-north-1"})
    assert role_arn(chinese, account, "plan") == "arn:aws-cn:iam::222222222222:role/orcha-edge-prod-plan"
    monkeypatch.setenv("ORCHA_ROLE_NAME", "ci-{environment}-{kind}")
    assert role_name("prod", "plan") == "ci-prod-plan"
    monkeypatch.setenv("ORCHA_ROLE_NAME", "")
    assert role_name("prod", "plan") == "orcha-edge-prod-plan"
    for pattern in ("{enviroment}", "x" * 65):
        monkeypatch.setenv("ORCHA_ROLE_NAME", pattern)
        with pytest.raises(RoleNameError, match="which is not a role's name"):
            role_name("prod", "plan")


def test_a_profile_does_not_start_itself_again() -> None:
    text = configuration({"default": ARN}, "eu-central-1", "orcha-edge-4711-1")
    assert text.startswith("[default]\ncredential_process = env -u AWS_PROFILE AWS_CONFIG_FILE=/dev/null ")


@pytest.mark.parametrize(
    ("run", "attempt", "name"),
    [("4711", "2", "orcha-edge-4711-2"), ("4711", "", "orcha-edge-4711-1"), ("4 7;1", "1", "orcha-edge-4-7-1-1")],
)
def test_a_session_is_named_after_its_run(run: str, attempt: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_RUN_ID", run)
    monkeypatch.setenv("GITHUB_RUN_ATTEMPT", attempt)
    assert session_name() == name
    assert configuration({"default": ARN}, "eu-central-1", session_name()).rstrip().endswith(f" eu-central-1 {name}")


def test_a_session_has_a_name_that_sts_takes_whatever_the_run_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_RUN_ID", "9" * 100)
    assert len(session_name()) == 64
