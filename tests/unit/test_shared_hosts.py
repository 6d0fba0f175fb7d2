"""Services that share a host by paths: who owns it, what each gets, and in which order the parts are made."""

import copy
from typing import Any

import pytest

from edge.verify.asked_paths import asked_paths
from environments import quota_usage
from environments.checked import Environment
from environments.shared_hosts import SharedHosts
from tests.support.files import environment, prod
from tests.support.synthesizing import synthesize

LINK, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
Stack = dict[str, Any]


def declared(**services: dict[str, Any]) -> Environment:
    """Validate prod.toml with its Link at priority 20, and with other services; each gets a port of its own."""
    content = copy.deepcopy(prod())
    for number, (name, service) in enumerate(services.items()):
        content["services"][name.replace("_", "-")] = {"port": 8000 + number, **service}
    return environment(content)


API = {"priority": 15, "hosts": [LINK, SHORT], "paths": ["/api/*"]}
V2 = {"priority": 10, "hosts": [LINK], "paths": ["/api/v2/*", "/v?"]}


@pytest.fixture(scope="module")
def stack() -> Stack:
    return synthesize(declared(api=API, v2=V2))


def names(stack: Stack, kind: str) -> set[str]:
    return set(stack["resource"].get(kind, {}))


def test_a_rule_takes_the_paths_of_its_service(stack: Stack) -> None:
    rules = stack["resource"]["aws_lb_listener_rule"]
    assert {name: (rule["priority"], rule["condition"]) for name, rule in rules.items()} == {
        "v2": (10, [{"host_header": {"values": [LINK]}}, {"path_pattern": {"values": ["/api/v2/*", "/v?"]}}]),
        "api": (15, [{"host_header": {"values": [LINK, SHORT]}}, {"path_pattern": {"values": ["/api/*"]}}]),
        "link": (20, [{"host_header": {"values": [LINK, SHORT]}}]),
    }


def test_the_owner_alone_makes_a_hosts_records_and_certificate(stack: Stack) -> None:
    assert names(stack, "aws_acm_certificate") == names(stack, "aws_lb_listener_certificate") == {"link"}
    assert stack["resource"]["aws_acm_certificate"]["link"]["subject_alternative_names"] == [SHORT]
    assert len(names(stack, "aws_route53_record")) == 4
    expiring = {name for name in names(stack, "aws_cloudwatch_metric_alarm") if name.endswith("certificate_expiry")}
    assert expiring == {"link_certificate_expiry"}


def test_every_rule_waits_for_the_owners_certificate(stack: Stack) -> None:
    for rule in stack["resource"]["aws_lb_listener_rule"].values():
        assert "aws_lb_listener_certificate.link" in rule["depends_on"]


def test_a_rule_changes_with_the_owner_of_its_hosts(stack: Stack) -> None:
    """Else Terraform would take the former owner's certificate off the listener before the new one is on it."""
    tags = {name: rule["tags"] for name, rule in stack["resource"]["aws_lb_listener_rule"].items()}
    assert tags == {
        "link": {"Service": "link"},
        "api": {"Service": "api", "Certificate": "link"},
        "v2": {"Service": "v2", "Certificate": "link"},
    }


def test_a_name_waits_for_every_rule_of_its_host(stack: Stack) -> None:
    records = stack["resource"]["aws_route53_record"]
    rules = {f"aws_lb_listener_rule.{name}" for name in ("link", "api", "v2")}
    assert set(records["link_prod_getorcha_com"]["depends_on"]) == rules
    short = set(records["link_getorcha_com"]["depends_on"])
    assert short == {"aws_route53_record.link_prod_getorcha_com", "aws_lb_listener_rule.api"}


def test_every_service_shows_its_url_and_the_certificate_of_its_host(stack: Stack) -> None:
    values = {name: output["value"] for name, output in stack["output"].items()}
    certificate = "${aws_acm_certificate_validation.link.certificate_arn}"
    assert {values[f"{name}CertificateArn"] for name in ("Link", "Api", "V2")} == {certificate}
    assert [values[f"{name}Url"] for name in ("Link", "Api", "V2")] == [
        f"https://{LINK}",
        f"https://{LINK}/api/",
        f"https://{LINK}/api/v2/",
    ]


def test_where_all_services_of_a_host_have_paths_the_one_asked_last_owns_it() -> None:
    shared = SharedHosts(
        declared(
            first={"priority": 30, "hosts": ["x.prod.getorcha.com"], "paths": ["/a/*"]},
            last={"priority": 32, "hosts": ["x.prod.getorcha.com", "y.prod.getorcha.com"], "paths": ["/b/*"]},
            catch_all={"priority": 34, "hosts": ["y.prod.getorcha.com"]},
        )
    )
    assert shared.owned_by("first") == ()
    assert shared.owned_by("last") == ("x.prod.getorcha.com",)
    assert shared.owned_by("catch-all") == ("y.prod.getorcha.com",)


def test_a_primary_host_that_another_service_owns_outlives_the_names_that_lead_to_it() -> None:
    """Its alias is the owner's, and not the owner's primary host; the names that lead to it are the other one's."""
    front, back = "front.prod.getorcha.com", "back.prod.getorcha.com"
    stack = synthesize(
        declared(
            api={"priority": 30, "hosts": [front, "api.getorcha.com"], "paths": ["/api/*"]},
            site={"priority": 40, "hosts": [back, front]},
        )
    )
    records = stack["resource"]["aws_route53_record"]
    assert records["api_getorcha_com"]["records"] == [front]
    late = {name for name, record in records.items() if record.get("lifecycle", {}).get("create_before_destroy")}
    assert late == {"front_prod_getorcha_com", "back_prod_getorcha_com", "link_prod_getorcha_com"}


def test_two_services_may_each_own_what_the_other_shares() -> None:
    """Their rules wait for each other's certificates, and their names for each other's rules: no circle."""
    left, right = "left.prod.getorcha.com", "right.prod.getorcha.com"
    stack = synthesize(
        declared(
            left={"priority": 30, "hosts": [left, right], "paths": ["/l/*"]},
            right={"priority": 31, "hosts": [right, left], "paths": ["/r/*"]},
            base={"priority": 32, "hosts": [left]},
        )
    )
    waiting = {
        f"{kind}.{name}": set(body.get("depends_on", ()))
        for kind in ("aws_lb_listener_rule", "aws_route53_record")
        for name, body in stack["resource"][kind].items()
    }
    certificates = {f"aws_lb_listener_certificate.{name}" for name in ("right", "base")}
    assert waiting["aws_lb_listener_rule.left"] >= certificates
    assert waiting["aws_lb_listener_rule.right"] >= certificates
    assert waiting["aws_route53_record.right_prod_getorcha_com"] == {
        f"aws_lb_listener_rule.{name}" for name in ("left", "right")
    }
    assert waiting["aws_route53_record.left_prod_getorcha_com"] == {
        f"aws_lb_listener_rule.{name}" for name in ("left", "right", "base")
    }


def test_a_follower_waits_for_its_primary_host_whoever_owns_that() -> None:
    stack = synthesize(declared(api={"priority": 15, "hosts": [LINK, "api.getorcha.com"], "paths": ["/api/*"]}))
    record = stack["resource"]["aws_route53_record"]["api_getorcha_com"]
    assert record["records"] == [LINK]
    assert set(record["depends_on"]) == {"aws_lb_listener_rule.api", "aws_route53_record.link_prod_getorcha_com"}
    assert stack["output"]["ApiCertificateArn"]["value"] == "${aws_acm_certificate_validation.api.certificate_arn}"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("v2", "/api/v2/x"),
        ("v2", "/v1"),
        ("api", "/api/v1"),
        ("api", "/api/v2"),
        ("link", "/API/v1"),
        ("link", "/v10"),
    ],
)
def test_a_path_goes_to_the_first_service_that_takes_it(name: str, path: str) -> None:
    shared = SharedHosts(declared(api=API, v2=V2))
    assert [text for text in ("v2", "api", "link") if shared.gets(text, LINK, path)] == [name]


def test_each_service_can_be_asked_at_a_path_that_only_it_gets() -> None:
    settings = declared(api=API, v2=V2)
    shared = SharedHosts(settings)
    asked = {
        found.subject.removeprefix(LINK): (name, found.path, found.is_health)
        for name in ("v2", "api", "link")
        for found in asked_paths(settings, shared, name, LINK)
    }
    assert asked == {
        "/api/v2/*": ("v2", "/api/v2/", False),
        "/v?": ("v2", "/va", False),
        "/api/*": ("api", "/api/", False),
        "": ("link", "/health", True),
    }


def test_a_health_path_is_asked_where_the_service_gets_it() -> None:
    api = {**API, "paths": ["/api/*", "/health*"], "health_check": {"path": "/health?deep=1"}}
    settings = declared(api=api)
    shared = SharedHosts(settings)
    assert [found.path for found in asked_paths(settings, shared, "api", LINK)] == ["/api/", "/health?deep=1"]
    (link,) = asked_paths(settings, shared, "link", LINK)
    assert (link.path, link.is_health) == ("/", False)


def test_a_service_that_owns_no_host_counts_no_certificate() -> None:
    used = {entry.key: entry.used for entry in quota_usage.take(declared(api=API, v2=V2))}
    assert used["certificates_per_application_load_balancer"] == 1 + 1
    assert used["rules_per_application_load_balancer"] == used["target_groups_per_auto_scaling_group"] == 3


def test_hosts_are_split_so_that_each_rule_holds_all_paths() -> None:
    hosts = [f"h{number}.prod.getorcha.com" for number in range(5)]
    paths = ["/a/*", "/b/*", "/c"]
    rules = declared(api={"priority": 30, "hosts": hosts, "paths": paths}).services["api"].rules
    assert [(rule.priority, len(rule.hosts), len(rule.paths)) for rule in rules] == [(30, 2, 3), (31, 2, 3), (32, 1, 3)]


def test_hosts_are_split_so_that_no_rule_holds_seven_wildcards() -> None:
    hosts = ["a.prod.getorcha.com", "*.b.prod.getorcha.com", "*.c.prod.getorcha.com"]
    (first, second) = declared(api={"priority": 30, "hosts": hosts, "paths": ["/?????"]}).services["api"].rules
    assert (first.hosts, second.hosts) == (tuple(hosts[:2]), tuple(hosts[2:]))


def test_a_sign_in_at_some_paths_takes_the_way_back_too() -> None:
    content = copy.deepcopy(prod())
    content["platform"]["user_pool"] = "v1-orcha-users"
    service = {"port": 7777, "priority": 15, "hosts": [LINK], "login": True}
    content["services"]["admin"] = {**service, "paths": ["/admin/*"]}
    (rule,) = environment(content).services["admin"].rules
    assert rule.paths == ("/admin/*", "/oauth2/idpresponse")
    content["services"]["admin"] = {**service, "paths": ["/admin/*", "/oauth2/*"]}
    (rule,) = environment(content).services["admin"].rules
    assert rule.paths == ("/admin/*", "/oauth2/*")
    content["services"]["admin"] = service | {"hosts": ["admin.prod.getorcha.com"]}
    (rule,) = environment(content).services["admin"].rules
    assert rule.paths == ()
