"""Changes of a live service: names come and go, a port moves; proofs stay, and the next plan is empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from environments.loader import load
from tests.engine.workspace import Workspace, synthesize
from tests.files import PROD_TOML
from tools import inventory
from tools.inventory import Thing
from tools.local_aws.process import LocalAws

(ENVIRONMENT,) = load(["prod"])
TOML = PROD_TOML.read_text(encoding="utf-8")
WITH_A_THIRD_HOST = TOML.replace('"link.getorcha.com"]', '"link.getorcha.com", "go.getorcha.com"]')
WITH_ANOTHER_PORT = TOML.replace("port     = 9999", "port = 9998\ngeneration = 2")


@dataclass
class Live:
    """A deployed service, whose environment file can be changed and applied again."""

    aws: LocalAws
    workspace: Workspace
    folder: Path

    def change(self, toml: str) -> str:
        """Apply a changed file in the same working folder; give Terraform's log."""
        synthesize(toml, name="prod", folder=self.folder, aws=self.aws)
        return self.workspace.apply()

    def things(self, kind: str) -> set[Thing]:
        return {each for each in inventory.take(ENVIRONMENT, self.aws.client) if each.kind == kind}

    def proofs(self) -> set[Thing]:
        return {each for each in self.things("record CNAME") if each.name.startswith("_")}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=1200) as aws:
        folder = tmp_path_factory.mktemp("live")
        workspace = synthesize(TOML, name="prod", folder=folder, aws=aws)
        workspace.apply()
        yield Live(aws, workspace, folder)


def test_a_host_is_added_and_every_proof_stays(live: Live) -> None:
    before = live.proofs()
    log = live.change(WITH_A_THIRD_HOST)
    assert before < live.proofs()
    assert "go.getorcha.com" in str(live.things("listener rule"))
    (certificate,) = [each for each in live.things("certificate") if each.name == "link.prod.getorcha.com"]
    assert certificate.detail == "ISSUED: link.prod.getorcha.com, go.getorcha.com, link.getorcha.com"
    assert log.index("aws_lb_listener_certificate.link: Creation complete") < log.index(
        "aws_acm_certificate.link (deposed"
    )
    assert live.workspace.plan().returncode == 0


def test_a_host_is_removed_and_the_other_proofs_stay(live: Live) -> None:
    before = live.proofs()
    live.change(TOML)
    assert live.proofs() == {each for each in before if "go.getorcha.com" not in each.name}
    assert "go.getorcha.com" not in str(live.things("listener rule"))
    assert live.workspace.plan().returncode == 0


def test_a_port_moves_with_a_new_generation_before_the_old_one_goes(live: Live) -> None:
    log = live.change(WITH_ANOTHER_PORT)
    (group,) = [each for each in live.things("target group") if "link" in each.name]
    assert group == Thing(
        "prod", "target group", "v1-orcha-link-tg-2", "HTTP 9998, health at /health, targets of v1-orcha-asg"
    )
    assert log.index("aws_lb_listener_rule.link: Modifications complete") < log.index(
        "aws_lb_target_group.link (deposed"
    )
    assert live.workspace.plan().returncode == 0
