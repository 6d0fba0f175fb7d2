"""The skeleton of a stack keeps what orders it, and drawn orders keep what Terraform waits for."""

import json
from random import Random

import pytest

from tests.support.files import EVERYTHING_TOML, environment_of
from tests.support.graph_order.order import Order, Step
from tests.support.graph_order.simulating import drawn
from tests.support.graph_order.skeleton import resource_of, skeleton
from tests.support.graph_order.world import World
from tests.support.synthesizing import synthesize

STACK = synthesize(environment_of(EVERYTHING_TOML))
MADE = skeleton(STACK)["resource"]["terraform_data"]


def test_every_resource_is_there_with_its_account_and_its_lifecycle() -> None:
    resources = {(kind, name): body for kind, named in STACK["resource"].items() for name, body in named.items()}
    assert set(map(resource_of, MADE)) == set(resources)
    for address, made in MADE.items():
        body = resources[resource_of(address)]
        assert made["provider"].partition(".")[2] == body["provider"].partition(".")[2]
        flag = "create_before_destroy"
        assert made.get("lifecycle", {}).get(flag, False) == body.get("lifecycle", {}).get(flag, False)


def test_every_reference_and_every_dependency_is_kept() -> None:
    for address, made in MADE.items():
        kind, name = resource_of(address)
        text = json.dumps(STACK["resource"][kind][name])
        waited_for = {resource_of(other) for other in made["depends_on"]}
        assert waited_for == {
            (other, found)
            for other, named in STACK["resource"].items()
            for found in named
            if f"{other}.{found}." in text or f'"{other}.{found}"' in text
        }


def test_what_is_replaced_and_what_changes_in_place_are_apart() -> None:
    certificate, rule = MADE["aws_acm_certificate--link"], MADE["aws_lb_listener_rule--link"]
    assert certificate["triggers_replace"]["domain_name"] == "link.prod.getorcha.com"
    assert "condition" in rule["input"]
    assert MADE["aws_lb_listener_certificate--link"]["triggers_replace"]["certificate_arn"] == (
        "${terraform_data.aws_acm_certificate_validation--link.id}"
    )


def test_a_drawn_order_keeps_what_each_step_waits_for_and_differs_elsewhere() -> None:
    first, second, third, free = (Step(("aws_x", name), False) for name in ("first", "second", "third", "free"))
    order = Order(
        {third: frozenset({first, second}), second: frozenset({first}), first: frozenset(), free: frozenset()}
    )
    orders = [drawn(order, Random(seed)) for seed in range(50)]
    for steps in orders:
        assert steps.index(first) < steps.index(second) < steps.index(third)
    assert {steps.index(free) for steps in orders} >= {0, 3}


@pytest.mark.parametrize(
    ("gone", "fault"),
    [
        (("aws_lb_listener_rule", "link"), "link.getorcha.com: no listener rule takes it"),
        (("aws_lb_listener_certificate", "link"), "link.getorcha.com: no certificate covers it"),
        (("aws_autoscaling_attachment", "link"), "link.getorcha.com: its rule has no aws_autoscaling_attachment"),
        (("aws_route53_record", "link_getorcha_com"), "link.getorcha.com: does not resolve"),
        (
            ("aws_route53_record", "link_prod_getorcha_com"),
            "link.getorcha.com: leads to link.prod.getorcha.com, which does not resolve",
        ),
    ],
)
def test_the_model_misses_each_part_of_the_way(gone: tuple[str, str], fault: str) -> None:
    world = World()
    for kind, named in STACK["resource"].items():
        for name in named:
            world.take(Step((kind, name), False), STACK)
    assert list(world.faults("link.getorcha.com")) == []
    world.take(Step(gone, True), STACK)
    assert list(world.faults("link.getorcha.com")) == [fault]
