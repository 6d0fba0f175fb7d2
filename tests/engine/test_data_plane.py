"""Traffic before any deploy: the embedded AWS serves what CDK left, of which the environment file says nothing."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from edge.verify import tls_client
from edge.verify.check import CheckFailedError, Requests
from edge.verify.dns_client import DnsClient
from edge.verify.endpoints import Endpoint, settings_from
from edge.verify.http_client import HttpClient
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.aws_calls import PROD, REGION

pytestmark = pytest.mark.takes(minutes=0.2)

APP, ADMIN = "app.prod.getorcha.com", "admin.prod.getorcha.com"


@pytest.fixture(scope="module")
def aws(prod_environment: Environment, staging_environment: Environment) -> Iterator[LocalAws]:
    with LocalAws.start([prod_environment, staging_environment], lifetime_seconds=300, plane=True) as aws:
        yield aws
        assert aws.last_words() == ""


def address_of(aws: LocalAws, name: str) -> str:
    return DnsClient(settings_from(aws.variables), Requests()).resolve(name, "A").values[0]


def get(aws: LocalAws, url: str) -> httpx.Response:
    settings = settings_from(aws.variables)
    client = HttpClient(settings, Requests(), tls_client.trusting(settings))
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


def test_a_change_counts_for_the_next_request(aws: LocalAws) -> None:
    elbv2 = aws.client("elbv2", PROD, REGION)
    (balancer,) = elbv2.describe_load_balancers()["LoadBalancers"]
    listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    listener = next(each["ListenerArn"] for each in listeners if each["Port"] == 443)
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


def test_a_name_without_a_certificate_gets_the_default_one(aws: LocalAws) -> None:
    settings = settings_from(aws.variables)
    client = HttpClient(settings, Requests(), tls_client.trusting(settings))
    with pytest.raises(CheckFailedError, match="Hostname mismatch"):
        client.get("https://link.getorcha.com/health", address=address_of(aws, APP))


def test_it_ends_with_the_server(prod_environment: Environment) -> None:
    with LocalAws.start([prod_environment], lifetime_seconds=300, plane=True) as short:
        settings = settings_from(short.variables)
        ways = [settings.way_to(Endpoint(address_of(short, APP), port)) for port in (80, 443)]
    for way in ways:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((way.address, way.port), timeout=5)
