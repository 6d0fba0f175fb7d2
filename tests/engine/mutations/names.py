"""Faults in DNS: records, delegations, CAA, and the validation records that renewal needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.aws_calls import MANAGEMENT, PROD, record_of, zone_id
from tests.support.deployed_stack import Stack

ZONES = {"prod.getorcha.com": PROD, "getorcha.com": MANAGEMENT}


def _records(stack: Stack, zone: str) -> list[dict[str, Any]]:
    route53 = stack.client("route53", ZONES[zone])
    answer = route53.list_resource_record_sets(HostedZoneId=zone_id(stack.aws, account=ZONES[zone], zone=zone))
    return list(answer["ResourceRecordSets"])


def _change(stack: Stack, zone: str, *changes: tuple[str, dict[str, Any]]) -> None:
    stack.client("route53", ZONES[zone]).change_resource_record_sets(
        HostedZoneId=zone_id(stack.aws, account=ZONES[zone], zone=zone),
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]},
    )


def _record(name: str, kind: str, *values: str) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value} for value in values]}


@contextmanager
def _without(stack: Stack, zone: str, name: str, kind: str) -> Iterator[None]:
    (standing,) = [
        record for record in _records(stack, zone) if (record["Name"].rstrip("."), record["Type"]) == (name, kind)
    ]
    _change(stack, zone, ("DELETE", standing))
    try:
        yield
    finally:
        _change(stack, zone, ("CREATE", standing))


@contextmanager
def _with(stack: Stack, zone: str, record: dict[str, Any]) -> Iterator[None]:
    _change(stack, zone, ("CREATE", record))
    try:
        yield
    finally:
        _change(stack, zone, ("DELETE", record))


@contextmanager
def _instead(stack: Stack, zone: str, record: dict[str, Any]) -> Iterator[None]:
    with _without(stack, zone, record["Name"], record["Type"]), _with(stack, zone, record):
        yield


@contextmanager
def host_record_missing(stack: Stack) -> Iterator[None]:
    with _without(stack, "prod.getorcha.com", "link.prod.getorcha.com", "A"):
        yield


@contextmanager
def short_host_missing(stack: Stack) -> Iterator[None]:
    with _without(stack, "getorcha.com", "link.getorcha.com", "CNAME"):
        yield


@contextmanager
def wildcard_record_missing(stack: Stack) -> Iterator[None]:
    with _without(stack, "prod.getorcha.com", r"\052.app.prod.getorcha.com", "A"):
        yield


@contextmanager
def cname_to_a_wrong_name(stack: Stack) -> Iterator[None]:
    with _instead(stack, "getorcha.com", _record("link.getorcha.com", "CNAME", "lnik.prod.getorcha.com")):
        yield


@contextmanager
def cname_loop(stack: Stack) -> Iterator[None]:
    back = _record("loop.getorcha.com", "CNAME", "link.getorcha.com")
    there = _record("link.getorcha.com", "CNAME", "loop.getorcha.com")
    with _with(stack, "getorcha.com", back), _instead(stack, "getorcha.com", there):
        yield


@contextmanager
def alias_to_another_load_balancer(stack: Stack) -> Iterator[None]:
    elbv2, ours = stack.client("elbv2"), stack.load_balancer()
    other = elbv2.create_load_balancer(
        Name="other-alb",
        Subnets=[availabilityzone["SubnetId"] for availabilityzone in ours["AvailabilityZones"]],
        SecurityGroups=ours["SecurityGroups"],
    )["LoadBalancers"][0]
    target = {"HostedZoneId": other["CanonicalHostedZoneId"], "DNSName": other["DNSName"]}
    record = {
        "Name": "link.prod.getorcha.com",
        "Type": "A",
        "AliasTarget": {**target, "EvaluateTargetHealth": True},
    }
    try:
        with _instead(stack, "prod.getorcha.com", record):
            yield
    finally:
        elbv2.delete_load_balancer(LoadBalancerArn=other["LoadBalancerArn"])


@contextmanager
def caa_forbids_amazon(stack: Stack) -> Iterator[None]:
    with _with(stack, "getorcha.com", _record("getorcha.com", "CAA", '0 issue "letsencrypt.org"')):
        yield


@contextmanager
def caa_forbids_wildcards(stack: Stack) -> Iterator[None]:
    record = _record("prod.getorcha.com", "CAA", '0 issue "amazon.com"', '0 issuewild ";"')
    with _with(stack, "prod.getorcha.com", record):
        yield


@contextmanager
def delegation_to_other_name_servers(stack: Stack) -> Iterator[None]:
    record = _record("prod.getorcha.com", "NS", "ns1.example.net", "ns2.example.net")
    with _instead(stack, "getorcha.com", record):
        yield


@contextmanager
def delegation_missing(stack: Stack) -> Iterator[None]:
    with _without(stack, "getorcha.com", "prod.getorcha.com", "NS"):
        yield


@contextmanager
def a_second_zone_of_the_same_name(stack: Stack) -> Iterator[None]:
    route53 = stack.client("route53")
    made = route53.create_hosted_zone(Name="prod.getorcha.com", CallerReference="again")["HostedZone"]
    try:
        yield
    finally:
        route53.delete_hosted_zone(Id=made["Id"])


def _validation_name(stack: Stack, host: str) -> dict[str, str]:
    return record_of(stack.aws, stack.certificate_arn("link.prod.getorcha.com"), host)


@contextmanager
def validation_record_gone(stack: Stack) -> Iterator[None]:
    name = _validation_name(stack, "link.getorcha.com")["Name"].rstrip(".")
    with _without(stack, "getorcha.com", name, "CNAME"):
        yield


@contextmanager
def validation_record_with_another_value(stack: Stack) -> Iterator[None]:
    name = _validation_name(stack, "link.prod.getorcha.com")["Name"].rstrip(".")
    with _instead(stack, "prod.getorcha.com", _record(name, "CNAME", "_other.acm-validations.aws")):
        yield
