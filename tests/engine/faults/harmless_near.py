"""More changes that break nothing of ours, near the faults: no check may fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.engine.faults.attributes import attribute, group_attribute
from tests.engine.faults.changes import (
    FIXED,
    called,
    client_changed,
    conditions,
    forward,
    listener_changed,
    opened,
    record,
    records,
    rule,
    rule_changed,
)
from tests.engine.faults.fault import Harmless
from tests.engine.faults.names import LINK, PARENT, SHORT, ZONE, alias, on_the_listener
from tests.engine.faults.networks import denied
from tests.engine.faults.routing import header, query, source
from tests.engine.faults.watching import topic
from tests.support.aws_calls import issued
from tests.support.deployed_stack import Stack

_WILD = f"app.{ZONE}"


def _special(name: str, condition: dict[str, Any]) -> Harmless:
    """Make a rule for special clients, which is worth a note."""
    return Harmless(
        name, lambda s: rule(s, 2, [*conditions(SHORT), condition], forward(s, "app")), "takes some special requests"
    )


def _below(name: str, record_set: dict[str, Any], note: str = "") -> Harmless:
    """Put somebody else's record below a wildcard of ours (RFC 4592 section 2.2.2)."""
    return Harmless(name, lambda s: records(s, ZONE, record_set), note)


@contextmanager
def _private_zone(stack: Stack) -> Iterator[None]:
    route53, balancer = stack.client("route53"), stack.load_balancer()
    vpc = {"VPCRegion": "eu-central-1", "VPCId": balancer["VpcId"]}
    config = {"PrivateZone": True, "Comment": "inside"}
    made = route53.create_hosted_zone(Name=ZONE, VPC=vpc, CallerReference="inside", HostedZoneConfig=config)
    try:
        yield
    finally:
        route53.delete_hosted_zone(Id=made["HostedZone"]["Id"])


@contextmanager
def _zone_elsewhere(stack: Stack) -> Iterator[None]:
    """Another account has a public zone of the same name, to which nobody delegates."""
    route53 = stack.client("route53", "222222222222")
    made = route53.create_hosted_zone(Name=ZONE, CallerReference="elsewhere")["HostedZone"]
    try:
        yield
    finally:
        route53.delete_hosted_zone(Id=made["Id"])


@contextmanager
def _subscribed_too(stack: Stack) -> Iterator[None]:
    sns = stack.client("sns")
    made = sns.subscribe(TopicArn=topic(stack), Protocol="sqs", Endpoint=f"arn:aws:sqs:eu-central-1:{stack.account}:q")
    try:
        yield
    finally:
        sns.unsubscribe(SubscriptionArn=made["SubscriptionArn"])


@contextmanager
def _neighbours_certificate(stack: Stack) -> Iterator[None]:
    with on_the_listener(stack, issued(stack.aws, "shop.prod.getorcha.com")):
        yield


@contextmanager
def _unused_group(stack: Stack) -> Iterator[None]:
    elbv2, first = stack.client("elbv2"), stack.target_group("admin")
    made = elbv2.create_target_group(Name="unused", Protocol="HTTP", Port=7777, VpcId=first["VpcId"])
    try:
        yield
    finally:
        elbv2.delete_target_group(TargetGroupArn=made["TargetGroups"][0]["TargetGroupArn"])


def _group(stack: Stack, before: dict[str, Any], now: dict[str, Any]) -> Any:
    name = {"AutoScalingGroupName": stack.environment.autoscaling_group_name}
    return called(
        stack,
        "autoscaling",
        lambda c: c.update_auto_scaling_group(**name, **now),
        lambda c: c.update_auto_scaling_group(**name, **before),
    )


def _not_balanced(stack: Stack) -> Any:
    which = {"AutoScalingGroupName": stack.environment.autoscaling_group_name, "ScalingProcesses": ["AZRebalance"]}
    return called(stack, "autoscaling", lambda c: c.suspend_processes(**which), lambda c: c.resume_processes(**which))


def _protected(stack: Stack) -> Any:
    name = {"AutoScalingGroupName": stack.environment.autoscaling_group_name, "InstanceIds": stack.instance_ids()}

    def write(value: bool) -> Any:
        return lambda c: c.set_instance_protection(**name, ProtectedFromScaleIn=value)

    return called(stack, "autoscaling", write(True), write(False))


_FOUND = {
    "Type": "redirect",
    "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_302"},
}
_URLS = [f"https://admin{of}.getorcha.com/oauth2/idpresponse" for of in ("", ".prod")]

HARMLESS = [
    _special("a rule takes who has a certain cookie", header("Cookie", "*canary=always*")),
    _special("a rule takes one office", source("198.51.100.7/32", "198.51.100.16/28")),
    _special("a rule takes who asks for debugging", query("debug", "1")),
    _special("a rule takes a private network", source("10.0.0.0/8")),
    Harmless(
        "another group has no weight",
        lambda s: rule_changed(s, 20, Actions=[forward(s, "link", "app", weights=(1, 0))]),
    ),
    Harmless("a rule behind ours has our host", lambda s: rule(s, 900, conditions(SHORT, "/old/*"), FIXED)),
    Harmless("a rule of every host comes last", lambda s: rule(s, 49999, conditions(paths="/*"), FIXED)),
    Harmless("port 80 redirects for now", lambda s: listener_changed(s, 80, DefaultActions=[_FOUND])),
    Harmless(
        "the TLS policy of 2021 with fewer ciphers",
        lambda s: listener_changed(s, 443, SslPolicy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06"),
    ),
    Harmless("the default action is another page", lambda s: listener_changed(s, 443, DefaultActions=[FIXED])),
    Harmless("idle connections last two minutes", lambda s: attribute(s, "idle_timeout.timeout_seconds", "120")),
    Harmless(
        "requests that servers read differently are refused",
        lambda s: attribute(s, "routing.http.desync_mitigation_mode", "strictest"),
    ),
    Harmless(
        "the target with the fewest requests is next",
        lambda s: group_attribute(s, "link", "load_balancing.algorithm.type", "least_outstanding_requests"),
    ),
    Harmless(
        "a target that leaves has five minutes to finish",
        lambda s: group_attribute(s, "link", "deregistration_delay.timeout_seconds", "300"),
    ),
    Harmless("a neighbour's certificate is on the listener", _neighbours_certificate),
    Harmless("a target group of admin's port is unused", _unused_group),
    Harmless(
        "instances answer to pings",
        lambda s: opened(s, "ec2-sg", "0.0.0.0/0", ports=(-1, -1), protocol="icmp"),
    ),
    Harmless("an office reaches SSH", lambda s: opened(s, "ec2-sg", "198.51.100.7/32", ports=(22, 22))),
    Harmless("the load balancer takes 8443 too", lambda s: opened(s, "alb-sg", "0.0.0.0/0", ports=(8443, 8443))),
    Harmless("a network ACL refuses one office", lambda s: denied(s, 443, 443, of="198.51.100.7/32")),
    Harmless("a network ACL refuses SSH", lambda s: denied(s, 22, 22)),
    Harmless(
        "the oldest instance is ended first",
        lambda s: _group(s, {"TerminationPolicies": ["Default"]}, {"TerminationPolicies": ["OldestInstance"]}),
    ),
    Harmless("the group may grow", lambda s: _group(s, {"MaxSize": 2}, {"MaxSize": 6})),
    Harmless("instances are not spread again", _not_balanced),
    Harmless("instances are kept from scaling in", _protected),
    Harmless("a private zone has the same name", _private_zone),
    Harmless("another account has a zone of the same name", _zone_elsewhere),
    Harmless("CAA names Amazon", lambda s: records(s, ZONE, record(ZONE, "CAA", '0 issue "amazontrust.com"'))),
    Harmless("mail for the zone", lambda s: records(s, PARENT, record(PARENT, "MX", "10 mail.example.net"))),
    Harmless("a text at our host", lambda s: records(s, ZONE, record(LINK, "TXT", '"verified=1"'))),
    Harmless(
        "another child is delegated", lambda s: records(s, PARENT, record(f"shop.{PARENT}", "NS", "ns1.example.net"))
    ),
    Harmless(
        "a wildcard above our hosts", lambda s: records(s, PARENT, record(rf"\052.{PARENT}", "A", "198.51.100.1"))
    ),
    Harmless(
        "the short host leads by another name of ours",
        lambda s: records(
            s,
            PARENT,
            record(f"hop.{PARENT}", "CNAME", LINK),
            record(SHORT, "CNAME", f"hop.{PARENT}"),
            without=(SHORT, "CNAME"),
        ),
    ),
    Harmless(
        "the answer depends on the region, and is the same everywhere",
        lambda s: records(s, ZONE, alias(s, LINK, SetIdentifier="eu", Region="eu-central-1"), without=(LINK, "A")),
    ),
    Harmless(
        "a short TTL", lambda s: records(s, PARENT, record(SHORT, "CNAME", LINK, ttl=5), without=(SHORT, "CNAME"))
    ),
    Harmless("one more subscriber", _subscribed_too),
    Harmless(
        "people may be sent back to this machine",
        lambda s: client_changed(s, "v1-orcha-admin", CallbackURLs=[*_URLS, "http://localhost:3000/callback"]),
    ),
    _below(
        "a service record deep below a wildcard",
        record(f"_sip._tcp.voice.{_WILD}", "SRV", "1 1 5060 sip.example.net"),
        f"voice.{_WILD} is not served by it",
    ),
    _below("a proof right below a wildcard", record(f"_0123.{_WILD}", "CNAME", "_4567.acm-validations.aws")),
    _below(
        "a wildcard below a wildcard",
        record(rf"\052.deep.{_WILD}", "TXT", '"x"'),
        f"deep.{_WILD} is not served by it",
    ),
    _below(
        "a child of a wildcard is delegated",
        record(f"team.{_WILD}", "NS", "ns1.example.net"),
        f"team.{_WILD} is not served by it",
    ),
    _below(
        "a policy for mail three labels below a wildcard",
        record(f"_dmarc.a.b.c.{_WILD}", "TXT", '"v=DMARC1"'),
        f"c.{_WILD} is not served by it",
    ),
    _below(
        "mail at the name that a wildcard is asked under",
        record(f"orcha-verify.{_WILD}", "MX", "10 mail.example.net"),
        f"orcha-verify.{_WILD} is not served by it",
    ),
    Harmless(
        "our own connections last longer",
        lambda s: attribute(s, "idle_timeout.timeout_seconds", "120"),
        where="staging",
    ),
    Harmless(
        "our own group may grow",
        lambda s: _group(s, {"MaxSize": 4}, {"MaxSize": 8}),
        where="staging",
    ),
    Harmless(
        "idle clients of our own load balancer are kept for ten minutes",
        lambda s: attribute(s, "client_keep_alive.seconds", "600"),
        where="staging",
    ),
]
