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

from environments.addresses import host_address
from environments.checked import Environment
from tests.support.files import environment, prod
from tests.support.graph_order import changes, simulating
from tests.support.graph_order.changes import Change, Hosts
from tests.support.graph_order.order import Engine
from tests.support.graph_order.world import BALANCER, RECORD, World
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

    def names_lost(self, wanted: Environment, hosts: Hosted, *, deploys: bool = True) -> set[str]:
        """Give the hosts that some order of the steps would leave without the load balancer, and deploy.

        Names alone are looked at: what a failed deploy left of certificates is not in the model.
        """
        configuration = synthesize(wanted)
        order = self.engine.plan(configuration)

        def judge(world: World) -> Iterator[str]:
            yield from (host for host in sorted(hosts) if world.leads(host) != BALANCER)

        lost = simulating.faults(order, self.world, configuration, judge, random=Random(0), draws=ORDERS)
        if deploys:
            self.engine.apply()
            self.world = simulating.after(order, self.world, configuration)
        return set(lost)

    def fail(self, wanted: Environment, *, at: str) -> None:
        """Deploy what fails at a host's record; what waits for that record is not done."""
        configuration = synthesize(wanted)
        for step in self.engine.fail(configuration, (RECORD, host_address(at))):
            self.world.take(step, configuration)


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


@pytest.mark.parametrize(
    "before",
    [[f"{DOCS} {PRIMARY} {SHORT} {GO}"], [f"{PRIMARY} {DOCS} {SHORT} {GO}", f"{DOCS} {PRIMARY} {SHORT} {GO}"]],
    ids=["as it was deployed", "after a swap"],
)
def test_the_primary_host_goes_and_the_next_one_takes_its_place(tmp_path: Path, before: list[str]) -> None:
    """Those that lead to it leave it before it goes."""
    deployment, stay = Deployment(tmp_path), frozenset((PRIMARY, SHORT, GO))
    for hosts in before:
        deployment.deploy(with_services(link=(20, hosts)), always=NOBODY, while_named=stay)
    after = with_services(link=(20, f"{PRIMARY} {SHORT} {GO}"))
    assert deployment.deploy(after, always=stay, while_named=NOBODY) == {}


def test_after_a_deploy_that_failed_half_way_a_host_can_go_before_those_that_lead_to_it(tmp_path: Path) -> None:
    """That is what `edge plan` refuses; and this model shows it, and that the way that it names is a safe one."""
    deployment, stay = Deployment(tmp_path), frozenset((PRIMARY, SHORT, GO))
    deployment.deploy(with_services(link=(20, f"{DOCS} {PRIMARY} {SHORT} {GO}")), always=NOBODY, while_named=stay)
    swapped = with_services(link=(20, f"{PRIMARY} {DOCS} {SHORT} {GO}"))
    deployment.fail(swapped, at=GO)
    assert {deployment.world.leads(host) for host in stay} == {BALANCER}
    after = with_services(link=(20, f"{PRIMARY} {SHORT} {GO}"))
    assert deployment.names_lost(after, stay, deploys=False) == {GO}
    assert deployment.names_lost(swapped, stay) == deployment.names_lost(after, stay) == set()


def test_a_base_name_goes_and_its_wildcard_stays(tmp_path: Path) -> None:
    """They share a proof, and the base name was the primary host."""
    deployment, any_docs = Deployment(tmp_path), f"any.{DOCS}"
    stay = frozenset((PRIMARY, SHORT))
    deployment.deploy(with_services(link=(20, f"{DOCS} *.{DOCS} {PRIMARY} {SHORT}")), always=NOBODY, while_named=stay)
    after = with_services(link=(20, f"*.{DOCS} {PRIMARY} {SHORT}"))
    assert deployment.deploy(after, always=stay | {any_docs}, while_named=NOBODY, unproven={any_docs}) == {}


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
