"""Every call of a real plan, apply, change and destroy, held against the policies of the roles that make them."""

import pytest

from tests.authorization.judging import Judged, judge
from tests.engine.recorder import recording
from tests.engine.workspace import synthesize
from tests.files import EVERYTHING_TOML, environment_of
from tools.local_aws.process import LocalAws

# Every part in one apply: a host more, a new port and priority, a health check in place, and another name.
CHANGED_TOML = (
    EVERYTHING_TOML.replace('"link.getorcha.com"]', '"link.getorcha.com", "go.getorcha.com"]')
    .replace("port     = 9999\npriority = 20", "port       = 9998\npriority   = 21\ngeneration = 2")
    .replace("[services.desk]", '[services.help]\nrenamed_from = "desk"')
    .replace('"desk.getorcha.com"]', '"help.prod.getorcha.com"]')
    .replace("[services.web]", '[services.web]\nhealth_check = { path = "/ready" }')
)
LEAVING = ["desk.getorcha.com"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Plan, apply, plan the change, apply it, and destroy; then judge."""
    first, second, folder = environment_of(EVERYTHING_TOML), environment_of(CHANGED_TOML), tmp_path_factory.mktemp("p")
    with LocalAws.start([first], lifetime_seconds=1500) as aws, recording(aws) as recorder:
        workspace = synthesize(EVERYTHING_TOML, name="prod", folder=folder, aws=aws)
        with recorder.planning():
            assert workspace.plan().returncode == 2
        workspace.apply()
        applied = len(recorder.calls)
        workspace = synthesize(CHANGED_TOML, name="prod", folder=folder, aws=aws)
        with recorder.planning():
            assert workspace.plan().returncode == 2
        workspace.apply()
        changed = len(recorder.calls)
        workspace.succeed("destroy", "-auto-approve", "-input=false")
        calls = recorder.calls
    return judge(
        [(first, (), calls[:applied]), (second, LEAVING, calls[applied:changed]), (second, (), calls[changed:])]
    )


def test_the_roles_allow_every_call(judged: Judged) -> None:
    assert len(judged.asked) > 300
    assert judged.refused == []


def test_the_roles_that_plan_allow_no_write(judged: Judged) -> None:
    assert judged.writes > 100
    assert judged.written_by_plan == []


def test_no_action_of_a_statement_could_be_left_out(judged: Judged) -> None:
    assert judged.idle == set()
