"""Hosts move from one live service to another, and two swap theirs; whichever certificate is late, no gap shows."""

from collections.abc import Iterator

import pytest

from tests.support.live_change import Live, Record, deployed
from tests.support.live_hosts import PRIMARY, SHORT, THIRD
from tests.support.live_hosts import TOML as LINK_TOML
from tests.support.workspace import Workspace

pytestmark = pytest.mark.takes(minutes=5)

DOCS, DOCS_SHORT = "docs.prod.getorcha.com", "docs.getorcha.com"
EVERY = [PRIMARY, SHORT, THIRD, DOCS, DOCS_SHORT]
LATE_SECONDS = 20.0


def toml(*, link: list[str], docs: list[str], link_takes: str = "", docs_takes: str = "") -> str:
    """Give production's file with these two services; what one takes over, the other has too."""

    def takes_over(host: str) -> str:
        return f'takes_over = ["{host}"]\n' if host else ""

    text = LINK_TOML.replace(f'["{PRIMARY}", "{SHORT}"]', str(link).replace("'", '"'))
    text = text.replace("oauth_discovery = true", takes_over(link_takes) + "oauth_discovery = true")
    listed = str(docs).replace("'", '"')
    return text + f"\n[services.docs]\nport = 9100\npriority = 30\nhosts = {listed}\n{takes_over(docs_takes)}"


START = toml(link=[PRIMARY, SHORT, THIRD], docs=[DOCS, DOCS_SHORT])
BOTH = toml(link=[PRIMARY, SHORT, THIRD], docs=[DOCS, DOCS_SHORT, THIRD], docs_takes=THIRD)
MOVED = toml(link=[PRIMARY, SHORT], docs=[DOCS, DOCS_SHORT, THIRD])
SWAPPING = toml(link=[PRIMARY, SHORT, THIRD], docs=[DOCS, DOCS_SHORT, THIRD, SHORT], link_takes=THIRD, docs_takes=SHORT)
SWAPPED = toml(link=[PRIMARY, THIRD], docs=[DOCS, DOCS_SHORT, SHORT])
IN_ONE_DEPLOY = toml(link=[PRIMARY, SHORT], docs=[DOCS, DOCS_SHORT, THIRD])
BACK = toml(link=[PRIMARY, THIRD, SHORT], docs=[DOCS, DOCS_SHORT, SHORT], link_takes=SHORT)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with deployed(START, tmp_path_factory.mktemp("live")) as deployment:
        yield deployment


def wait_twenty_seconds(workspace: Workspace) -> None:
    """Terraform waits 75 minutes for a certificate, which no test does."""
    workspace.edit("resource.aws_acm_certificate_validation.link.timeouts", {"create": "20s"})


def test_a_host_moves_while_the_takers_certificate_is_late(live: Live, record_property: Record) -> None:
    live.aws.delay_certificates({DOCS: LATE_SECONDS})
    live.expect_seamless(live.change(BOTH, always=EVERY), record_property, "a host moves: in both services")
    live.expect_seamless(live.change(MOVED, always=EVERY), record_property, "a host moves: in the taker alone")


@pytest.mark.whole
def test_two_hosts_are_swapped_while_one_certificate_is_late(live: Live, record_property: Record) -> None:
    live.aws.delay_certificates({PRIMARY: LATE_SECONDS})
    live.expect_seamless(live.change(SWAPPING, always=EVERY), record_property, "two hosts swap: in both services")
    live.expect_seamless(live.change(SWAPPED, always=EVERY), record_property, "two hosts swap: each in its own")


@pytest.mark.whole
def test_a_takers_certificate_that_never_comes_takes_nothing_from_the_giver(
    live: Live, record_property: Record
) -> None:
    live.aws.delay_certificates({PRIMARY: None})
    change = live.change(BACK, always=EVERY, edit=wait_twenty_seconds)
    record_property("live change", f"a host moves, the taker's certificate never comes: {change.samples}")
    assert change.returncode == 1
    assert "waiting for ACM Certificate" in change.log
    assert change.samples.bad == []
    live.aws.delay_certificates({})
    live.expect_seamless(live.change(BACK, always=EVERY), record_property, "the certificate comes after all")


@pytest.mark.whole
def test_a_move_in_one_deploy_leaves_the_host_alone_until_the_takers_certificate_comes(
    live: Live, record_property: Record
) -> None:
    """That is why a review asks about it: the giver's rule is changed long before the taker's."""
    live.aws.delay_certificates({DOCS: LATE_SECONDS})
    change = live.change(IN_ONE_DEPLOY, always=EVERY)
    record_property("live change", f"a host moves in one deploy: {change.samples}")
    assert {fault.partition(" s: ")[2] for fault in change.samples.bad} == {f"{THIRD}: no listener rule takes it"}
