"""Listener rules and security groups, as AWS documents what they do."""

from typing import Any

import pytest

from edge.aws.alb_semantics import forwards_to, lets_through, needs_more, rule_answers
from environments.patterns import takes


@pytest.mark.parametrize(
    ("pattern", "text", "covered"),
    [
        ("link.getorcha.com", "link.getorcha.com", True),
        ("link.getorcha.com", "linkxgetorcha.com", False),
        ("*.getorcha.com", "link.prod.getorcha.com", True),  # not as in DNS and certificates: any number of labels
        ("*.getorcha.com", "getorcha.com", False),
        ("?ink.getorcha.com", "link.getorcha.com", True),
        ("?ink.getorcha.com", "ink.getorcha.com", False),
        ("/a[b]/*", "/a[b]/c", True),
        ("/a[b]/*", "/ab/c", False),
    ],
)
def test_a_pattern_covers_a_text(pattern: str, text: str, covered: bool) -> None:
    assert takes([pattern], text) is covered


HOST = {"Field": "host-header", "HostHeaderConfig": {"Values": ["a.example", "Link.getorcha.com"]}}
OLD_HOST = {"Field": "host-header", "Values": ["link.getorcha.com"]}
PATH = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/Health*"]}}
METHOD = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["POST"]}}


@pytest.mark.parametrize(
    ("conditions", "answers"),
    [
        ([], True),
        ([HOST], True),
        ([OLD_HOST], True),
        ([HOST, PATH], False),  # paths compare with their case
        ([METHOD], False),
    ],
)
def test_a_rule_answers_when_all_its_conditions_hold(conditions: list[dict[str, Any]], answers: bool) -> None:
    assert rule_answers({"Conditions": conditions}, host="link.getorcha.com", path="/health") is answers


def test_a_condition_that_is_not_known_is_never_passed_over() -> None:
    with pytest.raises(ValueError, match="a condition on source-ip, which is not known here"):
        rule_answers({"Conditions": [{"Field": "source-ip"}]}, host="a.example", path="/")


@pytest.mark.parametrize(
    ("conditions", "more"), [([], False), ([HOST, PATH, METHOD], False), ([HOST, {"Field": "source-ip"}], True)]
)
def test_a_rule_for_special_clients_is_known_as_such(conditions: list[dict[str, Any]], more: bool) -> None:
    assert needs_more({"Conditions": conditions}) is more


def test_the_target_group_of_a_rule_is_found_in_both_forms() -> None:
    groups = [{"TargetGroupArn": "a", "Weight": 1}, {"TargetGroupArn": "b", "Weight": 9}]
    assert forwards_to([{"Type": "authenticate-cognito"}, {"Type": "forward", "TargetGroupArn": "a"}]) == "a"
    assert forwards_to([{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]) == "b"
    assert forwards_to([{"Type": "redirect"}]) is None


def rule(**changes: Any) -> dict[str, Any]:
    return {"IsEgress": False, "IpProtocol": "tcp", "FromPort": 9999, "ToPort": 9999, **changes}


@pytest.mark.parametrize(
    ("given", "open_"),
    [
        (rule(CidrIpv4="0.0.0.0/0"), True),
        (rule(CidrIpv4="10.20.0.0/16"), True),
        (rule(CidrIpv4="10.21.0.0/16"), False),
        (rule(ReferencedGroupInfo={"GroupId": "sg-alb"}), True),
        (rule(ReferencedGroupInfo={"GroupId": "sg-other"}), False),
        (rule(CidrIpv4="0.0.0.0/0", FromPort=9000, ToPort=10000), True),
        (rule(CidrIpv4="0.0.0.0/0", FromPort=80, ToPort=80), False),
        (rule(CidrIpv4="0.0.0.0/0", IpProtocol="udp"), False),
        (rule(CidrIpv4="0.0.0.0/0", IpProtocol="-1", FromPort=-1, ToPort=-1), True),
        (rule(CidrIpv4="0.0.0.0/0", IsEgress=True), False),
        (rule(CidrIpv6="::/0"), False),
        (rule(PrefixListId="pl-1"), False),
    ],
)
def test_a_security_group_rule_opens_a_port(given: dict[str, Any], open_: bool) -> None:
    assert lets_through([given], egress=False, port=9999, groups=["sg-alb"], address="10.20.0.4") is open_
    assert not lets_through([], egress=False, port=9999, address="10.20.0.4")
