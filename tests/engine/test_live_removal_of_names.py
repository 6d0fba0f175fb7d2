"""Hosts of a live service change places and go; every host that stays is served in every sample.

It begins where `test_live_changes_of_names.py` ends, with a deployment of its own, so that both can run at once.
"""

from collections.abc import Iterator

import pytest

from tests.support.live_change import Live, Record, deployed
from tests.support.live_hosts import NEW_PRIMARY, PRIMARY, SHORT, THIRD, TOML, with_hosts

pytestmark = [pytest.mark.whole, pytest.mark.takes(minutes=3)]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with deployed(with_hosts(NEW_PRIMARY, SHORT, THIRD), tmp_path_factory.mktemp("live")) as deployment:
        yield deployment


def test_a_new_primary_host_is_put_before_the_old_one(live: Live, record_property: Record) -> None:
    hosts = (PRIMARY, NEW_PRIMARY, SHORT, THIRD)
    change = live.change(with_hosts(*hosts), always=[NEW_PRIMARY, SHORT, THIRD], while_named=[PRIMARY])
    live.expect_seamless(change, record_property, "new primary host, the old one stays")
    assert f"{PRIMARY}, TTL" in next(thing.detail for thing in live.things("record CNAME") if thing.name == SHORT)


def test_hosts_are_removed_and_their_names_go_first(live: Live, record_property: Record) -> None:
    before = live.proofs()
    change = live.change(TOML, always=[PRIMARY, SHORT], while_named=[NEW_PRIMARY, THIRD])
    live.expect_seamless(
        change,
        record_property,
        "two hosts removed",
        removed_proofs={"start_prod_getorcha_com__validation", "go_getorcha_com__validation"},
    )
    assert live.proofs() == {item for item in before if not item.name.endswith((f".{NEW_PRIMARY}", f".{THIRD}"))}
    assert THIRD not in str(live.things("listener rule"))
    for name in ("start_prod_getorcha_com", "go_getorcha_com"):
        assert change.in_order(
            f"aws_route53_record.{name}: Destruction complete", "aws_lb_listener_rule.link: Modifying..."
        )
