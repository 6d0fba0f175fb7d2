"""`edge bootstrap` on the embedded AWS: the bucket and the roles are made once, by the profiles of the file."""

import json
from collections.abc import Iterator

import pytest

from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.call_recorder import Recorder, recording
from tests.support.planning import Desk, prod_toml
from tests.support.write_gate import READS

(ENVIRONMENT,) = load(["prod"])
ROLES = ["--roles", "--repository", "getorcha/edge"]

pytestmark = pytest.mark.takes(minutes=1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=900, with_buckets=False) as aws:
        desk = Desk(tmp_path_factory.mktemp("desk"), aws)
        desk.write(prod_toml())
        yield desk


def bootstrap(desk: Desk, *options: str) -> tuple[int, set[str], str]:
    """Run it; give the exit code, the actions of its table, and what it says."""
    done = desk.python("edge", "bootstrap", "prod", "--json", *options)
    return done.returncode, {row["action"] for row in json.loads(done.stdout or "[]")}, done.stderr


def writes(recorder: Recorder) -> list[str]:
    return [str(call) for call in recorder.calls if not call.operation.startswith((*READS, "Head"))]


def test_it_makes_all_in_both_accounts_and_then_nothing(desk: Desk) -> None:
    with recording(desk.aws) as recorder:
        code, actions, output = bootstrap(desk, *ROLES)
        assert (code, actions, writes(recorder)) == (2, {"make", "set"}, []), output
        code, _, output = bootstrap(desk, *ROLES, "--yes")
        assert code == 0, output + desk.aws.last_words()
        assert {call.account for call in recorder.calls if call.operation == "CreateRole"} == {
            account.id for account in ENVIRONMENT.accounts.values()
        }
        recorder.calls.clear()
        code, actions, output = bootstrap(desk, *ROLES, "--yes")
        assert (code, actions, writes(recorder)) == (0, {"stands"}, []), output
