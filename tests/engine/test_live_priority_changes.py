"""Two live services change priorities: in one step AWS refuses it and nothing changes, by way of free ones it works."""

from collections.abc import Iterator

import pytest

from tests.support.live_change import Live, Record, deployed
from tests.support.live_hosts import DOCS_HOSTS, PRIMARY, SHORT, WITH_DOCS

pytestmark = [pytest.mark.whole, pytest.mark.takes(minutes=3)]

HOSTS = [PRIMARY, SHORT]
BOTH_ASIDE = WITH_DOCS.replace("priority = 20", "priority = 21").replace("priority = 30", "priority = 31")
SWAPPED = BOTH_ASIDE.replace("priority = 21", "priority = 30").replace("priority = 31", "priority = 20")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with deployed(WITH_DOCS, tmp_path_factory.mktemp("live")) as deployment:
        yield deployment


def test_two_priorities_swapped_in_one_step_are_refused_and_nothing_changes(
    live: Live, record_property: Record
) -> None:
    before = live.things("listener rule")
    change = live.change(SWAPPED, always=HOSTS + DOCS_HOSTS)
    record_property("live change", f"priorities swapped in one step, refused: {change.samples}")
    assert change.returncode == 1
    assert change.log.count("PriorityInUse") == 2
    assert change.samples.bad == []
    assert live.things("listener rule") == before
    live.change(WITH_DOCS, always=HOSTS + DOCS_HOSTS)
    assert live.workspace.plan().returncode == 0


def test_two_priorities_are_swapped_by_way_of_free_ones(live: Live, record_property: Record) -> None:
    aside = live.change(BOTH_ASIDE, always=HOSTS + DOCS_HOSTS)
    live.expect_seamless(aside, record_property, "priorities changed to free ones")
    change = live.change(SWAPPED, always=HOSTS + DOCS_HOSTS)
    live.expect_seamless(change, record_property, "priorities swapped by way of these")
    rules = {thing.name.split()[-1]: thing.detail for thing in live.things("listener rule")}
    assert ("docs.getorcha.com" in rules["20"], "link.getorcha.com" in rules["30"]) == (True, True)
