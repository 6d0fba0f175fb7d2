"""What the embedded AWS's security groups let through."""

from typing import Any

import pytest

from embedded_aws.data_plane.security_groups import Peer, lets_in, lets_out

BALANCER = Peer("10.20.0.4", ["sg-alb"])


def rule(**changes: Any) -> dict[str, Any]:
    return {"IsEgress": False, "IpProtocol": "tcp", "FromPort": 9999, "ToPort": 9999, **changes}


@pytest.mark.parametrize(
    ("changes", "opens"),
    [
        ({"CidrIpv4": "0.0.0.0/0"}, True),
        ({"CidrIpv4": "10.20.0.0/16"}, True),
        ({"CidrIpv4": "10.20.0.4/32"}, True),
        ({"CidrIpv4": "10.21.0.0/16"}, False),
        ({"CidrIpv6": "::/0"}, False),  # the peer comes by IPv4
        ({"ReferencedGroupInfo": {"GroupId": "sg-alb"}}, True),
        ({"ReferencedGroupInfo": {"GroupId": "sg-other"}}, False),
        ({"PrefixListId": "pl-1"}, False),
        ({}, False),
        ({"CidrIpv4": "0.0.0.0/0", "FromPort": 9000, "ToPort": 9999}, True),
        ({"CidrIpv4": "0.0.0.0/0", "FromPort": 9999, "ToPort": 10000}, True),
        ({"CidrIpv4": "0.0.0.0/0", "FromPort": 9000, "ToPort": 9998}, False),
        ({"CidrIpv4": "0.0.0.0/0", "FromPort": 10000, "ToPort": 10001}, False),
        ({"CidrIpv4": "0.0.0.0/0", "IpProtocol": "6"}, True),
        ({"CidrIpv4": "0.0.0.0/0", "IpProtocol": "udp"}, False),
        ({"CidrIpv4": "0.0.0.0/0", "IpProtocol": "-1", "FromPort": -1, "ToPort": -1}, True),
        ({"CidrIpv4": "10.21.0.0/16", "IpProtocol": "-1", "FromPort": -1, "ToPort": -1}, False),
    ],
)
def test_a_rule_opens_a_port_in_its_own_direction(changes: dict[str, Any], opens: bool) -> None:
    incoming, outgoing = rule(**changes), rule(**changes, IsEgress=True)
    assert lets_in([incoming], BALANCER, 9999) is opens
    assert lets_out([outgoing], BALANCER, 9999) is opens
    assert not lets_in([outgoing], BALANCER, 9999)
    assert not lets_out([incoming], BALANCER, 9999)


def test_any_one_rule_is_enough_and_none_opens_nothing() -> None:
    rules = [rule(CidrIpv4="10.21.0.0/16"), rule(ReferencedGroupInfo={"GroupId": "sg-alb"})]
    assert lets_in(rules, BALANCER, 9999)
    assert not lets_in(rules, Peer("10.20.0.4"), 9999)
    assert not lets_in([], BALANCER, 9999)
