"""A port that others open: no rule of ours, and everything else as it is."""

from collections.abc import Callable
from typing import Any

from environments.checked import Environment
from tests.support.files import environment, prod

Stack = dict[str, Any]
Synthesized = Callable[[Environment], Stack]
PORTS = ("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule")


def with_link(**settings: Any) -> Environment:
    content = prod()
    content["services"]["link"] |= settings
    return environment(content)


def test_a_port_that_others_open_is_not_opened_here_and_nothing_else_changes(synthesized: Synthesized) -> None:
    ours, theirs = (synthesized(with_link(**settings))["resource"] for settings in ({}, {"opens_port": False}))
    assert {kind: list(ours.pop(kind)) for kind in PORTS} == {kind: ["link"] for kind in PORTS}
    assert not theirs.keys() & set(PORTS)
    waits, waits_less = (made["aws_lb_listener_rule"]["link"].pop("depends_on") for made in (ours, theirs))
    assert waits_less == [address for address in waits if address.partition(".")[0] not in PORTS]
    assert ours == theirs


def test_to_open_it_is_what_is_done_without_the_key(synthesized: Synthesized) -> None:
    assert synthesized(with_link(opens_port=True)) == synthesized(with_link())
