"""Services come to a host that others serve, and leave it; its certificate changes owners, and nobody meets a gap."""

from collections.abc import Iterator

import pytest

from tests.support.files import PROD_TOML
from tests.support.live_change import Live, Record, deployed

pytestmark = pytest.mark.takes(minutes=4)

LINK, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
SERVED = [f"{host}{path}" for host in (LINK, SHORT) for path in ("/api/users", "/api/v2/users", "/.well-known/x")]
# Link takes some paths of its hosts, and owns them for want of another service.
TOML = PROD_TOML.read_text(encoding="utf-8").replace(
    "priority = 20", 'priority = 20\npaths    = ["/api/*", "/.well-known/*", "/health"]'
)
V2 = """
[services.v2]
port     = 9101
priority = 15
hosts    = ["link.prod.getorcha.com", "link.getorcha.com"]
paths    = ["/api/v2/*"]
"""
SITE = """
[services.site]
port     = 9100
priority = 40
hosts    = ["link.prod.getorcha.com", "link.getorcha.com"]
"""
ATTACHMENT = "aws_lb_listener_certificate"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with deployed(TOML, tmp_path_factory.mktemp("live")) as deployment:
        yield deployment


def our_priorities(live: Live) -> set[str]:
    """Give the priorities of the rules that forward to this stack's services, and not to CDK's."""
    rules = live.things("listener rule")
    ours = ("v1-orcha-link-tg", "v1-orcha-v2-tg", "v1-orcha-site-tg")
    return {rule.name.split()[-1] for rule in rules if rule.detail.endswith(ours)}


@pytest.mark.whole
def test_a_service_takes_some_paths_of_a_host_that_is_served(live: Live, record_property: Record) -> None:
    before = live.things("certificate") | live.things("record A") | live.things("record CNAME")
    change = live.change(TOML + V2, always=SERVED)
    live.expect_seamless(change, record_property, "a path added to a shared host")
    assert live.things("certificate") | live.things("record A") | live.things("record CNAME") == before
    assert our_priorities(live) == {"15", "20"}


def test_a_service_for_all_other_paths_takes_over_the_certificate(live: Live, record_property: Record) -> None:
    """The new owner's certificate answers before the old owner's leaves the listener; the records stay."""
    before = live.things("record A") | live.things("record CNAME")
    change = live.change(TOML + V2 + SITE, always=SERVED)
    live.expect_seamless(change, record_property, "another owner of a shared host")
    assert change.in_order(f"{ATTACHMENT}.site: Creation complete", f"{ATTACHMENT}.link: Destroying...")
    assert live.things("record A") | live.things("record CNAME") == before


def test_the_certificate_goes_back_with_the_service_for_all_other_paths(live: Live, record_property: Record) -> None:
    before = live.things("record A") | live.things("record CNAME")
    change = live.change(TOML + V2, always=SERVED)
    live.expect_seamless(change, record_property, "the owner of a shared host removed")
    assert change.in_order(f"{ATTACHMENT}.link: Creation complete", f"{ATTACHMENT}.site: Destroying...")
    assert live.things("record A") | live.things("record CNAME") == before


@pytest.mark.whole
def test_a_service_leaves_a_host_that_others_serve(live: Live, record_property: Record) -> None:
    """What it took goes to the rule that is asked next."""
    change = live.change(TOML, always=SERVED)
    live.expect_seamless(change, record_property, "a path removed from a shared host")
    assert our_priorities(live) == {"20"}
