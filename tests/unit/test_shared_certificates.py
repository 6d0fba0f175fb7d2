"""Services that are served with another one's certificate: what is made, in which order, and what knows it."""

import copy
from typing import Any

import pytest

from edge.plan.errors import RefusedError
from edge.release.addresses import addresses_of
from environments import quota_usage
from environments.certificates import Certificates
from environments.checked import Environment
from environments.dns_records import all_records
from environments.rules import faults
from environments.wildcards import made_first
from tests.support.files import environment, prod
from tests.support.synthesizing import synthesize

LINK, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
Stack = dict[str, Any]


def declared(names: list[str], *, services: int = 2, shared: bool = True) -> Environment:
    """Let Link's certificate have more names, and serve other services with it."""
    content = copy.deepcopy(prod())
    content["services"]["link"] |= {"certificate_names": names} if names else {}
    for number in range(services):
        hosts = [f"s{number}.prod.getorcha.com", f"s{number}.getorcha.com"]
        table = {"port": 8000 + number, "priority": 100 + number, "hosts": hosts}
        content["services"][f"s{number}"] = table | ({"certificate": "link"} if shared else {})
    return environment(content)


BOTH = ["*.prod.getorcha.com", "*.getorcha.com"]


@pytest.fixture(scope="module")
def stack() -> Stack:
    return synthesize(declared(BOTH))


def test_a_service_with_anothers_certificate_makes_none_and_no_proof(stack: Stack) -> None:
    made = stack["resource"]
    for kind in ("aws_acm_certificate", "aws_acm_certificate_validation", "aws_lb_listener_certificate"):
        assert set(made[kind]) == {"link"}
    assert made["aws_acm_certificate"]["link"]["subject_alternative_names"] == [SHORT, *BOTH]
    proofs = {name for name in made["aws_route53_record"] if name.endswith("__validation")}
    names = ("link_prod_getorcha_com", "link_getorcha_com", "prod_getorcha_com", "getorcha_com")
    assert proofs == {f"{name}__validation" for name in names}
    alarms = {name for name in made["aws_cloudwatch_metric_alarm"] if name.endswith("certificate_expiry")}
    assert alarms == {"link_certificate_expiry"}
    assert {"s0", "s1", "link"} == set(made["aws_lb_target_group"]) == set(made["aws_lb_listener_rule"])


def test_its_rule_waits_for_that_certificate_and_its_records_for_the_rule(stack: Stack) -> None:
    rule = stack["resource"]["aws_lb_listener_rule"]["s0"]
    assert "aws_lb_listener_certificate.link" in rule["depends_on"]
    assert rule["tags"] == {"Service": "s0", "Certificate": "link"}
    alias = stack["resource"]["aws_route53_record"]["s0_prod_getorcha_com"]
    assert "aws_lb_listener_rule.s0" in alias["depends_on"]


def test_its_output_is_the_certificate_that_serves_it(stack: Stack) -> None:
    outputs = stack["output"]
    assert outputs["S0CertificateArn"]["value"] == outputs["LinkCertificateArn"]["value"]


def test_the_records_that_are_expected_are_those_that_are_made(stack: Stack) -> None:
    expected = {record.address for record in all_records(declared(BOTH))}
    assert expected == set(stack["resource"]["aws_route53_record"])


def test_fifty_services_need_one_certificate_and_keep_every_quota() -> None:
    many = declared(BOTH, services=49)
    used = {entry.key: entry.used for entry in quota_usage.take(many)}
    assert used["certificates_per_application_load_balancer"] == 1 + 1
    assert [entry for entry in quota_usage.take(many) if entry.used > entry.limit] == []
    (fault,) = faults(declared([], services=25, shared=False), "x.toml")
    assert 'let services share a certificate, by certificate = "<service>"' in fault.problem
    (fault,) = faults(declared(BOTH, services=50), "x.toml")
    assert "move services to another Auto Scaling group, in an environment of its own" in fault.problem


@pytest.mark.parametrize(
    ("names", "uncovered"),
    [
        (["*.prod.getorcha.com"], ("s0.getorcha.com",)),
        (["*.getorcha.com"], ("s0.prod.getorcha.com",)),
        (["s0.prod.getorcha.com", "*.getorcha.com"], ()),
    ],
)
def test_a_wildcard_stands_for_one_label(names: list[str], uncovered: tuple[str, ...]) -> None:
    file = declared(names, services=1)
    assert Certificates(file).uncovered("s0") == uncovered
    assert len(faults(file, "x.toml")) == bool(uncovered)


def test_a_host_without_a_proof_is_hidden_from_no_wildcard() -> None:
    """Only a proof hides a host from a wildcard that answers it; without one its records come after its rule."""
    content = copy.deepcopy(prod())
    content["services"]["link"]["hosts"].append("*.prod.getorcha.com")
    content["services"]["s0"] = {"port": 8000, "priority": 10, "hosts": ["s0.prod.getorcha.com"]}
    assert made_first(environment(content)) >= {"s0.prod.getorcha.com"}
    content["services"]["s0"]["certificate"] = "link"
    assert "s0.prod.getorcha.com" not in made_first(environment(content))


def test_a_proof_of_anothers_certificate_waits_for_the_records_that_it_would_hide() -> None:
    content = copy.deepcopy(prod())
    host = "s0.prod.getorcha.com"
    content["services"]["link"]["certificate_names"] = [host]
    content["services"]["s0"] = {
        "port": 8000,
        "priority": 10,
        "hosts": [host],
        "certificate": "link",
        "records_first": [host],
    }
    records = synthesize(environment(content))["resource"]["aws_route53_record"]
    assert records["s0_prod_getorcha_com__validation"]["depends_on"] == ["aws_route53_record.s0_prod_getorcha_com"]
    assert "depends_on" not in records["s0_prod_getorcha_com"]


def test_the_owner_of_a_shared_certificate_is_not_released() -> None:
    with pytest.raises(RefusedError, match=r"the hosts of s0, s1 are served with the certificate of services\.link"):
        addresses_of(declared(BOTH), "link", [])


def test_a_released_service_takes_no_proof_of_anothers_certificate_along() -> None:
    standing = [f"aws_route53_record.{record.address}" for record in all_records(declared(BOTH))]
    taken = addresses_of(declared(BOTH), "s0", standing)
    assert taken == ("aws_route53_record.s0_getorcha_com", "aws_route53_record.s0_prod_getorcha_com")


@pytest.mark.parametrize(
    ("owner", "problem"),
    [
        ("shop", '"shop" is not a service of this file; name one that has a certificate of its own'),
        ("s0", "is the service itself; remove it, and the service has a certificate of its own"),
    ],
)
def test_the_named_service_is_another_of_the_file(owner: str, problem: str) -> None:
    content = copy.deepcopy(prod())
    table = {"port": 8000, "priority": 10, "hosts": ["s0.prod.getorcha.com"], "certificate": owner}
    content["services"]["s0"] = table
    (fault,) = faults(environment(content), "x.toml")
    assert (fault.path, fault.problem) == ("services.s0.certificate", problem)
