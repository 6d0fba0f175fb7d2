"""Forged plans: what Terraform never writes, and plans that are only a part of what there is to do."""

import copy
from typing import Any

from tests.support.reviewing import resource
from tests.unit.review.attacks import PROD, REFUSED, Act, Attack, Desk, added, after

GROUP, RULE = "aws_lb_target_group.link", "aws_lb_listener_rule.link"
INBOUND = "aws_vpc_security_group_ingress_rule.link"
TOPIC = "data.aws_sns_topic.alerts"
STRANGE = {"cidr_ipv4": "32.0.0.0/3", "referenced_security_group_id": None}


def as_if(address: str, *words: str, **attributes: Any) -> Act:
    """Plan other values, and call it something else."""

    def act(desk: Desk) -> None:
        after(address, **attributes)(desk)
        desk.change(address)["actions"] = list(words)

    return act


def as_if_it_stood(address: str, **attributes: Any) -> Act:
    """Say that what the plan makes stands already, and so stays."""

    def act(desk: Desk) -> None:
        as_if(address, "no-op", **attributes)(desk)
        body = desk.change(address)
        body["actions"], body["before"] = ["no-op"], body["after"]

    return act


def only_unknown(address: str, *attributes: str) -> Act:
    def act(desk: Desk) -> None:
        body = desk.change(address)
        body.update(actions=["no-op"], after_unknown=dict.fromkeys(attributes, True))

    return act


def new(address: str) -> Act:
    """Call what stands new, so that nothing of it seems to be lost."""
    return lambda desk: desk.change(address).update(actions=["create"], before=None)


def emptied(address: str, side: str) -> Act:
    return lambda desk: desk.change(address).update(actions=["update"], **{side: None})


def output(**body: Any) -> Act:
    return lambda desk: desk.plan["output_changes"]["LinkUrl"].update(body)


def without(*addresses: str) -> Act:
    """Leave resources out of a plan that does something else."""

    def act(desk: Desk) -> None:
        after(GROUP, deregistration_delay="30")(desk)
        kept = [entry for entry in desk.plan["resource_changes"] if entry["address"] not in addresses]
        desk.plan["resource_changes"] = kept

    return act


def without_lookup(desk: Desk) -> None:
    after(GROUP, deregistration_delay="30")(desk)
    root = desk.plan["prior_state"]["values"]["root_module"]
    root["resources"] = [entry for entry in root["resources"] if entry["address"] != TOPIC]


def without_output(desk: Desk) -> None:
    after(GROUP, deregistration_delay="30")(desk)
    del desk.plan["output_changes"]["LinkUrl"]


def saying(**content: Any) -> Act:
    return lambda desk: desk.plan.update(content)


def entered(address: str, **fields: Any) -> Act:
    """Write other things about a change than its values."""
    return lambda desk: resource(desk.plan, address).update(fields)


def beside(address: str, **fields: Any) -> Act:
    """Plan one change more of an address."""

    def act(desk: Desk) -> None:
        desk.plan["resource_changes"].append(copy.deepcopy(resource(desk.plan, address)) | fields)

    return act


def new_role(**fields: Any) -> Act:
    """Make a role, and write something else about the change."""

    def act(desk: Desk) -> None:
        added("aws_iam_role.door", name="door")(desk)
        desk.plan["resource_changes"][-1].update(fields)

    return act


def port_of_what_is_left(desk: Desk) -> None:
    after(GROUP, port=22)(desk)
    entered(GROUP, deposed="80308274")(desk)


FORGED: dict[str, Act] = {
    "a rule is only read": as_if(INBOUND, "read", **STRANGE),
    "a no-op with another value": as_if(INBOUND, "no-op", **STRANGE),
    "a no-op with a value that is not known": only_unknown(RULE, "action"),
    "what stands is new": new(GROUP),
    "what stands had no values": emptied(GROUP, "before"),
    "what changes has no values": emptied(GROUP, "after"),
    "what is removed has values": as_if(GROUP, "delete"),
    "what is let go has values": as_if(GROUP, "forget"),
    "what is left of an earlier object changes": port_of_what_is_left,
    "what is left of an earlier object is made": new_role(deposed="80308274"),
    "a role is made in a mode of its own": new_role(mode="Managed"),
    "a role is made as if it were looked up": new_role(mode="data"),
    "a rule stands under another type": entered(RULE, type="aws_lb_target_group"),
    "a rule stands under another name": entered(RULE, name="docs"),
    "a target group stands twice": beside(GROUP),
    "an output stays and has another value": output(after="https://attacker.example"),
    "an output stays and is not known": output(after_unknown=True),
}
INCOMPLETE: dict[str, Act] = {
    "a rule is left out": without(RULE),
    "all alarms are left out": without(*(f"aws_cloudwatch_metric_alarm.link_{end}" for end in ("5xx", "latency"))),
    "a lookup is left out": without_lookup,
    "an output is left out": without_output,
    "changes are put off": saying(deferred_changes=[{"reason": "resource_config_unknown"}]),
    "a part was planned alone": saying(complete=False),
}

ATTACKS = (
    *(Attack(name=f"forged: {name}", desk=PROD, act=act, by=REFUSED) for name, act in FORGED.items()),
    *(Attack(name=f"a part: {name}", desk=PROD, act=act, by="INCOMPLETE:plan") for name, act in INCOMPLETE.items()),
    Attack(
        name="forged: a network that is said to be open already",
        desk=PROD,
        act=as_if_it_stood(INBOUND, **STRANGE),
        by=f"UNEXPLAINED:{INBOUND}",
    ),
    Attack(
        name="forged: a rule that is said to lead elsewhere already",
        desk=PROD,
        act=as_if_it_stood(RULE, action=[{"type": "fixed-response", "order": 1}]),
        by=f"UNEXPLAINED:{RULE}",
    ),
    Attack(
        name="a part: a plan of nothing",
        desk=PROD,
        act=saying(resource_changes=[], output_changes={}),
        harmless="whatever it leaves out, it does nothing",
    ),
)
