"""Faults of names and of certificates beside our own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from edge.verify.severity import Severity
from tests.engine.faults.changes import called, record, records
from tests.engine.faults.fault import Fault
from tests.support.aws_calls import issued, zone_id
from tests.support.deployed_stack import Stack
from tests.support.imported_certificates import imported

LINK, SHORT, ZONE, PARENT = "link.prod.getorcha.com", "link.getorcha.com", "prod.getorcha.com", "getorcha.com"
_OUTAGE, _PART, _LATENT = Severity.OUTAGE, Severity.PART, Severity.LATENT


def alias(stack: Stack, name: str, kind: str = "A", **more: Any) -> dict[str, Any]:
    """Make an alias of the load balancer."""
    balancer = stack.load_balancer()
    target = {"HostedZoneId": balancer["CanonicalHostedZoneId"], "DNSName": balancer["DNSName"]}
    return {"Name": name, "Type": kind, "AliasTarget": {**target, "EvaluateTargetHealth": True}, **more}


def _only_in_germany(stack: Stack) -> Any:
    found = alias(stack, LINK, SetIdentifier="de", GeoLocation={"CountryCode": "DE"})
    return records(stack, ZONE, found, without=(LINK, "A"))


def _failing_over(stack: Stack) -> Any:
    checked = record(
        SHORT, "CNAME", LINK, SetIdentifier="first", Failover="PRIMARY", HealthCheckId="0123abcd-health-check"
    )
    return records(stack, PARENT, checked, without=(SHORT, "CNAME"))


def _name_server(stack: Stack, zone: str, name: str) -> Any:
    """Write three of the zone's four servers, and one that nobody has, where the parent or the zone names them."""
    id = zone_id(stack.aws, account=stack.account, zone=ZONE)
    own = stack.client("route53").get_hosted_zone(Id=id)["DelegationSet"]["NameServers"]
    held = zone_id(stack.aws, account=stack.account if zone == ZONE else "222222222222", zone=zone)

    def write(client: Any, servers: list[str]) -> None:
        change = {"Action": "UPSERT", "ResourceRecordSet": record(name, "NS", *servers, ttl=172800)}
        client.change_resource_record_sets(HostedZoneId=held, ChangeBatch={"Changes": [change]})

    account = stack.account if zone == ZONE else "222222222222"
    client = stack.client("route53", account)
    edited = [*own[:-1], "ns-0.example.net"]
    return called(stack, "sts", lambda _: write(client, edited), lambda _: write(client, own))


@contextmanager
def on_the_listener(stack: Stack, arn: str) -> Iterator[None]:
    """Put one more certificate on the HTTPS listener, and delete it in the end."""
    listener, elbv2 = stack.listener(443)["ListenerArn"], stack.client("elbv2")
    which = {"ListenerArn": listener, "Certificates": [{"CertificateArn": arn}]}
    elbv2.add_listener_certificates(**which)
    try:
        yield
    finally:
        elbv2.remove_listener_certificates(**which)
        stack.client("acm").delete_certificate(CertificateArn=arn)


@contextmanager
def _expiring(stack: Stack) -> Iterator[None]:
    with on_the_listener(stack, imported(stack, lasts=timedelta(seconds=3))):
        time.sleep(4)
        yield


def _proof(stack: Stack, name: str) -> tuple[str, str]:
    acm = stack.client("acm")
    found = acm.describe_certificate(CertificateArn=stack.certificate_arn(name))["Certificate"]
    return found["DomainValidationOptions"][0]["ResourceRecord"]["Name"].rstrip("."), "CNAME"


@contextmanager
def _proof_gone_of_a_neighbour(stack: Stack) -> Iterator[None]:
    """A neighbour's certificate is on the listener, and the record that proves its name was tidied away."""
    arn = issued(stack.aws, "shop.prod.getorcha.com")
    with (
        on_the_listener(stack, arn),
        records(stack, ZONE, without=_proof(stack, "shop.prod.getorcha.com")),
    ):
        yield


FAULTS = [
    Fault("only Germany gets an answer", _PART, "records", _only_in_germany, "in some places only"),
    Fault("a health check decides whether there is an answer", _LATENT, "records", _failing_over, "health check"),
    Fault(
        "a host is delegated away",
        _OUTAGE,
        "resolves",
        lambda s: records(s, ZONE, record(LINK, "NS", "ns1.example.net", "ns2.example.net")),
    ),
    Fault(
        "the short host's zone is delegated to others below",
        _OUTAGE,
        "resolves",
        lambda s: records(s, PARENT, record(SHORT, "NS", "ns1.example.net"), without=(SHORT, "CNAME")),
    ),
    Fault(
        "one of the zone's own name servers was edited",
        _PART,
        "NS set",
        lambda s: _name_server(s, ZONE, ZONE),
        "ns-0.example.net",
    ),
    Fault(
        "one of the parent's name servers was edited",
        _OUTAGE,
        "delegation",
        lambda s: _name_server(s, PARENT, ZONE),
        "ns-0.example.net",
    ),
    Fault(
        "CAA at the host names another authority",
        _LATENT,
        "CAA",
        lambda s: records(s, ZONE, record(LINK, "CAA", '0 issue "pki.goog"')),
        LINK,
    ),
    Fault(
        "CAA has a critical property that nobody knows",
        _LATENT,
        "CAA",
        lambda s: records(s, ZONE, record(ZONE, "CAA", '0 issue "amazon.com"', '128 policy "x"')),
    ),
    Fault(
        "a fixed address at the wildcard",
        _LATENT,
        "records",
        lambda s: records(
            s,
            ZONE,
            record(rf"\052.app.{ZONE}", "A", "192.0.2.1"),
            without=(rf"\052.app.{ZONE}", "A"),
        ),
        "fixed address",
    ),
    Fault(
        "an HTTPS record has an address of its own",
        _PART,
        "records",
        lambda s: records(s, ZONE, record(LINK, "HTTPS", "1 . ipv4hint=198.51.100.1")),
        "HTTPS",
    ),
    Fault(
        "a TTL of a month at the sign-in",
        _LATENT,
        "records",
        lambda s: records(
            s,
            PARENT,
            record("admin.getorcha.com", "CNAME", "admin.prod.getorcha.com", ttl=2592000),
            without=("admin.getorcha.com", "CNAME"),
        ),
        "TTL of 30 days",
    ),
    Fault(
        "an AAAA at the short host's target leads to another",
        _PART,
        "records",
        lambda s: records(s, ZONE, record(f"app.{ZONE}", "AAAA", "2001:db8::2")),
        "2001:db8::2",
    ),
    Fault(
        "the alias of staging is a fixed address",
        _LATENT,
        "records",
        lambda s: records(
            s,
            "staging.getorcha.com",
            record("app.staging.getorcha.com", "A", "192.0.2.1"),
            without=("app.staging.getorcha.com", "A"),
        ),
        "fixed address",
        where="staging",
    ),
    Fault(
        "the proof of the wildcard is gone",
        _LATENT,
        "renewal",
        lambda s: records(s, ZONE, without=_proof(s, f"app.{ZONE}")),
    ),
    Fault(
        "an expired certificate for our hosts is on the listener too",
        _PART,
        "listener certificates",
        _expiring,
        "has expired",
    ),
    Fault(
        "a self-signed certificate for our hosts is on the listener too",
        _PART,
        "listener certificates",
        lambda s: on_the_listener(s, imported(s, lasts=timedelta(days=300))),
        "is self-signed",
    ),
    Fault(
        "the default certificate, CDK's, cannot be renewed",
        _LATENT,
        "listener certificates",
        lambda s: records(s, ZONE, without=_proof(s, f"*.{ZONE}")),
        "the certificate of somebody else for *.prod.getorcha.com",
    ),
    Fault(
        "a neighbour's certificate cannot be renewed",
        _LATENT,
        "listener certificates",
        _proof_gone_of_a_neighbour,
        "for shop.prod.getorcha.com",
    ),
]
