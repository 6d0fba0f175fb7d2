"""A host that a wildcard serves gets a service of its own, and loses it again: its name resolves in every sample."""

from collections.abc import Iterator

import pytest

from tests.support.live_change import Live, Record, deployed
from tests.support.live_hosts import PRIMARY, SHORT, TOML

pytestmark = [pytest.mark.whole, pytest.mark.takes(minutes=4)]

WEB, ANY_WEB, SHOP = "web.prod.getorcha.com", "*.web.prod.getorcha.com", "shop.web.prod.getorcha.com"
WEB_AWAY, ANY_AWAY, SHOP_AWAY = "web.getorcha.com", "*.web.getorcha.com", "shop.web.getorcha.com"
WITH_WILDCARDS = (
    TOML + f'\n[services.web]\nport = 9100\npriority = 40\nhosts = ["{WEB}", "{ANY_WEB}", "{WEB_AWAY}", "{ANY_AWAY}"]\n'
)
WITH_SHOP = WITH_WILDCARDS + f'\n[services.shop]\nport = 9101\npriority = 30\nhosts = ["{SHOP}", "{SHOP_AWAY}"]\n'
ALWAYS = [PRIMARY, SHORT, WEB, WEB_AWAY]
SECONDS = 20.0


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with deployed(WITH_WILDCARDS, tmp_path_factory.mktemp("live")) as deployment:
        yield deployment


def test_a_host_below_a_wildcard_comes(live: Live, record_property: Record) -> None:
    live.aws.delay_certificates({SHOP: SECONDS})
    change = live.change(WITH_SHOP, always=ALWAYS, served=[SHOP, SHOP_AWAY])
    live.expect_seamless(change, record_property, "a host below a wildcard comes")
    for name in ("shop_web_prod_getorcha_com", "shop_web_getorcha_com"):
        record = f"aws_route53_record.{name}"
        assert change.in_order(f"{record}: Creation complete", f"{record}__validation: Creating...")


def test_a_host_below_a_wildcard_goes(live: Live, record_property: Record) -> None:
    change = live.change(WITH_WILDCARDS, always=ALWAYS, served=[SHOP, SHOP_AWAY])
    proofs = {f"{name}__validation" for name in ("shop_web_prod_getorcha_com", "shop_web_getorcha_com")}
    live.expect_seamless(change, record_property, "a host below a wildcard goes", removed_proofs=proofs)
