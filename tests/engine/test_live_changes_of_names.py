"""Hosts of a live service come, go and change places; every host that stays is served in every sample."""

from collections.abc import Iterator

import pytest

from tests.engine.live import Live, Record, deployed
from tests.files import PROD_TOML

TOML = PROD_TOML.read_text(encoding="utf-8")
PRIMARY, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
NEW_PRIMARY, THIRD = "start.prod.getorcha.com", "go.getorcha.com"


def with_hosts(*hosts: str) -> str:
    listed = ", ".join(f'"{host}"' for host in hosts)
    return TOML.replace(f'["{PRIMARY}", "{SHORT}"]', f"[{listed}]")


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
    (certificate,) = [each for each in live.things("certificate") if each.name == PRIMARY]
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


def test_a_new_primary_host_is_put_before_the_old_one(live: Live, record_property: Record) -> None:
    hosts = (PRIMARY, NEW_PRIMARY, SHORT, THIRD)
    change = live.change(with_hosts(*hosts), always=[NEW_PRIMARY, SHORT, THIRD], while_named=[PRIMARY])
    live.expect_seamless(change, record_property, "new primary host, the old one stays")
    assert f"{PRIMARY}, TTL" in next(each.detail for each in live.things("record CNAME") if each.name == SHORT)


def test_hosts_are_removed_and_their_names_go_first(live: Live, record_property: Record) -> None:
    before = live.proofs()
    change = live.change(TOML, always=[PRIMARY, SHORT], while_named=[NEW_PRIMARY, THIRD])
    live.expect_seamless(
        change,
        record_property,
        "two hosts removed",
        removed_proofs={"start_prod_getorcha_com__validation", "go_getorcha_com__validation"},
    )
    assert live.proofs() == {each for each in before if not each.name.endswith((f".{NEW_PRIMARY}", f".{THIRD}"))}
    assert THIRD not in str(live.things("listener rule"))
    for name in ("start_prod_getorcha_com", "go_getorcha_com"):
        assert change.in_order(
            f"aws_route53_record.{name}: Destruction complete", "aws_lb_listener_rule.link: Modifying..."
        )
