"""Services come to a host that others serve, and leave it; its certificate changes owners, and nobody meets a gap."""

from collections.abc import Iterator

import pytest

from tests.support.files import PROD_TOML
from tests.support.live_change import Live, Record, deployed

pytestmark = [pytest.mark.whole, pytest.mark.takes(minutes=4)]

LINK, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
SERVED = [f"{host}{path}" for host in (LINK, SHORT) for path in ("/api/users", "/api/v2/users", "/.well-known/x")]
# Link takes some paths of its hosts, and owns them for want of another service.
TOML = PROD_TOML.read_text(encoding="utf-8").replace(
    "priority = 20", 'priority = 20\npaths    = ["/api/*", "/.well-known/*", "/health"]'
)
DOCS = """
[services.docs]
port     = 9102
priority = 50
hosts    = ["docs.web.prod.getorcha.com"]
"""
WITH_ITS_OWN = TOML + DOCS
# The certificate is replaced in the same deploy by which another service is served with it.
WITH_LINKS = (
    TOML.replace("priority = 20", 'priority = 20\ncertificate_names = ["*.web.prod.getorcha.com"]')
    + DOCS
    + 'certificate = "link"\n'
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
    with deployed(WITH_ITS_OWN, tmp_path_factory.mktemp("live")) as deployment:
        yield deployment


def our_priorities(live: Live) -> set[str]:
    """Give the priorities of the rules that forward to this stack's services, and not to CDK's."""
    rules = live.things("listener rule")
    ours = ("v1-orcha-link-tg", "v1-orcha-v2-tg", "v1-orcha-site-tg")
    return {rule.name.split()[-1] for rule in rules if rule.detail.endswith(ours)}


def test_a_service_takes_some_paths_of_a_host_that_is_served(live: Live, record_property: Record) -> None:
    before = live.things("certificate") | live.things("record A") | live.things("record CNAME")
    change = live.change(WITH_ITS_OWN + V2, always=SERVED)
    live.expect_seamless(change, record_property, "a path added to a shared host")
    assert live.things("certificate") | live.things("record A") | live.things("record CNAME") == before
    assert our_priorities(live) == {"15", "20"}


def test_a_service_for_all_other_paths_takes_over_the_certificate(live: Live, record_property: Record) -> None:
    """The new owner's certificate answers before the old owner's leaves the listener; the records stay."""
    before = live.things("record A") | live.things("record CNAME")
    change = live.change(WITH_ITS_OWN + V2 + SITE, always=SERVED)
    live.expect_seamless(change, record_property, "another owner of a shared host")
    assert change.in_order(f"{ATTACHMENT}.site: Creation complete", f"{ATTACHMENT}.link: Destroying...")
    assert live.things("record A") | live.things("record CNAME") == before


def test_the_certificate_goes_back_with_the_service_for_all_other_paths(live: Live, record_property: Record) -> None:
    before = live.things("record A") | live.things("record CNAME")
    change = live.change(WITH_ITS_OWN + V2, always=SERVED)
    live.expect_seamless(change, record_property, "the owner of a shared host removed")
    assert change.in_order(f"{ATTACHMENT}.link: Creation complete", f"{ATTACHMENT}.site: Destroying...")
    assert live.things("record A") | live.things("record CNAME") == before


def test_a_service_leaves_a_host_that_others_serve(live: Live, record_property: Record) -> None:
    """What it took goes to the rule that is asked next."""
    change = live.change(WITH_ITS_OWN, always=SERVED)
    live.expect_seamless(change, record_property, "a path removed from a shared host")
    assert our_priorities(live) == {"20"}


def test_a_service_moves_to_the_certificate_of_another(live: Live, record_property: Record) -> None:
    """The other's certificate is replaced by one that covers it, which answers before its own leaves the listener."""
    change = live.change(WITH_LINKS, always=SERVED, served=["docs.web.prod.getorcha.com"])
    proofs = {"docs_web_prod_getorcha_com__validation"}
    live.expect_seamless(change, record_property, "a certificate shared", removed_proofs=proofs)
    assert change.in_order(f"{ATTACHMENT}.link: Creation complete", f"{ATTACHMENT}.docs: Destroying...")
    assert {thing.name for thing in live.things("certificate")} >= {LINK}
    assert "docs.web.prod.getorcha.com" not in {thing.name for thing in live.things("certificate")}


def test_a_service_moves_back_to_a_certificate_of_its_own(live: Live, record_property: Record) -> None:
    """Its own answers before the other's leaves, which covers it no longer."""
    change = live.change(WITH_ITS_OWN, always=SERVED, served=["docs.web.prod.getorcha.com"])
    proofs = {"web_prod_getorcha_com__validation"}
    live.expect_seamless(change, record_property, "a certificate shared no longer", removed_proofs=proofs)
    shrunk = f"{ATTACHMENT}.link (deposed"
    assert change.in_order(f"{ATTACHMENT}.docs: Creation complete", shrunk)
