"""TLS policy, protections, topic, certificates that serve, and foreign endpoints, on answers as AWS writes them."""

from typing import Any

import httpx
import pytest

from edge.aws import alb_semantics
from edge.aws.everywhere import is_everywhere, is_public
from edge.verify import renewal, routing
from edge.verify.check import CheckFailedError
from edge.verify.discovery import discovery
from edge.verify.severity import Severity
from edge.verify.standing import fleet, guards
from environments.platforms import ManagedPlatform
from environments.watching import WEB_ACL_RULE_GROUPS
from tests.support.files import environment, managed, prod

OURS, OTHERS = (f"arn:aws:elasticloadbalancing:eu-central-1:111111111111:loadbalancer/app/{n}/1" for n in ("a", "ab"))


class Aws:
    """Answers every call of a service alike."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def client(self, _service: str) -> "Aws":
        return self

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: self.answers[name]


@pytest.mark.parametrize(
    ("protocols", "words"),
    [
        (["TLSv1.2", "TLSv1.3"], ""),
        (["TLSv1.3"], "many clients know no more than TLS 1.2"),
        (["TLSv1", "TLSv1.1", "TLSv1.2"], "ELBSecurityPolicy-X takes TLSv1 and TLSv1.1 too"),
        ([], "AWS describes no TLS policy"),
    ],
)
def test_the_tls_policy_takes_no_forbidden_version(protocols: list[str], words: str) -> None:
    policies = {"SslPolicies": [{"SslProtocols": protocols}]}
    aws: Any = Aws(listener={"SslPolicy": "ELBSecurityPolicy-X"}, describe_ssl_policies=policies)
    if words:
        with pytest.raises(CheckFailedError, match=words):
            guards.tls_policy("arn", aws=aws)
    else:
        assert "TLSv1.3" in guards.tls_policy("arn", aws=aws).detail


STAGING = environment(managed(), "staging")
RULES = [{"Name": name, "OverrideAction": {"None": {}}} for name in WEB_ACL_RULE_GROUPS]
WEB_ACL = {"Name": "v1-orcha-staging-alb", "DefaultAction": {"Allow": {}}, "Rules": RULES}


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({}, []),
        ({"Name": "somebody-elses"}, [None]),
        ({"DefaultAction": {"Block": {}}}, [Severity.OUTAGE]),
        ({"Rules": RULES[1:]}, [None]),
        ({"Rules": [*RULES[1:], {**RULES[0], "OverrideAction": {"Count": {}}}]}, [None]),
        ({"Rules": [*RULES, {"Name": "no-posts", "Action": {"Block": {}}}]}, [Severity.PART]),
    ],
)
def test_the_web_acl_is_ours_and_refuses_what_it_should(
    changes: dict[str, Any], severities: list[Severity | None]
) -> None:
    faults = guards.web_acl_faults({**WEB_ACL, **changes}, "v1-orcha-staging-alb")
    assert [fault.severity for fault in faults] == severities


def test_a_web_acl_stands_before_the_load_balancer() -> None:
    there: Any = Aws(get_web_acl_for_resource={"WebACL": WEB_ACL})
    assert "v1-orcha-staging-alb" in guards.web_acl(STAGING, "arn", aws=there).detail
    gone: Any = Aws(get_web_acl_for_resource={})
    with pytest.raises(CheckFailedError, match="no web ACL"):
        guards.web_acl(STAGING, "arn", aws=gone)


GUARDED = {
    "deletion_protection.enabled": "true",
    "access_logs.s3.enabled": "true",
    "routing.http.drop_invalid_header_fields.enabled": "true",
}
POOL = {"Name": "users", "DeletionProtection": "ACTIVE"}


@pytest.mark.parametrize(
    ("attributes", "pool", "severities"),
    [
        ({}, POOL, []),
        ({}, None, []),
        ({"deletion_protection.enabled": "false"}, POOL, [None]),
        ({}, {**POOL, "DeletionProtection": "INACTIVE"}, [None]),
        ({"access_logs.s3.enabled": "false"}, POOL, [Severity.OPERATIONS]),
        ({"routing.http.drop_invalid_header_fields.enabled": "false"}, POOL, [Severity.SECURITY]),
    ],
)
def test_what_the_file_protects_is_protected(
    attributes: dict[str, str], pool: dict[str, Any] | None, severities: list[Severity | None]
) -> None:
    platform = environment(managed(), "staging").platform
    assert isinstance(platform, ManagedPlatform)
    faults = guards.protection_faults({**GUARDED, **attributes}, pool, platform)
    assert [fault.severity for fault in faults] == severities


def test_protection_that_the_file_lifts_is_not_missed() -> None:
    content = managed()
    content["platform"]["balancer"]["deletion_protection"] = False
    platform = environment(content, "staging").platform
    assert isinstance(platform, ManagedPlatform)
    assert list(guards.protection_faults({**GUARDED, "deletion_protection.enabled": "false"}, POOL, platform)) == []


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([], "there is no Auto Scaling group v1-orcha-asg"),
        ([{"AutoScalingGroupName": "v1-orcha-asg", "DesiredCapacity": 0, "Instances": []}], "desired capacity is 0"),
    ],
)
def test_a_scaling_group_that_is_gone_or_empty_is_named(groups: list[dict[str, Any]], words: str) -> None:
    aws: Any = Aws(describe_auto_scaling_groups={"AutoScalingGroups": groups})
    with pytest.raises(CheckFailedError, match=words):
        fleet.scaling_group(environment(prod()), aws=aws)


def test_only_instances_in_service_are_expected_as_targets() -> None:
    instances = [
        {"InstanceId": id, "LifecycleState": state} for id, state in (("i-1", "InService"), ("i-2", "Pending"))
    ]
    group = {"AutoScalingGroupName": "v1-orcha-asg", "DesiredCapacity": 2, "Instances": instances}
    aws: Any = Aws(describe_auto_scaling_groups={"AutoScalingGroups": [group]})
    assert fleet.scaling_group(environment(prod()), aws=aws).value == ["i-1"]


def certificate(arn: str, status: str = "ISSUED", *users: str) -> dict[str, Any]:
    names = {"DomainName": "a.b.com", "SubjectAlternativeNames": ["a.b.com"]}
    return {"CertificateArn": arn, "Status": status, "InUseBy": list(users), **names}


def test_only_certificates_that_serve_here_are_looked_at() -> None:
    found = [
        certificate("ours", "ISSUED", OURS),
        certificate("elsewhere", "ISSUED", OTHERS),
        certificate("waiting", "PENDING_VALIDATION"),
    ]
    aws: Any = Aws(certificates=found)
    answered = renewal.certificates(("a.b.com",), "a", aws=aws)
    assert [item["CertificateArn"] for item in answered.value] == ["ours"]
    assert [note.split()[0] for note in answered.notes] == ["elsewhere", "waiting"]
    nobody: Any = Aws(certificates=found[2:])
    assert [item["CertificateArn"] for item in renewal.certificates(("a.b.com",), "a", aws=nobody).value] == ["waiting"]


def document(**more: str) -> httpx.Response:
    fields = {
        "issuer": "https://a.getorcha.com",
        "authorization_endpoint": "https://a.getorcha.com/authorize",
        "token_endpoint": "https://a.getorcha.com/token",
        "response_types_supported": ["code"],
    }
    return httpx.Response(200, json={**fields, **more})


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri", "registration_endpoint"])
def test_an_endpoint_on_a_foreign_domain_is_a_matter_of_security(endpoint: str) -> None:
    def is_trusted(host: str) -> bool:
        return host.endswith(".getorcha.com")

    def ask(**more: str) -> Any:
        return discovery(
            "a.getorcha.com", lambda _: document(**more), issuer="https://a.getorcha.com", is_trusted=is_trusted
        )

    assert ask().value["issuer"] == "https://a.getorcha.com"
    assert ask(**{endpoint: "https://b.getorcha.com/x"}).value
    with pytest.raises(CheckFailedError, match=f"{endpoint} https://a-getorcha.com/x leads") as caught:
        ask(**{endpoint: "https://a-getorcha.com/x"})
    assert caught.value.severity is Severity.SECURITY


@pytest.mark.parametrize(
    ("ranges", "version", "whole"),
    [
        (["0.0.0.0/0"], 4, True),
        (["0.0.0.0/1", "128.0.0.0/1"], 4, True),
        (["0.0.0.0/1"], 4, False),
        (["::/0"], 6, True),
        (["2000::/3"], 6, True),
        (["2000::/4"], 6, False),
        (["::/0"], 4, False),
        ([], 4, False),
    ],
)
def test_ranges_are_the_whole_internet(ranges: list[str], version: int, whole: bool) -> None:
    assert is_everywhere(ranges, version=version) is whole


@pytest.mark.parametrize(
    ("written", "public"),
    [("10.0.0.0/8", False), ("10.0.0.0/7", True), ("100.64.0.0/10", False), ("fd00::/64", False), ("0.0.0.0/0", True)],
)
def test_a_range_that_holds_a_public_address_is_public(written: str, public: bool) -> None:
    assert is_public(written) is public


def test_what_a_rule_forwards_by_weight() -> None:
    groups = [{"TargetGroupArn": name, "Weight": weight} for name, weight in (("a", 95), ("b", 5), ("c", 0))]
    forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
    actions: list[dict[str, Any]] = [{"Type": "authenticate-oidc"}, forward]
    assert alb_semantics.shares(actions) == {"a": 95.0, "b": 5.0}
    assert alb_semantics.shares([{"Type": "forward", "TargetGroupArn": "a"}]) == {"a": 100.0}
    assert alb_semantics.shares([{"Type": "redirect"}]) == {}


def test_an_address_that_is_every_address_and_a_regular_expression() -> None:
    anybody = {"Field": "source-ip", "SourceIpConfig": {"Values": ["0.0.0.0/0"]}}
    office = {"Field": "source-ip", "SourceIpConfig": {"Values": ["198.51.100.0/24"]}}
    by_regex = {"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["^a$"]}}
    assert alb_semantics.rule_answers({"Conditions": [anybody]}, host="a", path="/")
    assert [alb_semantics.needs_more({"Conditions": [c]}) for c in (anybody, office, by_regex)] == [False, True, True]


class Firewall:
    """Two instances, of which the second may have another group, whose rules let nothing in."""

    def __init__(self, *groups: str) -> None:
        self.groups = groups

    def load_balancer(self) -> dict[str, Any]:
        return {"SecurityGroups": ["sg-alb"]}

    def instances(self, _: list[str]) -> list[dict[str, Any]]:
        return [
            {"InstanceId": f"i-{number}", "PrivateIpAddress": "10.0.0.5", "SecurityGroups": [{"GroupId": group}]}
            for number, group in enumerate(self.groups)
        ]

    def security_group_rules(self, groups: list[str]) -> list[dict[str, Any]]:
        peer = {"ReferencedGroupInfo": {"GroupId": "sg-alb"}}
        rules = {
            "sg-alb": [{"IsEgress": False, **ports(443), **WORLD}, {"IsEgress": True, **ports(9999), **WORLD}],
            "sg-open": [{"IsEgress": False, **ports(9999), **peer}],
        }
        return [rule for group in groups for rule in rules.get(group, [])]


WORLD = {"CidrIpv4": "0.0.0.0/0"}


def ports(number: int) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": number, "ToPort": number}


@pytest.mark.parametrize(
    ("groups", "found", "severity"),
    [
        (("sg-open", "sg-open"), "", None),
        (
            ("sg-closed", "sg-closed"),
            "the instances' group lets no TCP 9999 in from the load balancer",
            Severity.OUTAGE,
        ),
        (("sg-open", "sg-x"), "the instances' group lets no TCP 9999 in from the load balancer (i-1)", Severity.PART),
    ],
)
def test_what_is_closed_for_one_instance_is_found(
    groups: tuple[str, ...], found: str, severity: Severity | None
) -> None:
    aws: Any = Firewall(*groups)
    service = environment(prod()).services["link"]
    if not found:
        assert routing.firewall(["i-0", "i-1"], service=service, aws=aws).detail
        return
    with pytest.raises(CheckFailedError) as caught:
        routing.firewall(["i-0", "i-1"], service=service, aws=aws)
    assert (caught.value.found, caught.value.severity) == (found, severity)
