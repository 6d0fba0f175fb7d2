"""Drawn changes of hosts over two services: in every order that Terraform allows, whoever stays or moves is served.

Terraform itself plans and orders the steps, of the synthesized configuration's skeleton (`tests/support/graph_order/`).
What it leaves open, such as how long ACM takes over which certificate, is drawn. `DRAWN_SEQUENCES=200` draws more.
"""

import os
import tempfile
from collections.abc import Iterator, Set
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.checked import Environment
from tests.support.files import environment, prod
from tests.support.graph_order import changes, simulating
from tests.support.graph_order.changes import Change, Hosts
from tests.support.graph_order.order import Engine
from tests.support.graph_order.world import BALANCER, World
from tests.support.synthesizing import synthesize
from tests.unit.properties.asking import examples

pytestmark = pytest.mark.takes(minutes=1.5)

SEQUENCES = int(os.environ.get("DRAWN_SEQUENCES", "2"))
ORDERS = 100  # of each apply
PRIMARY, SHORT, GO = "link.prod.getorcha.com", "link.getorcha.com", "go.getorcha.com"
DOCS = "docs.prod.getorcha.com"


Found = dict[str, list[str]]
Hosted = Set[str]
NOBODY: Hosted = frozenset()


class Deployment:
    """One stack, deployed change by change; `deploy` gives the faults that some order of its steps shows."""

    def __init__(self, folder: Path) -> None:
        self.engine, self.world = Engine(folder), World()

    def deploy(self, wanted: Environment, *, always: Hosted, while_named: Hosted, unproven: Hosted = NOBODY) -> Found:
        def judge(world: World) -> Iterator[str]:
            for host in sorted(always):
                yield from world.faults(host)
                if host not in unproven and not world.is_proven(host):
                    yield f"{host}: its validation record is gone"
            for host in sorted(while_named):
                if world.leads(host) == BALANCER:
                    yield from (f"resolves, but {fault}" for fault in world.serving_faults(host))

        configuration = synthesize(wanted)
        order = self.engine.plan(configuration)
        found = simulating.faults(order, self.world, configuration, judge, random=Random(0), draws=ORDERS)
        self.engine.apply()
        self.world = simulating.after(order, self.world, configuration)
        assert list(judge(self.world)) == []
        assert self.engine.is_settled(), "the next plan is not empty"
        return {fault: list(map(str, steps)) for fault, steps in found.items()}


def deployed(deployment: Deployment, before: Change | None, change: Change, *, docs_priority: int) -> Found:
    """Deploy one change; who stays is served always, who comes or goes while its name resolves.

    A former primary host that goes is the exception: it resolves until the CNAMEs have left it, and no rule takes it.
    """
    wanted = change.environment(docs_priority=docs_priority)
    if before is None:
        return deployment.deploy(wanted, always=NOBODY, while_named=change.named)
    staying = before.named & change.named
    others = (before.named | change.named) - staying - before.primary_hosts
    return deployment.deploy(wanted, always=staying, while_named=others)


@examples(SEQUENCES)
@given(sequence=changes.sequences(), docs_priority=st.sampled_from([10, 30]))
def test_no_order_of_steps_takes_a_host_that_stays_or_moves(sequence: list[Hosts], docs_priority: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        deployment = Deployment(Path(folder))
        before: Change | None = None
        last: Hosts | None = None
        for hosts in sequence:
            for change in changes.steps(last, hosts):
                assert deployed(deployment, before, change, docs_priority=docs_priority) == {}
                before = change
            last = hosts


def with_services(**services: tuple[int, str]) -> Environment:
    """Give production's file with these services: each one's priority, and its hosts in a row."""
    content = prod()
    content["services"] = {
        name: {"port": 9000 + priority, "priority": priority, "hosts": hosts.split()}
        for name, (priority, hosts) in services.items()
    }
    return environment(content)


def test_a_move_in_one_deploy_can_leave_a_host_without_a_rule(tmp_path: Path) -> None:
    """That is what the review asks about; and this model would show it."""
    deployment, every = Deployment(tmp_path), frozenset((PRIMARY, SHORT, GO, DOCS))
    before = with_services(link=(20, f"{PRIMARY} {SHORT} {GO}"), docs=(30, DOCS))
    deployment.deploy(before, always=NOBODY, while_named=every)
    after = with_services(link=(20, f"{PRIMARY} {SHORT}"), docs=(30, f"{DOCS} {GO}"))
    assert set(deployment.deploy(after, always=every, while_named=NOBODY)) == {f"{GO}: no listener rule takes it"}


@pytest.mark.parametrize("zone", ["prod.getorcha.com", "getorcha.com"], ids=["an alias", "a CNAME"])
def test_a_host_that_a_wildcard_serves_comes_and_goes_unnoticed(tmp_path: Path, zone: str) -> None:
    """Its proof would hide it: RFC 4592 section 2.2.2."""
    web, shop = f"web.{zone}", f"shop.web.{zone}"
    with_wildcard = f"{PRIMARY} {web} *.{web}"
    deployment, always = Deployment(tmp_path), frozenset((PRIMARY, web, shop))
    before = with_services(link=(30, with_wildcard))
    deployment.deploy(before, always=NOBODY, while_named=always)
    own = with_services(link=(30, with_wildcard), docs=(20, f"{DOCS} {shop}"))
    assert deployment.deploy(own, always=always, while_named=NOBODY, unproven={shop}) == {}
    assert deployment.deploy(before, always=always, while_named=NOBODY, unproven={shop}) == {}
