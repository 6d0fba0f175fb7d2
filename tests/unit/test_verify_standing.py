"""What the verification reads of AWS, judged on answers as AWS writes them."""

from typing import Any

import pytest
from dns.dnssec import make_ds
from dns.name import from_text as absolute
from dns.rdata import from_text

from edge.verify.check import CheckFailedError, Fault, expect_none
from edge.verify.severity import OF_CHECKS, Severity
from edge.verify.standing import bypass, exposure, fleet, records, rules, target_group, user_pool, watch
from edge.verify.standing.listeners import Rule
from edge.verify.zones import signatures
from environments.checked import Environment
from environments.watching import CERTIFICATE_ALARM, TARGET_ALARMS
from tests.support.files import environment, managed, prod

ARN = "arn:aws:elasticloadbalancing:eu-central-1:111111111111:targetgroup/{}/0123456789abcdef"
SHORT, LINK = "link.getorcha.com", "link.prod.getorcha.com"
BALANCER = "v1-orcha-alb-1.eu-central-1.elb.amazonaws.com"


def signing_in() -> Environment:
    """Prod with an admin that nobody reaches without a sign-in, and an app on a wildcard."""
    content = prod()
    content["platform"]["user_pool"] = "v1-orcha-users"
    content["services"]["admin"] = {"port": 7777, "priority": 30, "login": True, "hosts": ["admin.getorcha.com"]}
    content["services"]["app"] = {
        "port": 8888,
        "priority": 40,
        "hosts": ["app.prod.getorcha.com", "*.app.prod.getorcha.com"],
    }
    return environment(content)


def forward(*groups: str, weights: tuple[int, ...] = ()) -> dict[str, Any]:
    named = [f"v1-orcha-{group}-tg" for group in groups]
    if not weights:
        return {"Type": "forward", "TargetGroupArn": ARN.format(named[0])}
    shares = [
        {"TargetGroupArn": ARN.format(name), "Weight": weight} for name, weight in zip(named, weights, strict=True)
    ]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}


def rule(priority: int | str, hosts: str = "", paths: str = "", *, port: int = 443, **more: Any) -> Rule:
    conditions = list(more.get("more", ()))
    for field, key, text in (
        ("host-header", "HostHeaderConfig", hosts),
        ("path-pattern", "PathPatternConfig", paths),
        ("http-request-method", "HttpRequestMethodConfig", more.get("methods", "")),
    ):
        if text:
            conditions.append({"Field": field, key: {"Values": text.split()}})
    actions = more.get("actions", [forward("other")])
    described = {"RuleArn": f"r{priority}", "Priority": str(priority), "Conditions": conditions, "Actions": actions}
    return Rule(port, described)


CONFIG = {"UserPoolArn": "x/pool", "UserPoolClientId": "client"}


def ours() -> list[Rule]:
    """What a deploy makes of `signing_in`."""
    sign_in = {"Type": "authenticate-cognito", "Order": 1, "AuthenticateCognitoConfig": CONFIG}
    return [
        rule(20, f"{LINK} {SHORT}", actions=[forward("link")]),
        rule(30, "admin.getorcha.com", actions=[sign_in, forward("admin")]),
        rule(40, "app.prod.getorcha.com *.app.prod.getorcha.com", actions=[forward("app")]),
    ]


def taken(*others: Rule, base: list[Rule] | None = None) -> str:
    def place(found: Rule) -> tuple[int, int]:
        return found.port, int(found.described["Priority"])

    every = sorted([*(ours() if base is None else base), *others], key=place)
    return "; ".join(fault.found for fault in rules.faults(signing_in(), every))


HEADER = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Canary", "Values": ["1"]}}
ANYBODY = {"Field": "source-ip", "SourceIpConfig": {"Values": ["0.0.0.0/0"]}}
TO_HTTPS = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (rule(2, SHORT, methods="POST"), "rule 2, for link.getorcha.com by POST, comes before link's rule"),
        (rule(2, SHORT, "/oauth2/*"), "at /oauth2/*"),
        (rule(2, "*.getorcha.com", "/login*"), "*.getorcha.com at /login*"),
        (rule(2, "", "/api/*"), "every host at /api/*"),
        (rule(2, SHORT, more=[ANYBODY]), "rule 2"),
        (rule(2, SHORT, "/x", actions=[forward("app")]), "forwards to v1-orcha-app-tg (100 %)"),
        (rule(2, "x.app.prod.getorcha.com"), "comes before app's rule for *.app.prod.getorcha.com"),
        (rule(5, SHORT, "/api/*", port=80, actions=[forward("other")]), "over plain HTTP"),
    ],
)
def test_a_rule_that_takes_a_part_of_our_hosts_is_named(other: Rule, words: str) -> None:
    assert words in taken(other)


@pytest.mark.parametrize(
    "other",
    [
        rule(2, "shop.getorcha.com"),
        rule(2, SHORT, more=[HEADER]),
        rule(2, SHORT, "/health", actions=[forward("link")]),
        rule(90, SHORT, "/api/*"),
        rule(5, SHORT, port=80, actions=[TO_HTTPS]),
        rule(5, SHORT, "/.well-known/acme-challenge/*", port=80),
        rule(25, "app.prod.getorcha.com", actions=[forward("app")]),
    ],
)
def test_what_takes_nothing_of_ours_is_no_fault(other: Rule) -> None:
    assert taken(other) == ""


def test_our_own_rule_must_take_all_and_forward_to_its_own_group_alone() -> None:
    assert taken() == ""
    halved = rule(20, f"{LINK} {SHORT}", actions=[forward("link", "app", weights=(95, 5))])
    assert "sends 5 % of the requests for link.getorcha.com to v1-orcha-app-tg" in taken(base=[halved, *ours()[1:]])
    nothing = rule(20, f"{LINK} {SHORT}", actions=[forward("link", "app", weights=(1, 0))])
    assert taken(base=[nothing, *ours()[1:]]) == ""
    narrowed = rule(20, f"{LINK} {SHORT}", methods="GET", actions=[forward("link")])
    assert "rule 20 of link leaves out some of the requests for link.getorcha.com" in taken(
        base=[narrowed, *ours()[1:]]
    )


def test_a_rule_behind_one_that_takes_everything_of_it_takes_nothing() -> None:
    first = rule(2, SHORT, "/health*", actions=[forward("link")])
    assert taken(first, rule(3, SHORT, "/health")) == ""
    assert "rule 3" in taken(first, rule(3, SHORT, "/h*"))


CLIENTS = {"admin": "client"}


def around(*others: Rule, pool: str = "pool", groups: tuple[str, ...] = ("v1-orcha-admin-tg",)) -> str:
    found = bypass.faults(signing_in(), [*ours(), *others], {"admin": frozenset(groups)}, pool_id=pool, clients=CLIENTS)
    return "; ".join(fault.found for fault in found)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (rule(2, "admin.getorcha.com", "/api/*", actions=[forward("admin")]), "asks for no sign-in"),
        (rule(2, "internal.getorcha.com", actions=[forward("admin")]), "for internal.getorcha.com,"),
        (rule(2, "admin.getorcha.com", more=[HEADER], actions=[forward("admin")]), "under more conditions"),
        (rule("default", actions=[forward("admin")]), "the default action leads to admin"),
        (rule("default", port=8443, actions=[forward("admin")]), "the default action on port 8443"),
        (rule(2, "x.getorcha.com", actions=[forward("link", "admin", weights=(99, 1))]), "rule 2"),
    ],
)
def test_a_way_around_a_sign_in_is_named(other: Rule, words: str) -> None:
    assert words in around(other)


def test_a_sign_in_elsewhere_or_that_lets_everybody_through_is_named() -> None:
    assert around() == ""
    assert "at the user pool pool, not at the user pool other" in around(pool="other")
    config = {**CONFIG, "OnUnauthenticatedRequest": "allow"}
    allowing = {"Type": "authenticate-cognito", "AuthenticateCognitoConfig": config}
    assert "lets requests without a session through" in around(rule(2, "x.y", actions=[allowing, forward("admin")]))
    assert around(rule(2, "x.y", actions=[forward("metrics")])) == ""
    assert "x.y" in around(
        rule(2, "x.y", actions=[forward("metrics")]), groups=("v1-orcha-admin-tg", "v1-orcha-metrics-tg")
    )


def port(first: int, last: int, **peer: str) -> dict[str, Any]:
    return {"IsEgress": False, "IpProtocol": "tcp", "FromPort": first, "ToPort": last, **peer}


@pytest.mark.parametrize(
    ("found", "exposed"),
    [
        (port(9999, 9999, CidrIpv4="0.0.0.0/0"), True),
        (port(7000, 10000, CidrIpv6="::/0"), True),
        ({"IsEgress": False, "IpProtocol": "-1", "CidrIpv4": "128.0.0.0/1"}, True),
        (port(9999, 9999, CidrIpv4="198.51.100.7/32"), True),
        (port(9999, 9999, CidrIpv4="10.0.0.0/8"), False),
        (port(9999, 9999, CidrIpv6="fd00::/8"), False),
        (port(22, 22, CidrIpv4="0.0.0.0/0"), True),
        (port(0, 65535, CidrIpv6="2600::/12"), True),
        (port(22, 22, CidrIpv4="198.51.100.7/32"), False),
        ({"IsEgress": False, "IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "CidrIpv4": "0.0.0.0/0"}, False),
        ({**port(9999, 9999, CidrIpv4="0.0.0.0/0"), "IsEgress": True}, False),
        ({**port(9999, 9999), "ReferencedGroupInfo": {"GroupId": "sg-1"}}, False),
    ],
)
def test_no_services_port_is_open_to_the_internet(found: dict[str, Any], exposed: bool) -> None:
    assert bool(list(exposure.exposure_faults([found], signing_in()))) is exposed


@pytest.mark.parametrize(
    ("ranges", "dualstack", "missing"),
    [
        (["0.0.0.0/0"], False, []),
        (["0.0.0.0/1", "128.0.0.0/1"], False, []),
        (["128.0.0.0/1"], False, ["IPv4"]),
        (["0.0.0.0/0"], True, ["IPv6"]),
        (["0.0.0.0/0", "::/0"], True, []),
        ([], True, ["IPv4", "IPv6"]),
    ],
)
def test_every_client_gets_in(ranges: list[str], dualstack: bool, missing: list[str]) -> None:
    found = [port(443, 443, **{"CidrIpv6" if ":" in item else "CidrIpv4": item}) for item in ranges]
    plain = [port(80, 80, CidrIpv4="0.0.0.0/0"), port(80, 80, CidrIpv6="::/0")]
    faults = list(exposure.client_faults([*found, *plain], is_dualstack=dualstack, is_expected=dualstack))
    assert [fault.found[-4:] for fault in faults] == missing
    assert all("TCP 443" in fault.found for fault in faults)


def test_port_80_is_open_to_all_too() -> None:
    found = [port(443, 443, CidrIpv4="0.0.0.0/0"), port(80, 80, CidrIpv4="0.0.0.0/1")]
    (fault,) = exposure.client_faults(found, is_dualstack=False, is_expected=False)
    assert fault.found == "the load balancer's group does not take TCP 80 from all of IPv4"


def test_a_load_balancer_without_ipv6_where_the_file_wants_it_and_a_prefix_list() -> None:
    found = [port(80, 443, PrefixListId="pl-1")]
    (fault,) = exposure.client_faults(found, is_dualstack=False, is_expected=True)
    assert "the file says dualstack" in fault.found


def target(id: str, state: str = "healthy", target_port: int = 9999) -> dict[str, Any]:
    return {"Target": {"Id": id, "Port": target_port}, "TargetHealth": {"State": state, "Reason": "Target.Timeout"}}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([target("i-1"), target("i-2", "unhealthy")], "i-2 is unhealthy (Target.Timeout)"),
        ([target("i-1")], "i-2 is not registered"),
        ([target("i-1"), target("i-2"), target("i-9")], "i-9 is no instance in service"),
        ([target("i-1"), target("i-2"), target("i-2", target_port=80)], "i-2 is asked on port 80, not on 9999"),
        ([target("i-1"), target("i-2"), target("i-9", "draining")], ""),
        ([target("i-1"), target("i-2", "initial")], ""),
    ],
)
def test_every_instance_is_a_healthy_target_and_nothing_else_is(found: list[dict[str, Any]], words: str) -> None:
    faults = list(fleet.target_faults(found, ["i-1", "i-2"], port=9999))
    assert len(faults) == bool(words)
    assert words in "".join(fault.found for fault in faults)


def test_new_instances_are_started_and_registered() -> None:
    group = {"AutoScalingGroupName": "asg", "TargetGroupARNs": [ARN.format("a")], "SuspendedProcesses": []}
    assert list(fleet.attachment_faults(group, ["a"])) == []
    assert "not attached to b" in next(iter(fleet.attachment_faults(group, ["a", "b"]))).found
    source = {"TrafficSources": [{"Identifier": ARN.format("b")}]}
    assert list(fleet.attachment_faults({**group, **source}, ["a", "b"])) == []
    processes = [{"ProcessName": "Launch"}, {"ProcessName": "AZRebalance"}]
    (fault,) = fleet.attachment_faults({**group, "SuspendedProcesses": processes}, ["a"])
    assert fault.found == "asg has suspended Launch"


def test_the_health_check_is_the_files() -> None:
    service = signing_in().services["link"]
    right = {
        "HealthCheckPath": "/health",
        "Matcher": {"HttpCode": "200"},
        "HealthCheckPort": "traffic-port",
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 3,
    }
    assert list(target_group.health_check_faults(right, service)) == []
    for key, other in {**right, "Matcher": {"HttpCode": "200-499"}, "HealthCheckPath": "/"}.items():
        changed = 77 if other == right[key] else other
        assert len(list(target_group.health_check_faults({**right, key: changed}, service))) == 1


def record(name: str, kind: str, *values: str, **more: Any) -> dict[str, Any]:
    return {"Name": f"{name}.", "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": v} for v in values], **more}


def alias(name: str, kind: str = "A", target: str = f"dualstack.{BALANCER}.", **more: Any) -> dict[str, Any]:
    return {"Name": f"{name}.", "Type": kind, "AliasTarget": {"DNSName": target}, **more}


@pytest.mark.parametrize(
    ("found", "severity", "words"),
    [
        (alias(LINK), None, ""),
        (alias(LINK, "AAAA"), None, ""),
        (record(LINK, "TXT", '"x"'), None, ""),
        (record(LINK, "HTTPS", "1 . alpn=h2"), None, ""),
        (alias(LINK, SetIdentifier="a", Weight=1), None, ""),
        (record(LINK, "HTTPS", "1 elsewhere.example.net."), Severity.PART, "leads browsers elsewhere"),
        (record(LINK, "HTTPS", "1 . ipv4hint=198.51.100.1"), Severity.PART, "leads browsers elsewhere"),
        (record(LINK, "A", "192.0.2.1"), Severity.LATENT, "is a fixed address"),
        (record(LINK, "AAAA", "2001:db8::1"), Severity.PART, "leads to 2001:db8::1"),
        (alias(LINK, target="other.elb.amazonaws.com.", SetIdentifier="b"), Severity.PART, "one of several"),
        (record(SHORT, "CNAME", LINK, TTL=604800), Severity.LATENT, "TTL of 7 days"),
        (record(SHORT, "CNAME", LINK), None, ""),
        (record(SHORT, "CNAME", BALANCER), None, ""),
        (record(SHORT, "CNAME", "hop.getorcha.com"), None, ""),
        (record(SHORT, "CNAME", "link.example.net"), Severity.LATENT, "which others may change"),
        (alias(LINK, SetIdentifier="a", GeoLocation={"CountryCode": "DE"}), Severity.PART, "in some places only"),
        (alias(LINK, SetIdentifier="a", GeoLocation={"CountryCode": "*"}), None, ""),
        (alias(LINK, SetIdentifier="a", Region="eu-central-1"), None, ""),
        (alias(LINK, SetIdentifier="a", Failover="SECONDARY"), Severity.LATENT, "a secondary without a primary"),
        (alias(LINK, SetIdentifier="a", Failover="PRIMARY", HealthCheckId="h"), Severity.LATENT, "the health check h"),
        (alias(LINK, SetIdentifier="a", CidrRoutingConfig={"LocationName": "x"}), Severity.PART, "some networks only"),
        (alias(LINK, SetIdentifier="a", CidrRoutingConfig={"LocationName": "*"}), None, ""),
    ],
)
def test_what_stands_at_a_host_leads_to_the_load_balancer(
    found: dict[str, Any], severity: Severity | None, words: str
) -> None:
    hosts = [found["Name"].removesuffix(".")]
    faults = list(records.faults(signing_in(), hosts, [found], BALANCER))
    assert [fault.severity or OF_CHECKS["records"] for fault in faults] == ([severity] if severity else [])
    assert words in "".join(fault.found for fault in faults)


def test_an_aaaa_is_expected_on_a_dualstack_platform() -> None:
    host = "link.staging.getorcha.com"
    missing = list(records.faults(environment(managed(), "staging"), [host], [alias(host)], BALANCER))
    assert [fault.found for fault in missing] == [
        f"{host} has no AAAA, so that clients with IPv6 alone do not reach it"
    ]
    both = [alias(host), alias(host, "AAAA")]
    assert list(records.faults(environment(managed(), "staging"), [host], both, BALANCER)) == []


class Zone:
    """A zone of some names, each request of which is counted."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def records_below(self, _zone: str, name: str) -> list[dict[str, Any]]:
        assert name == "web.getorcha.com"
        return [record(name, "TXT", "x") for name in self.names]


def test_a_wildcard_is_asked_at_a_name_that_no_record_hides() -> None:
    """RFC 4592 section 2.2.2: what stands below a name makes it exist, and the wildcard does not serve it."""
    zone: Any = Zone(
        "web.getorcha.com", r"\052.web.getorcha.com", "_x.orcha-verify.web.getorcha.com", "a.b.web.getorcha.com"
    )
    answered = records.wildcard(signing_in(), "*.web.getorcha.com", "getorcha.com", aws=zone)
    assert answered.value == "orcha-verify-1.web.getorcha.com"
    assert [note.split()[0] for note in answered.notes] == ["b.web.getorcha.com", "orcha-verify.web.getorcha.com"]
    plain: Any = Zone("_x.web.getorcha.com", "other.getorcha.com")
    assert records.wildcard(signing_in(), "*.web.getorcha.com", "getorcha.com", aws=plain).notes == ()


CLIENT: dict[str, Any] = {
    "ClientName": "v1-orcha-admin",
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthScopes": ["openid"],
    "SupportedIdentityProviders": ["COGNITO"],
    "ClientSecret": "x",
    "CallbackURLs": ["https://admin.getorcha.com/oauth2/idpresponse", "http://localhost:3000/"],
}


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({}, None),
        ({"AllowedOAuthFlowsUserPoolClient": False}, Severity.OUTAGE),
        ({"AllowedOAuthFlows": []}, Severity.OUTAGE),
        ({"AllowedOAuthFlows": ["implicit"]}, Severity.OUTAGE),
        ({"AllowedOAuthFlows": ["code", "implicit"]}, Severity.SECURITY),
        ({"AllowedOAuthScopes": ["email"]}, Severity.OUTAGE),
        ({"SupportedIdentityProviders": []}, Severity.OUTAGE),
        ({"ClientSecret": ""}, Severity.OUTAGE),
        ({"SupportedIdentityProviders": ["Google"]}, Severity.OUTAGE),
        ({"SupportedIdentityProviders": ["COGNITO", "Google"]}, Severity.SECURITY),
        ({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}, None),
        ({"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}, Severity.SECURITY),
        ({"PreventUserExistenceErrors": "LEGACY"}, Severity.SECURITY),
        ({"CallbackURLs": ["http://admin.getorcha.com/oauth2/idpresponse"]}, Severity.SECURITY),
        ({"CallbackURLs": ["https://admin-getorcha.example.net/cb"]}, Severity.SECURITY),
    ],
)
def test_a_user_pool_client_can_sign_people_in_and_does_nothing_else(
    changes: dict[str, Any], severity: Severity | None
) -> None:
    faults = list(
        user_pool.client_faults({**CLIENT, **changes}, scope="openid", hosts=frozenset({"admin.getorcha.com"}))
    )
    if severity is None:
        assert faults == []
    else:
        with pytest.raises(CheckFailedError) as caught:
            expect_none("user pool client", faults)
        assert caught.value.severity is severity


INVITING = {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}
STRICT = {"MfaConfiguration": "ON"}


@pytest.mark.parametrize(
    ("pool", "count"),
    [
        ({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}, "MfaConfiguration": "ON"}, 0),
        ({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False}, "MfaConfiguration": "ON"}, 1),
        ({"MfaConfiguration": "ON"}, 1),
        ({**INVITING, "MfaConfiguration": "OPTIONAL"}, 1),
        ({**INVITING, **STRICT, "Policies": {"PasswordPolicy": {"MinimumLength": 8}}}, 1),
        ({**INVITING, **STRICT, "Policies": {"PasswordPolicy": {"MinimumLength": 20}}}, 0),
        ({**INVITING, **STRICT, "Policies": {"PasswordPolicy": {"RequireSymbols": False}}}, 1),
        ({**INVITING, **STRICT, "LambdaConfig": {"PreSignUp": "arn:aws:lambda:x"}}, 1),
        ({**INVITING, **STRICT, "LambdaConfig": {"CustomMessage": "arn:aws:lambda:x"}}, 0),
        ({**INVITING, **STRICT, "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}, 1),
    ],
)
def test_a_managed_user_pool_takes_no_sign_ups_and_asks_for_a_second_factor(pool: dict[str, Any], count: int) -> None:
    assert len(list(user_pool.pool_faults({"Name": "users", **pool}, environment(managed(), "staging")))) == count


@pytest.mark.parametrize("is_managed", [True, False])
@pytest.mark.parametrize(("wanted", "is_open", "severity"), [(True, True, None), (False, True, Severity.SECURITY)])
def test_sign_ups_are_a_fault_unless_the_file_lets_people(
    is_managed: bool, wanted: bool, is_open: bool, severity: Severity | None
) -> None:
    content = managed() if is_managed else prod()
    table = content["platform"].setdefault("login", {}) if is_managed else content["platform"]
    table["self_sign_up"] = wanted
    pool = {"Name": "users", **STRICT, "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": not is_open}}
    faults = list(user_pool.pool_faults(pool, environment(content, "staging" if is_managed else "prod")))
    assert [fault.severity or OF_CHECKS["user pool"] for fault in faults] == ([severity] if severity else [])
    assert all("self_sign_up = true" in fault.remedy for fault in faults)


def test_a_closed_pool_is_a_fault_where_the_file_lets_people_in() -> None:
    content = managed()
    content["platform"].setdefault("login", {})["self_sign_up"] = True
    (fault,) = user_pool.pool_faults({"Name": "users", **INVITING, **STRICT}, environment(content, "staging"))
    assert (fault.severity, fault.remedy) == (Severity.PART, "deploy again")


def alarm(**changes: Any) -> dict[str, Any]:
    return {
        "ActionsEnabled": True,
        "AlarmActions": ["arn:aws:sns:eu-central-1:111111111111:v1-orcha-alerts"],
        "Dimensions": [{"Name": "TargetGroup", "Value": "targetgroup/link/1"}],
        **changes,
    }


METRIC = {"Metric": {"Dimensions": [{"Name": "TargetGroup", "Value": "targetgroup/app/2"}]}}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"a": alarm()}, ""),
        ({}, "there is no alarm a"),
        ({"a": alarm(ActionsEnabled=False)}, "the actions of a are disabled"),
        ({"a": alarm(Dimensions=[])}, "a looks at nothing of the service"),
        ({"a": alarm(AlarmActions=[])}, "a does not notify v1-orcha-alerts"),
        ({"a": alarm(Dimensions=METRIC["Metric"]["Dimensions"])}, "a looks at targetgroup/app/2"),
        ({"a": alarm(Dimensions=[], Metrics=[{"Id": "e"}, {"MetricStat": METRIC}])}, "a looks at targetgroup/app/2"),
    ],
)
def test_an_alarm_stands_looks_at_its_service_and_notifies(found: dict[str, Any], words: str) -> None:
    faults = list(watch.faults(["a"], found, "v1-orcha-alerts", {"TargetGroup": {"targetgroup/link/1"}}))
    assert words in "".join(fault.found for fault in faults)
    assert len(faults) == bool(words)


def made(body: dict[str, Any]) -> dict[str, Any]:
    """What CloudWatch describes of an alarm that Terraform makes."""
    described = {
        "ComparisonOperator": body["comparison_operator"],
        "EvaluationPeriods": body["evaluation_periods"],
        "TreatMissingData": body["treat_missing_data"],
        "Namespace": body.get("namespace"),
        "MetricName": body.get("metric_name"),
        "Period": body.get("period"),
        "Statistic": body.get("statistic"),
        "ExtendedStatistic": body.get("extended_statistic"),
    }
    if queries := body.get("metric_query"):
        share, *counts = queries
        described["Metrics"] = [
            {"Id": "share", "Expression": share["expression"], "ReturnData": True},
            *({"Id": query["id"], "MetricStat": stat(query["metric"]), "ReturnData": False} for query in counts),
        ]
    return described


def stat(metric: dict[str, Any]) -> dict[str, Any]:
    named = {"Namespace": metric["namespace"], "MetricName": metric["metric_name"]}
    return {"Metric": named, "Stat": metric["stat"], "Period": metric["period"]}


CHANGES: list[tuple[str, dict[str, Any], str]] = [
    ("unhealthy", {"TreatMissingData": "ignore"}, "treatment of missing data of v1-orcha-link-unhealthy is ignore"),
    ("unhealthy", {"TreatMissingData": None}, "is missing, not breaching"),
    ("unhealthy", {"MetricName": "UnHealthyHostCount"}, "metric"),
    ("unhealthy", {"Namespace": "AWS/NetworkELB"}, "metric"),
    ("degraded", {"Statistic": "Average"}, "statistic"),
    ("latency", {"ExtendedStatistic": "p50"}, "statistic of v1-orcha-link-latency is p50, not p95"),
    ("latency", {"EvaluationPeriods": 60}, "number of periods"),
    ("latency", {"DatapointsToAlarm": 1}, "number of periods that must fail"),
    ("unhealthy", {"ComparisonOperator": "GreaterThanThreshold"}, "comparison"),
    ("unhealthy", {"Period": 3600}, "period in seconds"),
    ("5xx", {"Metrics": [{"Id": "share", "Expression": "0 * errors", "ReturnData": True}]}, "expression"),
]


@pytest.mark.parametrize(("condition", "changes", "words"), CHANGES)
def test_an_alarm_computes_what_a_deploy_makes_it_compute(
    prod_stack: dict[str, Any], condition: str, changes: dict[str, Any], words: str
) -> None:
    names = watch.names(signing_in(), "link", has_certificate=True)
    alarms = prod_stack["resource"]["aws_cloudwatch_metric_alarm"].values()
    found = {body["alarm_name"]: made(body) for body in alarms}
    assert list(watch.shape_faults(names, found)) == []
    changed = {**found, names[condition]: {**found[names[condition]], **changes}}
    assert words in "".join(fault.found for fault in watch.shape_faults(names, changed))


def test_the_alarms_are_named_as_they_are_made(prod_stack: dict[str, Any]) -> None:
    made = {body["alarm_name"] for body in prod_stack["resource"]["aws_cloudwatch_metric_alarm"].values()}
    names = watch.names(signing_in(), "link", has_certificate=True)
    assert set(names.values()) == made
    assert tuple(names) == (*TARGET_ALARMS, CERTIFICATE_ALARM)


class Parent:
    """A parent and its child: what each answers about DS and DNSKEY."""

    def __init__(self, ds: tuple[str, ...], keys: tuple[str, ...]) -> None:
        self.ds, self.keys = ds, keys

    def resolve(self, _name: str, kind: str) -> Any:
        return type("Answer", (), {"values": ("192.0.2.53",) if kind == "A" else ("ns.example.net",)})

    def ask_at(self, _name: str, kind: str, _addresses: Any) -> Any:
        return type("Answer", (), {"values": self.ds if kind == "DS" else self.keys})


# The root zone's key since 2017, and its DS, which is of no other zone: https://data.iana.org/root-anchors/root-anchors.xml
KEY = (
    "257 3 8 AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+B5xQlN"
    "Vz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eN"
    "buv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8sub"
    "X2Nn6UwNR1AkUTV74bU="
)
DIGEST = "20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"


def test_a_parents_ds_must_fit_a_key_of_the_zone() -> None:
    def ask(ds: tuple[str, ...], keys: tuple[str, ...]) -> str:
        dns: Any = Parent(ds, keys)
        return signatures("prod.getorcha.com", ("192.0.2.1",), dns=dns).detail

    of_the_key = make_ds(absolute("prod.getorcha.com"), from_text("IN", "DNSKEY", KEY), "SHA256").to_text()

    assert "no DS" in ask((), ())
    assert "fits" in ask((DIGEST, of_the_key), (KEY,))
    with pytest.raises(CheckFailedError, match="is not signed"):
        ask((DIGEST,), ())
    with pytest.raises(CheckFailedError, match="has other keys"):
        ask((DIGEST,), (KEY,))


def test_several_faults_are_as_bad_as_the_worst() -> None:
    faults = [Fault("a", "x"), Fault("b", "x", Severity.SECURITY)]
    with pytest.raises(CheckFailedError) as caught:
        expect_none("records", faults)
    assert (caught.value.found, caught.value.remedy, caught.value.severity) == ("b; a", "x", Severity.SECURITY)
    expect_none("records", [])


def test_a_line_names_the_worst_of_many_faults_and_counts_the_others() -> None:
    faults = [*(Fault(f"part {number}", "x") for number in range(9)), Fault("open", "close", Severity.SECURITY)]
    with pytest.raises(CheckFailedError) as caught:
        expect_none("records", faults)
    assert caught.value.found == "open; part 0; part 1; part 2; part 3; part 4; and 4 more"
    assert caught.value.remedy == "close; x"
