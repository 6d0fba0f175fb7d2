"""Neighbours are read with all that they have and without what is ours; a part that does not answer spoils no other."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from edge.aws.neighbours.model import AnsweredName, CaaRecords, ForeignDelegation, Neighbours, Part, PrefixList
from edge.aws.neighbours.reading import Ours, neighbours
from edge.aws.survey.reader import Reader
from tests.support.survey_world import OURS, SurveyWorld

PROD, MANAGEMENT = "111111111111", "222222222222"
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


class Quotas:
    """Service Quotas of an account that got more rules and less of a group; of what is not here AWS knows nothing."""

    APPLIED: ClassVar = {("elasticloadbalancing", "L-7EED9B64"): 200.0, ("vpc", "L-0EA8095F"): 45.0}

    def __init__(self, refusal: str = "NoSuchResourceException") -> None:
        self._refusal = refusal

    def get_service_quota(self, **asked: str) -> dict[str, Any]:
        named = (asked["ServiceCode"], asked["QuotaCode"])
        if named in self.APPLIED and self._refusal == "NoSuchResourceException":
            return {"Quota": {"Value": self.APPLIED[named]}}
        raise ClientError({"Error": {"Code": self._refusal, "Message": "no"}}, "GetServiceQuota")


def with_quotas(world: SurveyWorld, quotas: Quotas) -> Neighbours:
    def client(service: str, _account: str, _region: str) -> Any:
        return quotas if service == "service-quotas" else world.client(service)

    return neighbours(Reader(world.environment, client), ours(world=world))


def test_quotas_are_read_as_the_account_has_them_and_no_further(world: SurveyWorld) -> None:
    found = with_quotas(world, Quotas())
    assert found.quotas == {"rules_per_application_load_balancer": 200, "rules_per_security_group": 45}
    assert found.unasked == {}


def test_a_role_that_may_not_ask_for_quotas_leaves_that_open_and_nothing_else(world: SurveyWorld) -> None:
    found = with_quotas(world, Quotas("AccessDeniedException"))
    assert (found.quotas, set(found.unasked)) == ({}, {Part.QUOTAS})


def test_a_rule_that_names_a_prefix_list_is_read_with_what_the_list_counts_as(world: SurveyWorld) -> None:
    ec2 = world.client("ec2")

    def make(name: str, family: str) -> str:
        answer = ec2.create_managed_prefix_list(PrefixListName=name, AddressFamily=family, MaxEntries=20)
        return str(answer["PrefixList"]["PrefixListId"])

    office, partner = make("office", "IPv4"), make("partner", "IPv6")
    cloudfront = make("com.amazonaws.global.cloudfront.origin-facing", "IPv4")
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": office}]}
    ec2.authorize_security_group_ingress(GroupId=world.groups["instances"], IpPermissions=[permission])
    found = neighbours(world.reader(), ours(world=world))
    assert [rule.prefix_list for rule in found.group_rules if not rule.is_egress] == [office]
    assert found.prefix_lists[office] == PrefixList(entries=20, ipv6=False)
    assert found.prefix_lists[partner] == PrefixList(entries=20, ipv6=True)
    assert found.prefix_lists[cloudfront].entries == 55, "AWS's own lists have a weight"
    later = found.model_copy(
        update={
            "prefix_lists": {
                **found.prefix_lists,
                office: PrefixList(entries=40, ipv6=False),
                partner: found.prefix_lists[office],
            }
        }
    )
    assert found.differences(later) == [
        f"prefix list {office} with 40 entries is new",
        f"prefix list {office} with 20 entries is gone",
    ]


def test_an_imported_certificate_rests_on_no_record(world: SurveyWorld) -> None:
    theirs = world.certificate(["link.getorcha.com"], {})
    going = replace(ours(world=world), leaving_proofs=("link.getorcha.com",))
    reader = world.reader()
    assert len(neighbours(reader, going).proofs) == 1
    imported = next(item for item in reader.certificates if item["CertificateArn"] == theirs)
    imported.update(Type="IMPORTED", DomainValidationOptions=[])
    assert neighbours(reader, going).proofs == ()


def test_a_part_that_does_not_answer_spoils_no_other(world: SurveyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeRules")

    world.port(tags={})
    monkeypatch.setattr(Reader, "rules", refuse)
    found = neighbours(world.reader(), ours(world=world))
    assert set(found.unasked) == {Part.LISTENERS}
    assert "AccessDenied" in found.unasked[Part.LISTENERS]
    assert len(found.group_rules) >= 1
