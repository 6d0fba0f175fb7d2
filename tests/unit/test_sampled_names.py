"""What the sampler finds under a name: its records, a wildcard's, or nothing where the name exists without any."""

from dataclasses import replace

import pytest

from tests.support.aws_snapshot import Path, Reading
from tests.support.sampler import dns_faults

ZONE, BALANCER = "prod.getorcha.com", "alb.amazonaws.com"
READING = Reading(
    path=Path((), (), ()),
    balancer=BALANCER,
    balancer_groups=frozenset(),
    names=(),
    groups={},
    open_ports=frozenset(),
    records={(ZONE, f"*.web.{ZONE}"): (BALANCER,), (ZONE, f"link.{ZONE}"): (BALANCER,)},
    existing=frozenset({(ZONE, ZONE), (ZONE, f"web.{ZONE}"), (ZONE, f"*.web.{ZONE}"), (ZONE, f"link.{ZONE}")}),
    zones=frozenset({ZONE}),
)


@pytest.mark.parametrize(
    ("host", "proven", "resolves"),
    [
        ("link", None, True),
        ("shop.web", None, True),
        ("a.b.web", None, True),
        ("web", None, False),
        ("other", None, False),
        ("shop.web", "shop.web", False),
        ("a.shop.web", "shop.web", False),
        ("shop.web", "other.web", True),
    ],
)
def test_a_wildcard_answers_only_for_names_that_do_not_exist(host: str, proven: str | None, resolves: bool) -> None:
    """A validation record makes the name above it exist: RFC 4592 section 2.2.2."""
    more = {(ZONE, f"_x.{proven}.{ZONE}"), (ZONE, f"{proven}.{ZONE}")} if proven else set()
    reading = replace(READING, existing=READING.existing | more)
    assert (list(dns_faults(reading, f"{host}.{ZONE}")) == []) is resolves
