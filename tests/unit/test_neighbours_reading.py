"""Neighbours are read with all that they have and without what is ours; a part that does not answer spoils no other."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from edge.aws.neighbours.model import AnsweredName, CaaRecords, ForeignDelegation, Part
from edge.aws.neighbours.reading import Ours, neighbours
from edge.aws.survey.reader import Reader
from tests.support.survey_world import OURS, SurveyWorld

STACK = {"aws:cloudformation:stack-name": "app"}


@pytest.fixture
def world() -> Iterator[SurveyWorld]:
    with mock_aws():
        yield SurveyWorld()


def ours(*ids: str, world: SurveyWorld) -> Ours:
    return Ours(ids=frozenset(ids), groups=(world.groups["instances"],), autoscaling_groups=("v1-orcha-asg",))


def make_rule(
    world: SurveyWorld, priority: int, conditions: list[dict[str, Any]], action: dict[str, Any], **tags: str
) -> str:
    more = {"Tags": [{"Key": key.replace("_", ":"), "Value": value} for key, value in tags.items()]} if tags else {}
    answer = world.elbv2.create_rule(
        ListenerArn=world.listener, Priority=priority, Conditions=conditions, Actions=[action], **more
    )
    return str(answer["Rules"][0]["RuleArn"])


def test_rules_of_others_are_read_with_what_they_take_and_where_it_goes(world: SurveyWorld) -> None:
    group = world.target_group(tags=OURS)
    mine = world.rule(tags=OURS, group=group)
    hosts = {"Field": "host-header", "Values": ["App.getorcha.com"]}
    paths = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}
    header = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-A", "Values": ["1"]}}
    everywhere = {"Field": "source-ip", "SourceIpConfig": {"Values": ["0.0.0.0/0"]}}
    somewhere = {"Field": "source-ip", "SourceIpConfig": {"Values": ["198.51.100.0/24"]}}
    method = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["POST"]}}
    forward = {"Type": "forward", "TargetGroupArn": group}
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    made = [
        make_rule(world, 15, [hosts, paths], forward, **{"aws_cloudformation_stack-name": "app"}),
        make_rule(world, 16, [header], answer),
        make_rule(world, 17, [everywhere, method], forward, Environment="staging"),
        make_rule(world, 18, [somewhere], forward),
    ]
    found = neighbours(world.reader(), ours(mine, world=world))
    assert [(rule.priority, rule.hosts, rule.paths, rule.methods, rule.asks_more) for rule in found.rules] == [
        (15, ("app.getorcha.com",), ("/api/*",), (), False),
        (16, (), (), (), True),
        (17, (), (), ("POST",), False),
        (18, (), (), (), True),
    ]
    assert [rule.made_by for rule in found.rules] == ["the CloudFormation stack app", "", "the environment staging", ""]
    assert [rule.target for rule in found.rules[:2]] == [
        "the target group v1-orcha-link-tg",
        "an answer of its own (fixed-response)",
    ]
    assert sorted(found.rule_arns) == sorted(made)
    assert found.target_groups == (group,)
    assert neighbours(world.reader(), ours(mine, group, *made, world=world)).rules == ()


def test_what_fills_quotas_is_read_without_what_is_ours(world: SurveyWorld) -> None:
    theirs, mine = world.certificate(["a.getorcha.com"], {}), world.certificate(["b.getorcha.com"], OURS)
    for certificate in (theirs, mine):
        world.attach(certificate)
    port = world.port(tags=OURS)
    found = neighbours(world.reader(), ours(mine, world=world))
    assert found.certificates == (theirs,)
    assert [(rule.is_egress, rule.ipv4, rule.ipv6) for rule in found.group_rules if rule.id == port] == [
        (False, True, False)
    ]
    assert port not in [rule.id for rule in neighbours(world.reader(), ours(port, world=world)).group_rules]
    assert found.attached == {"v1-orcha-asg": ()}
    assert found.unasked == {}


def test_delegations_at_or_above_our_hosts_are_found_and_no_others(world: SurveyWorld) -> None:
    world.record("link.getorcha.com", "NS", "ns1.example.com")
    world.record("dev.getorcha.com", "NS", "ns1.example.com")
    world.record("k.getorcha.com", "NS", "ns1.example.com")
    world.environment = world.environment.model_copy(
        update={"zones": {"getorcha.com": world.environment.zones["prod.getorcha.com"]}}
    )
    found = neighbours(world.reader(), ours(world=world))
    servers = ("ns1.example.com",)
    assert found.delegations == (ForeignDelegation(zone="getorcha.com", name="link.getorcha.com", servers=servers),)


def test_caa_records_at_or_above_our_hosts_are_read(world: SurveyWorld) -> None:
    world.record("getorcha.com", "CAA", '0 issue "letsencrypt.org"')
    world.record("dev.getorcha.com", "CAA", '0 issue "letsencrypt.org"')
    world.environment = world.environment.model_copy(
        update={"zones": {"getorcha.com": world.environment.zones["prod.getorcha.com"]}}
    )
    found = neighbours(world.reader(), ours(world=world))
    assert found.caa == (CaaRecords(name="getorcha.com", values=('0 issue "letsencrypt.org"',)),)


@pytest.mark.parametrize(
    ("wildcard", "existing", "answers"),
    [
        ("*.getorcha.com", None, True),
        ("*.getorcha.com", "link.getorcha.com", False),
        ("*.getorcha.com", "_x.link.getorcha.com", False),
        ("*.getorcha.com", "other.getorcha.com", True),
        ("*.other.getorcha.com", None, False),
    ],
    ids=["no records", "its own", "its proof", "another name's", "another wildcard"],
)
def test_a_wildcard_of_others_answers_a_host_that_does_not_exist(
    world: SurveyWorld, wildcard: str, existing: str | None, answers: bool
) -> None:
    world.record(wildcard, "CNAME", "elsewhere.example.com")
    if existing is not None:
        world.record(existing, "CNAME", "elsewhere.example.com")
    world.environment = world.environment.model_copy(
        update={"zones": {"getorcha.com": world.environment.zones["prod.getorcha.com"]}}
    )
    found = [entry for entry in neighbours(world.reader(), ours(world=world)).answered if "link.get" in entry.name]
    assert found == ([AnsweredName(name="link.getorcha.com", wildcard=wildcard)] if answers else [])


@pytest.mark.parametrize("servers", [(), ("ns1.example.com",)], ids=["nobody", "somebody else"])
def test_a_declared_zone_that_its_declared_parent_does_not_hand_to_its_own_servers_is_found(
    world: SurveyWorld, servers: tuple[str, ...]
) -> None:
    """All accounts are one here, so both zones stand in it."""
    made = world.client("route53").create_hosted_zone(Name="prod.getorcha.com", CallerReference="2")
    account = world.environment.zones["prod.getorcha.com"]
    world.environment = world.environment.model_copy(
        update={"zones": {"getorcha.com": account, "prod.getorcha.com": account}}
    )
    for server in servers:
        world.record("prod.getorcha.com", "NS", server)
    elsewhere = ForeignDelegation(zone="getorcha.com", name="prod.getorcha.com", servers=servers)
    assert neighbours(world.reader(), ours(world=world)).undelegated == (elsewhere,)
    if not servers:
        world.record("prod.getorcha.com", "NS", made["DelegationSet"]["NameServers"][0])
        assert neighbours(world.reader(), ours(world=world)).undelegated == ()


def test_certificates_of_others_that_rest_on_a_record_which_goes_are_found(world: SurveyWorld) -> None:
    mine = world.certificate(["link.getorcha.com"], OURS)
    theirs = world.certificate(["x.getorcha.com", "*.link.getorcha.com"], {})
    world.certificate(["y.getorcha.com"], {})
    going = replace(ours(mine, world=world), leaving_proofs=("link.getorcha.com",))
    (proof,) = neighbours(world.reader(), going).proofs
    assert (proof.domain, proof.certificate) == ("link.getorcha.com", theirs)
    assert neighbours(world.reader(), ours(mine, world=world)).proofs == ()


def test_a_part_that_does_not_answer_spoils_no_other(world: SurveyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeRules")

    world.port(tags={})
    monkeypatch.setattr(Reader, "rules", refuse)
    found = neighbours(world.reader(), ours(world=world))
    assert set(found.unasked) == {Part.LISTENERS}
    assert "AccessDenied" in found.unasked[Part.LISTENERS]
    assert len(found.group_rules) >= 1
