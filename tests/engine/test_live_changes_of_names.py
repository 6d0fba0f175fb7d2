"""Hosts of a live service are added and change places; every host that stays is served in every sample."""

from collections.abc import Iterator

import pytest

from tests.support.live_change import Live, Record, deployed
from tests.support.live_hosts import NEW_PRIMARY, PRIMARY, SHORT, THIRD, TOML, with_hosts

pytestmark = pytest.mark.takes(minutes=3)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with deployed(TOML, tmp_path_factory.mktemp("live")) as deployment:
        yield deployment


def test_a_host_is_added(live: Live, record_property: Record) -> None:
    before = live.proofs()
    change = live.change(with_hosts(PRIMARY, SHORT, THIRD), always=[PRIMARY, SHORT], while_named=[THIRD])
    live.expect_seamless(change, record_property, "host added")
    assert before < live.proofs()
    assert THIRD in str(live.things("listener rule"))
    (certificate,) = [thing for thing in live.things("certificate") if thing.name == PRIMARY]
    assert certificate.detail == f"ISSUED: {PRIMARY}, {THIRD}, {SHORT}"
    assert change.in_order(
        "aws_lb_listener_certificate.link: Creation complete",
        "aws_lb_listener_rule.link: Modifications complete",
        "aws_route53_record.go_getorcha_com: Creating...",
    )
    assert change.in_order("aws_lb_listener_certificate.link: Creation complete", "aws_acm_certificate.link (deposed")


def test_the_primary_host_is_replaced_and_the_short_hosts_follow(live: Live, record_property: Record) -> None:
    change = live.change(with_hosts(NEW_PRIMARY, SHORT, THIRD), always=[SHORT, THIRD], while_named=[NEW_PRIMARY])
    live.expect_seamless(
        change, record_property, "primary host replaced", removed_proofs={"link_prod_getorcha_com__validation"}
    )
    assert change.in_order(
        "aws_route53_record.start_prod_getorcha_com: Creation complete",
        "aws_route53_record.link_getorcha_com: Modifications complete",
        "aws_route53_record.link_prod_getorcha_com: Destroying...",
    )
