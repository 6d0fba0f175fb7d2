"""A load balancer of the embedded AWS: which certificate it sends, which rule answers, and what stands in the way."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, cast

import pytest

from embedded_aws.data_plane.actions import Request
from embedded_aws.data_plane.alb import Balancer
from embedded_aws.data_plane.aws_reader import Api

PLACE = ("111111111111", "eu-central-1")
PORT = 9999
NOW = datetime.now(UTC)
LISTENER = {"ListenerArn": "arn:listener", "Protocol": "HTTPS", "Port": 443}
REQUEST = Request("HTTPS", 443, "GET", "link.getorcha.com", "/health", "a=b", (("Accept", "text/plain"),))


def certificate(*names: str, status: str = "ISSUED") -> dict[str, Any]:
    validity = {"NotBefore": NOW, "NotAfter": NOW + timedelta(days=1)}
    return {"DomainName": names[0], "SubjectAlternativeNames": list(names), "Status": status, **validity}


def rule(priority: str, host: str | None, action: dict[str, Any]) -> dict[str, Any]:
    conditions = [{"Field": "host-header", "HostHeaderConfig": {"Values": [host]}}] if host else []
    return {"Priority": priority, "IsDefault": priority == "default", "Conditions": conditions, "Actions": [action]}


def fixed(status: int) -> dict[str, Any]:
    return {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": str(status)}}


FORWARD = {"Type": "forward", "TargetGroupArn": "arn:group"}


def group_rule(group: str, *, egress: bool, port: int, peer: str | None = None) -> dict[str, Any]:
    to = {"ReferencedGroupInfo": {"GroupId": peer}} if peer else {"CidrIpv4": "0.0.0.0/0"}
    return {"GroupId": group, "IsEgress": egress, "IpProtocol": "tcp", "FromPort": port, "ToPort": port, **to}


class FakeApi:
    """One load balancer with everything in order; a test changes what it needs."""

    def __init__(self) -> None:
        self.certificates = {
            "arn:default": certificate("*.prod.getorcha.com"),
            "arn:sni": certificate("link.prod.getorcha.com", "link.getorcha.com"),
        }
        self.rules = [rule("default", None, fixed(404)), rule("20", "link.getorcha.com", FORWARD)]
        self.targets = [{"Target": {"Id": "i-1", "Port": PORT}, "TargetHealth": {"State": "healthy"}}]
        self.group_rules = [
            group_rule("sg-alb", egress=False, port=443),
            group_rule("sg-alb", egress=True, port=PORT, peer="sg-ec2"),
            group_rule("sg-ec2", egress=False, port=PORT, peer="sg-alb"),
        ]

    def balancers(self) -> dict[str, Any]:
        return {"arn:alb": (PLACE, {"SecurityGroups": ["sg-alb"]})}

    def security_group_rules(self, _place: Any, groups: Any) -> list[dict[str, Any]]:
        return [item for item in self.group_rules if item["GroupId"] in groups]

    def ask(self, _place: Any, _service: str, operation: str, _key: str, **arguments: Any) -> Any:
        instance = {"SecurityGroups": [{"GroupId": "sg-ec2"}], "PrivateIpAddress": "10.20.0.4"}
        listed = [{"CertificateArn": arn, "IsDefault": arn == "arn:default"} for arn in reversed(self.certificates)]
        return {
            "describe_listeners": [LISTENER],
            "describe_listener_certificates": listed,
            "describe_certificate": self.certificates.get(arguments.get("CertificateArn", "")),
            "describe_rules": self.rules,
            "describe_target_health": self.targets,
            "describe_instances": [{"Instances": [instance]}],
        }[operation]


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture(scope="module")
def instance() -> Iterator[int]:
    """What runs on the instance: it answers with what it was asked."""

    class Echo(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("X-Service", "link")
            self.end_headers()
            self.wfile.write(f"{self.headers['Host']} {self.headers['X-Forwarded-Proto']} {self.path}".encode())

        def log_message(self, *_arguments: object) -> None:
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def balancer(api: FakeApi, instance: int) -> Balancer:
    return Balancer("arn:alb", cast("Api", api), {(*PLACE, PORT): instance})


@pytest.mark.parametrize(
    ("host", "first_name"),
    [
        ("link.getorcha.com", "link.prod.getorcha.com"),
        ("link.prod.getorcha.com", "link.prod.getorcha.com"),  # an exact name goes before the default's wildcard
        ("app.prod.getorcha.com", "*.prod.getorcha.com"),
        ("unknown.example", "*.prod.getorcha.com"),  # nothing fits: the default
        (None, "*.prod.getorcha.com"),
    ],
)
def test_sni_chooses_the_certificate(balancer: Balancer, host: str | None, first_name: str) -> None:
    found = balancer.certificate(LISTENER, host)
    assert found is not None
    assert found[0][0] == first_name


@pytest.mark.parametrize(("status", "is_sent"), [("ISSUED", True), ("EXPIRED", True), ("PENDING_VALIDATION", False)])
def test_only_what_was_issued_is_sent(api: FakeApi, balancer: Balancer, status: str, is_sent: bool) -> None:
    api.certificates = {"arn:default": certificate("link.getorcha.com", status=status)}
    assert (balancer.certificate(LISTENER, "link.getorcha.com") is not None) is is_sent


def test_who_may_not_come_in_finds_no_listener(api: FakeApi, balancer: Balancer) -> None:
    assert balancer.listener(443) == LISTENER
    assert balancer.listener(80) is None
    api.group_rules = api.group_rules[1:]
    assert balancer.listener(443) is None


def test_the_lowest_priority_that_fits_answers_and_else_the_default(api: FakeApi, balancer: Balancer) -> None:
    api.rules += [rule("100", "*.getorcha.com", fixed(500)), rule("9", "*.getorcha.com", fixed(201))]
    assert balancer.answer(LISTENER, REQUEST).status == 201
    elsewhere = Request("HTTPS", 443, "GET", "getorcha.com", "/", "")
    assert balancer.answer(LISTENER, elsewhere).status == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/users", 201), ("/api/v2/users", 202), ("/api", 200), ("/API/users", 200), ("/health", 200)],
)
def test_a_rule_for_some_paths_answers_for_them_alone(api: FakeApi, balancer: Balancer, path: str, status: int) -> None:
    for priority, pattern, answer in (("15", "/api/*", 201), ("9", "/api/v?/*", 202)):
        some = rule(priority, "link.getorcha.com", fixed(answer))
        some["Conditions"] += [{"Field": "path-pattern", "PathPatternConfig": {"Values": [pattern]}}]
        api.rules.append(some)
    assert balancer.answer(LISTENER, Request("HTTPS", 443, "GET", "link.getorcha.com", path, "")).status == status


def test_a_target_is_asked_as_the_client_asked(balancer: Balancer) -> None:
    response = balancer.answer(LISTENER, REQUEST)
    assert (response.status, response.body) == (200, b"link.getorcha.com https /health?a=b")
    assert ("X-Service", "link") in response.headers


@pytest.mark.parametrize(
    ("state", "status"),
    [("healthy", 200), ("unhealthy", 200), ("initial", 200), ("unused", 503), ("draining", 503)],
)
def test_unhealthy_targets_are_tried_and_unusable_ones_are_not(
    api: FakeApi, balancer: Balancer, state: str, status: int
) -> None:
    api.targets[0]["TargetHealth"] = {"State": state}
    assert balancer.answer(LISTENER, REQUEST).status == status


def test_without_a_target_it_is_503_and_without_a_service_502(api: FakeApi, balancer: Balancer) -> None:
    api.targets[0]["Target"] = {"Id": "i-1", "Port": 9998}
    api.group_rules += [
        group_rule("sg-alb", egress=True, port=9998),
        group_rule("sg-ec2", egress=False, port=9998),
    ]
    assert balancer.answer(LISTENER, REQUEST).status == 502
    api.targets = []
    assert balancer.answer(LISTENER, REQUEST).status == 503


@pytest.mark.parametrize("missing", [1, 2])
def test_a_closed_port_on_either_side_is_504_after_a_while(
    api: FakeApi, balancer: Balancer, missing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    del api.group_rules[missing]
    assert balancer.answer(LISTENER, REQUEST).status == 504
    assert len(waited) == 1
