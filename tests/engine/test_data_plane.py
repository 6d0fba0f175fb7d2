"""Traffic before any deploy: the embedded AWS serves what CDK left, of which the environment file says nothing."""

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from edge.verify.check import CheckFailedError
from edge.verify.dns_client import DnsClient
from edge.verify.endpoints import Endpoint, settings_from
from edge.verify.http_client import HttpClient
from edge.verify.requests import Requests
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.aws_calls import PROD, REGION

pytestmark = pytest.mark.takes(minutes=0.2)

APP, ADMIN = "app.prod.getorcha.com", "admin.prod.getorcha.com"


@pytest.fixture(scope="module")
def aws(prod_environment: Environment, staging_environment: Environment) -> Iterator[LocalAws]:
    with LocalAws.start([prod_environment, staging_environment], lifetime_seconds=3600, plane=True) as aws:
        yield aws
        assert aws.last_words() == ""


def address_of(aws: LocalAws, name: str) -> str:
    return DnsClient(settings_from(aws.variables), Requests()).resolve(name, "A").values[0]


def get(aws: LocalAws, url: str) -> httpx.Response:
    settings = settings_from(aws.variables)
    client = HttpClient(settings, Requests())
    return client.get(url, address=address_of(aws, httpx.URL(url).host))


def test_a_service_that_cdk_left_answers(aws: LocalAws) -> None:
    answer = get(aws, f"https://{APP}/health")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert get(aws, f"http://{APP}/health").headers["location"] == f"https://{APP}:443/health"


def test_the_sign_in_that_cdk_left_is_asked_for(aws: LocalAws) -> None:
    answer = get(aws, f"https://{ADMIN}/")
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(
        "https://v1-orcha.auth.eu-central-1.amazoncognito.com/oauth2/authorize?"
    )
    assert get(aws, f"https://{ADMIN}/oauth2/idpresponse?code=x").status_code == 561


def test_each_environments_load_balancer_has_an_address_and_instances_of_its_own(aws: LocalAws) -> None:
    staging = "app.staging.getorcha.com"
    assert address_of(aws, staging) != address_of(aws, APP)
    assert get(aws, f"https://{staging}/health").status_code == 200


@pytest.fixture
def elbv2(aws: LocalAws) -> Any:
    return aws.client("elbv2", PROD, REGION)


@pytest.fixture
def listener(elbv2: Any) -> str:
    (balancer,) = elbv2.describe_load_balancers()["LoadBalancers"]
    listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    return next(str(found["ListenerArn"]) for found in listeners if found["Port"] == 443)


def test_a_change_counts_for_the_next_request(aws: LocalAws, elbv2: Any, listener: str) -> None:
    for status in ("410", "451"):
        made = elbv2.create_rule(
            ListenerArn=listener,
            Priority=1,
            Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": [APP]}}],
            Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": status}}],
        )
        assert get(aws, f"https://{APP}/health").status_code == int(status)
        elbv2.delete_rule(RuleArn=made["Rules"][0]["RuleArn"])
        assert get(aws, f"https://{APP}/health").status_code == 200


def test_a_rule_takes_what_conditions_of_every_kind_hold_for(aws: LocalAws, elbv2: Any, listener: str) -> None:
    """The API's answers have the shape that the rules are matched by."""
    made = elbv2.create_rule(
        ListenerArn=listener,
        Priority=1,
        Conditions=[
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["app.*"]}},
            {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/hea*"]}},
            {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}},
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "user-agent", "Values": ["*HTTPX*"]}},
            {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "version", "Value": "v?"}]}},
            {"Field": "source-ip", "SourceIpConfig": {"Values": ["203.0.113.0/24"]}},
        ],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "410"}}],
    )
    try:
        assert get(aws, f"https://{APP}/health?version=v1").status_code == 410
        assert get(aws, f"https://{APP}/health?version=10").status_code == 200
        assert get(aws, f"https://{APP}/health").status_code == 200
        assert get(aws, f"https://{APP}/?version=v1").status_code == 404
    finally:
        elbv2.delete_rule(RuleArn=made["Rules"][0]["RuleArn"])


def test_a_rule_forwards_by_weight(aws: LocalAws, elbv2: Any, listener: str) -> None:
    """The group without targets answers 503 for its share of the requests, and the other one for the rest."""
    (existing,) = elbv2.describe_target_groups(Names=["v1-orcha-app-tg"])["TargetGroups"]
    empty = elbv2.create_target_group(Name="empty", Protocol="HTTP", Port=8888, VpcId=existing["VpcId"])
    arns = [existing["TargetGroupArn"], empty["TargetGroups"][0]["TargetGroupArn"]]
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in zip(arns, (3, 1), strict=True)]
    made = elbv2.create_rule(
        ListenerArn=listener,
        Priority=1,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": [APP]}}],
        Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}],
    )
    try:
        statuses = [get(aws, f"https://{APP}/health").status_code for _ in range(8)]
        assert sorted(statuses) == [200] * 6 + [503] * 2
        assert statuses[:4] == statuses[4:]
    finally:
        elbv2.delete_rule(RuleArn=made["Rules"][0]["RuleArn"])
        elbv2.delete_target_group(TargetGroupArn=arns[1])


def test_a_name_without_a_certificate_gets_the_default_one(aws: LocalAws) -> None:
    settings = settings_from(aws.variables)
    client = HttpClient(settings, Requests())
    with pytest.raises(CheckFailedError, match="Hostname mismatch"):
        client.get("https://link.getorcha.com/health", address=address_of(aws, APP))


def test_it_ends_with_the_server(prod_environment: Environment) -> None:
    with LocalAws.start([prod_environment], lifetime_seconds=3600, plane=True) as short:
        settings = settings_from(short.variables)
        ways = [settings.way_to(Endpoint(address_of(short, APP), port)) for port in (80, 443)]
    for way in ways:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((way.address, way.port), timeout=5)
