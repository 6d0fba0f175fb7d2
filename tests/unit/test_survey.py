"""What stands is found by identity, ours by proof, and what only looks alike is never taken."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws

from edge.aws.survey.model import Found, Standing
from edge.aws.survey.orphans import orphan_records, orphans
from edge.aws.survey.reader import Reader
from edge.aws.survey.regions import Elsewhere
from tests.support.survey_world import BALANCER_ADDRESSES, HOSTS, OURS, SurveyWorld

NOBODY: dict[str, str] = {}
SOMEBODY = {"Team": "shop"}


@pytest.fixture
def world() -> Iterator[SurveyWorld]:
    with mock_aws():
        yield SurveyWorld()


def group(world: SurveyWorld) -> list[Found]:
    values = {"name": "v1-orcha-link-tg", "port": 9999, "protocol": "HTTP", "target_type": "instance"}
    return world.look("aws_lb_target_group", vpc_id=world.vpc, **values)


def rule(world: SurveyWorld) -> list[Found]:
    condition = [{"host_header": [{"values": HOSTS}]}]
    values = {"priority": 20, "condition": condition, "action": [{"type": "forward", "order": 1}]}
    return world.look("aws_lb_listener_rule", listener_arn=world.listener, **values)


def port(world: SurveyWorld) -> list[Found]:
    values = {"ip_protocol": "tcp", "from_port": 9999, "to_port": 9999, "description": "Link port from ALB"}
    place = {"security_group_id": world.groups["instances"], "cidr_ipv4": BALANCER_ADDRESSES}
    return world.look("aws_vpc_security_group_ingress_rule", **values, **place)


def alarm(world: SurveyWorld) -> list[Found]:
    values: dict[str, Any] = {
        "metric_name": "HealthyHostCount",
        "namespace": "AWS/ApplicationELB",
        "statistic": "Minimum",
    }
    values["dimensions"] = {"LoadBalancer": "app/v1-orcha-alb/1", "TargetGroup": None}
    return world.look(
        "aws_cloudwatch_metric_alarm", alarm_name="v1-orcha-link-unhealthy", alarm_actions=[world.topic], **values
    )


def certificate(world: SurveyWorld) -> list[Found]:
    return world.look("aws_acm_certificate", domain_name=HOSTS[0], subject_alternative_names=HOSTS[1:])


def short_name(world: SurveyWorld) -> list[Found]:
    values = {"zone_id": world.zone, "name": "link.getorcha.com", "type": "CNAME", "ttl": 300}
    return world.look("aws_route53_record", records=["link.prod.getorcha.com"], **values)


def proof(world: SurveyWorld) -> list[Found]:
    return world.look("aws_route53_record", domain="link.getorcha.com", zone_id=world.zone, type="CNAME", ttl=300)


Look = Callable[[SurveyWorld], list[Found]]
MADE_BY: dict[Look, Callable[[SurveyWorld, dict[str, str]], Any]] = {
    group: lambda world, tags: world.target_group(tags=tags),
    rule: lambda world, tags: world.rule(tags=tags, group=world.target_group(tags=tags)),
    port: lambda world, tags: world.port(tags=tags),
    alarm: lambda world, tags: world.alarm(tags=tags),
    certificate: lambda world, tags: world.certificate(HOSTS, tags),
}


@pytest.mark.parametrize("look", [*MADE_BY, short_name, proof])
def test_nothing_is_found_where_nothing_stands(world: SurveyWorld, look: Look) -> None:
    assert look(world) == []


@pytest.mark.parametrize("look", MADE_BY)
def test_what_carries_our_tags_is_ours(world: SurveyWorld, look: Look) -> None:
    MADE_BY[look](world, OURS)
    (found,) = look(world)
    assert (found.standing, found.reason) == (Standing.OURS, "")
    assert found.import_id


@pytest.mark.parametrize("look", MADE_BY)
@pytest.mark.parametrize("tags", [NOBODY, SOMEBODY, {**OURS, "Service": "desk"}, {**OURS, "Environment": "staging"}])
def test_the_same_of_somebody_else_is_alike_and_not_ours(world: SurveyWorld, look: Look, tags: dict[str, str]) -> None:
    MADE_BY[look](world, tags)
    (found,) = look(world)
    assert found.standing is Standing.ALIKE
    assert "edge adopt" in found.reason


def test_an_equal_record_is_ours_by_its_content(world: SurveyWorld) -> None:
    world.record("link.getorcha.com", "CNAME", "LINK.prod.getorcha.com.")
    (found,) = short_name(world)
    assert (found.standing, found.import_id) == (Standing.OURS, f"{world.zone}_link.getorcha.com_CNAME")


def test_a_record_with_another_ttl_is_alike(world: SurveyWorld) -> None:
    world.record("link.getorcha.com", "CNAME", "link.prod.getorcha.com", ttl=60)
    (found,) = short_name(world)
    assert found.standing is Standing.ALIKE
    assert found.reason.startswith("its TTL is 60, and 300 is wanted; take it over with `edge adopt`")


def other_vpc(world: SurveyWorld) -> Any:
    vpc = world.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    world.target_group(tags=NOBODY, vpc=vpc)


def other_vpc_with_our_tags(world: SurveyWorld) -> Any:
    vpc = world.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    world.target_group(tags=OURS, vpc=vpc)


def foreign_forward(world: SurveyWorld) -> Any:
    world.rule(tags=NOBODY, group=world.target_group(tags=NOBODY, Name="another"))


def shared_forward(world: SurveyWorld) -> Any:
    """A rule that sends one request in ten elsewhere: to take it over would move them."""
    ours, other = world.target_group(tags=NOBODY), world.target_group(tags=NOBODY, Name="canary")
    world.rule(tags=NOBODY, group=ours)
    (rule,) = world.reader().rules(world.listener)
    weights = [{"TargetGroupArn": ours, "Weight": 90}, {"TargetGroupArn": other, "Weight": 10}]
    forward = [{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}]
    world.elbv2.modify_rule(RuleArn=rule["RuleArn"], Actions=forward)


def more_conditions(world: SurveyWorld) -> Any:
    path = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/only"]}}
    world.rule(tags=NOBODY, group=world.target_group(tags=NOBODY), more=[path])


def foreign_hosts(world: SurveyWorld) -> Any:
    world.rule(tags=NOBODY, group=world.target_group(tags=NOBODY), hosts=["shop.getorcha.com"])


def other_topic(world: SurveyWorld) -> Any:
    world.alarm(tags=NOBODY, topic=world.client("sns").create_topic(Name="pager")["TopicArn"])


LOOK_ALIKES: dict[str, tuple[Look, Callable[[SurveyWorld], Any], str]] = {
    "group in another VPC": (group, other_vpc, "target group v1-orcha-link-tg: it lies in the VPC vpc-"),
    "group of ours in another VPC": (group, other_vpc_with_our_tags, ": it lies in the VPC vpc-"),
    "group on another port": (group, lambda w: w.target_group(tags=NOBODY, port=1), ": it has the port 1, and 9999 is"),
    "group that speaks HTTPS": (group, lambda w: w.target_group(tags=NOBODY, Protocol="HTTPS"), ": it speaks HTTPS"),
    "group of addresses": (
        group,
        lambda w: w.target_group(tags=NOBODY, TargetType="ip"),
        ": it has targets of type ip",
    ),
    "rule with a foreign host": (rule, foreign_hosts, "rule 20 for shop.getorcha.com: it takes shop.getorcha.com, and"),
    "rule that forwards elsewhere": (rule, foreign_forward, ": it forwards to another, and v1-orcha-link-tg is wanted"),
    "rule that forwards elsewhere too": (
        rule,
        shared_forward,
        ": it forwards to canary, v1-orcha-link-tg, and v1-orcha-link-tg alone is wanted",
    ),
    "rule for one path only": (rule, more_conditions, ": it takes /only, and every path is wanted"),
    "port with another description": (
        port,
        lambda w: w.port(tags=NOBODY, description="VPN"),
        'its description is "VPN", and not "Link port from ALB"; remove it, or where its owner keeps it open, set '
        "services.link.opens_port = false",
    ),
    "alarm on another topic": (alarm, other_topic, "alarm v1-orcha-link-unhealthy: it notifies pager, and v1-orcha-al"),
    "alarm on another metric": (
        alarm,
        lambda w: w.alarm(tags=NOBODY, metric="Requests"),
        ": its metric name is Requests",
    ),
    "alarm of another load balancer": (
        alarm,
        lambda w: w.alarm(tags=NOBODY, balancer="app/another/2"),
        ": it watches the LoadBalancer app/another/2, and app/v1-orcha-alb/1 is wanted; rename or remove one",
    ),
    "record with another value": (
        short_name,
        lambda world: world.record("link.getorcha.com", "CNAME", "shop.getorcha.com"),
        "CNAME link.getorcha.com: it leads to shop.getorcha.com, and link.prod.getorcha.com is wanted; remove it",
    ),
    "record of another type": (
        short_name,
        lambda world: world.record("link.getorcha.com", "TXT", '"proof"'),
        "record TXT link.getorcha.com: DNS allows no CNAME beside it (RFC 1034 section 3.6.2); remove it, or choose",
    ),
    "record of a routing policy": (
        short_name,
        lambda w: w.record("link.getorcha.com", "CNAME", "link.prod.getorcha.com", SetIdentifier="a", Weight=1),
        ": it is one of several that a routing policy chooses from",
    ),
}


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_a_look_alike_is_never_taken_and_its_reason_names_the_way_out(world: SurveyWorld, name: str) -> None:
    look, make, words = LOOK_ALIKES[name]
    make(world)
    (found,) = look(world)
    assert found.standing is Standing.IN_THE_WAY
    assert words in f"{found.thing}: {found.reason}"
    assert "; re" in found.reason


def test_a_port_just_as_wanted_is_left_to_its_owner_by_a_key_or_taken_over(world: SurveyWorld) -> None:
    world.port(tags=NOBODY)
    (found,) = port(world)
    assert found.standing is Standing.ALIKE
    assert found.reason == (
        "another tool opened it, just as the environment file would; where its owner keeps it open, set "
        "services.link.opens_port = false, or take it over with `edge adopt`"
    )


def test_https_out_for_a_sign_in_has_a_key_of_its_own(world: SurveyWorld) -> None:
    """No service's tags are on that rule: all that ask for a sign-in share it."""
    place = {"security_group_id": world.groups["instances"], "cidr_ipv4": BALANCER_ADDRESSES}
    world.port(tags=NOBODY)
    (found,) = world.look(
        "aws_vpc_security_group_ingress_rule", ip_protocol="tcp", from_port=9999, to_port=9999, tags_all={}, **place
    )
    assert found.reason.endswith("or where its owner keeps it open, set platform.opens_sign_in_port = false")


def test_a_zone_that_is_live_gets_no_second_one_beside_it(world: SurveyWorld) -> None:
    (found,) = world.look("aws_route53_zone", name="getorcha.com")
    assert (found.standing, found.thing) == (Standing.IN_THE_WAY, f"hosted zone getorcha.com ({world.zone})")
    assert found.reason.startswith("a second zone of that name would be made")
    assert 'remove create = true of "getorcha.com"' in found.reason
    assert world.look("aws_route53_zone", name="prod.getorcha.com") == []


def test_a_zone_that_an_interrupted_deploy_made_is_ours(world: SurveyWorld) -> None:
    tags = [{"Key": key, "Value": value} for key, value in OURS.items()]
    world.client("route53").change_tags_for_resource(ResourceType="hostedzone", ResourceId=world.zone, AddTags=tags)
    (found,) = world.look("aws_route53_zone", name="getorcha.com")
    assert (found.standing, found.import_id) == (Standing.OURS, world.zone)


def test_a_certificate_in_use_by_another_load_balancer_is_left_alone(world: SurveyWorld) -> None:
    world.attach(world.certificate(HOSTS, NOBODY), balancer=world.make_balancer("another"))
    assert certificate(world) == []


def test_a_certificate_with_more_names_or_another_primary_name_is_left_alone(world: SurveyWorld) -> None:
    world.certificate([*HOSTS, "more.getorcha.com"], OURS)
    world.certificate(HOSTS[:1], OURS)
    world.certificate(HOSTS[::-1], OURS)
    assert certificate(world) == []


def test_of_two_certificates_over_the_names_the_one_in_use_is_taken_else_ours(world: SurveyWorld) -> None:
    newer, older = world.certificate(HOSTS, OURS), world.certificate(HOSTS, OURS)
    world.attach(older)
    assert certificate(world)[0].import_id == older
    assert newer != older


def test_a_certificate_of_ours_is_taken_before_one_in_use_of_somebody_else(world: SurveyWorld) -> None:
    ours, theirs = world.certificate(HOSTS, OURS), world.certificate(HOSTS, NOBODY)
    world.attach(theirs)
    assert certificate(world)[0].import_id == ours


def test_a_certificate_of_ours_that_no_state_knows_may_go_unless_it_serves(world: SurveyWorld) -> None:
    known, serving = world.certificate(HOSTS[:1], OURS), world.certificate(HOSTS, OURS)
    idle, theirs = world.certificate(["old.getorcha.com"], OURS), world.certificate(["shop.getorcha.com"], SOMEBODY)
    world.attach(serving)
    found = {orphan.arn: orphan for orphan in orphans(world.reader(), {known}, world.listener)}
    assert found.keys() == {serving, idle}
    assert theirs not in found
    assert not found[idle].kept_because
    assert found[serving].kept_because == (
        "the listener serves link.getorcha.com, link.prod.getorcha.com by it, and by no other certificate that the "
        "state knows"
    )
    joined = world.certificate(HOSTS, OURS)
    world.attach(joined)
    (again,) = orphans(world.reader(), {known, joined, idle}, world.listener)
    assert (again.arn, again.kept_because, again.listeners) == (serving, "", (world.listener,))


def test_the_certificate_of_a_service_that_was_let_go_stays_while_a_rule_serves_its_host(world: SurveyWorld) -> None:
    """It carries our tags still, no state knows it, and the environment file no longer has its names."""
    released = world.certificate(["shop.getorcha.com"], {**OURS, "Service": "shop"})
    world.attach(released)
    world.rule(tags=OURS, group=world.target_group(tags=OURS), hosts=["Shop.getorcha.com"])
    (found,) = orphans(world.reader(), set(), world.listener)
    assert "serves shop.getorcha.com by it" in found.kept_because
    (rule,) = world.reader().rules(world.listener)
    world.elbv2.delete_rule(RuleArn=rule["RuleArn"])
    (found,) = orphans(world.reader(), set(), world.listener)
    assert (found.arn, found.kept_because) == (released, "")


def test_a_wildcard_certificate_stays_while_a_live_host_is_served_by_it_alone(world: SurveyWorld) -> None:
    wildcard, known = world.certificate(["*.getorcha.com"], OURS), world.certificate(["link.getorcha.com"], OURS)
    world.attach(wildcard)
    (found,) = orphans(world.reader(), {known}, world.listener)
    assert "serves link.getorcha.com by it" in found.kept_because
    world.attach(known)
    (found,) = orphans(world.reader(), {known}, world.listener)
    assert found.kept_because == ""


def test_a_certificate_of_ours_that_another_load_balancer_uses_stays(world: SurveyWorld) -> None:
    world.attach(world.certificate(HOSTS, OURS), balancer=world.make_balancer("another"))
    (found,) = orphans(world.reader(), set(), world.listener)
    assert found.kept_because == "it is in use by another"


def test_a_validation_record_goes_only_with_the_last_certificate_over_its_domain(
    world: SurveyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = world.certificate(["old.getorcha.com"], OURS)
    options = world.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
    record = options[0]["ResourceRecord"]
    world.record(record["Name"], "CNAME", record["Value"])
    zones = {"getorcha.com": ("prod", world.zone)}

    def going(known: set[str]) -> list[str]:
        reader = world.reader()
        leaving = [orphan for orphan in orphans(reader, set(), world.listener) if orphan.arn == arn]
        return [found.thing for found in orphan_records(reader, leaving, zones, known)]

    assert going(set()) == [f"record CNAME {record['Name'].rstrip('.')}"]
    assert going({record["Name"].rstrip(".")}) == []
    with monkeypatch.context() as other:
        other.setattr(Reader, "elsewhere", Elsewhere([], "sa-east-1: denied"))
        assert going(set()) == [], "a certificate there may rest on it"
    world.certificate(["more.getorcha.com", "old.getorcha.com"], SOMEBODY)
    assert going(set()) == []
