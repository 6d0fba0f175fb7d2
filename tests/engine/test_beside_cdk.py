"""Seven services of CDK's beside ours: through a first deploy, changes, destroy and adoption they answer as before."""

from collections.abc import Iterator, Sequence

import pytest

from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support import other_services
from tests.support.left_by_cdk import HOSTS, LeftByCdk
from tests.support.live_change import Record
from tests.support.planning import Desk, prod_toml
from tests.support.sampler import Sampler

pytestmark = pytest.mark.takes(minutes=6)

(ENVIRONMENT,) = load(["prod"])
OF_OTHERS = (*other_services.HOSTS, other_services.SHORT)
DOCS = '\n[services.docs]\nport = 9100\npriority = 30\nhosts = ["docs.prod.getorcha.com", "docs.getorcha.com"]\n'
DOCS_HOSTS = ("docs.prod.getorcha.com", "docs.getorcha.com")


class Beside:
    """A desk beside CDK's services, every command of which is sampled."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def run(self, record: Record, *arguments: str, always: Sequence[str] = (), while_named: Sequence[str] = ()) -> None:
        sampler = Sampler(self.desk.aws, ENVIRONMENT, always=always, while_named=while_named, others=OF_OTHERS)
        with sampler:
            done = self.desk.python("edge", *arguments, environ={"AWS_ENDPOINT_URL": sampler.gate.url})
        record("live change", f"{arguments[0]} beside seven services of CDK's: {sampler.samples}")
        assert done.returncode == 0, done.stdout + done.stderr + self.desk.aws.last_words()
        assert sampler.samples.bad == []
        if arguments[0] != "adopt":
            assert "Hosts and paths of others that answer as before: " in done.stderr


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=1800, plane=True) as aws:
        other_services.expose(aws)
        yield Beside(Desk(tmp_path_factory.mktemp("beside") / "desk", aws))


def test_a_first_deploy_changes_no_neighbours_answer(beside: Beside, record_property: Record) -> None:
    beside.desk.write(prod_toml())
    beside.run(record_property, "deploy", "prod", "--auto-approve", while_named=HOSTS)


@pytest.mark.whole
def test_a_live_change_changes_no_neighbours_answer(beside: Beside, record_property: Record) -> None:
    """A service comes, and ours gets another port, a host, and another path of its health check."""
    changes = {
        "port": "port     = 9999 -> port = 9998\ngeneration = 2",
        "hosts": '"link.getorcha.com"] -> "link.getorcha.com", "go.getorcha.com"]',
        "health": 'path = "/health" -> path = "/ready"',
    }
    beside.desk.write(prod_toml(**changes) + DOCS)
    coming = ("go.getorcha.com", *DOCS_HOSTS)
    accepted = ("--accept", "REPLACE:aws_lb_target_group.link")
    beside.run(record_property, "deploy", "prod", "--auto-approve", *accepted, always=HOSTS, while_named=coming)


def test_a_destroy_changes_no_neighbours_answer(beside: Beside, record_property: Record) -> None:
    beside.run(
        record_property, "destroy", "prod", "--auto-approve", while_named=("go.getorcha.com", *HOSTS, *DOCS_HOSTS)
    )


@pytest.mark.whole
def test_an_adoption_changes_no_neighbours_answer_and_not_what_it_adopts(
    beside: Beside, record_property: Record
) -> None:
    beside.desk.write(prod_toml())
    LeftByCdk(beside.desk.aws).everything()
    beside.run(record_property, "adopt", "prod", always=HOSTS)
    beside.run(record_property, "deploy", "prod", "--auto-approve", always=HOSTS)
