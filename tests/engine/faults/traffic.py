"""Faults of routing and of names that a part of the requests meets."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from edge.verify.severity import Severity
from tests.engine.faults.changes import called, conditions, forward, record, records, rule, rule_changed
from tests.engine.faults.fault import Fault
from tests.support.aws_calls import zone_id
from tests.support.deployed_stack import Stack

LINK, SHORT, ZONE, PARENT = "link.prod.getorcha.com", "link.getorcha.com", "prod.getorcha.com", "getorcha.com"
_PART, _LATENT = Severity.PART, Severity.LATENT
# A digest of no key: https://www.rfc-editor.org/rfc/rfc4034 section 5.4 has the form.
_DIGEST = "12345 13 2 " + "AB" * 32


@contextmanager
def _all_but_what_is_asked(stack: Stack) -> Iterator[None]:
    """Let everything but the paths that a verification asks go to another service."""
    with ExitStack() as held:
        for priority, path in ((2, "/health"), (3, "/.well-known/*")):
            held.enter_context(rule(stack, priority, conditions(SHORT, path), forward(stack, "link")))
        held.enter_context(rule(stack, 4, conditions(SHORT), forward(stack, "app")))
        yield


@contextmanager
def _weighted(stack: Stack) -> Iterator[None]:
    halves = [
        record(SHORT, "CNAME", target, SetIdentifier=target, Weight=50) for target in (LINK, "elsewhere.example.net")
    ]
    with records(stack, PARENT, *halves, without=(SHORT, "CNAME")):
        yield


def _name_servers_edited(stack: Stack) -> AbstractContextManager[None]:
    """The NS record of an apex is changed, never deleted."""
    id = zone_id(stack.aws, account=stack.account, zone=ZONE)
    own = stack.client("route53").get_hosted_zone(Id=id)["DelegationSet"]["NameServers"]

    def write(*servers: str) -> Callable[[Any], object]:
        changes = [{"Action": "UPSERT", "ResourceRecordSet": record(ZONE, "NS", *servers, ttl=172800)}]
        return lambda c: c.change_resource_record_sets(HostedZoneId=id, ChangeBatch={"Changes": changes})

    return called(stack, "route53", write("ns1.example.net", "ns2.example.net"), write(*own))


def _forwards(percent: int) -> Fault:
    return Fault(
        f"{percent} % go to another group",
        _PART,
        "rules",
        lambda s: rule_changed(s, 20, Actions=[forward(s, "link", "app", weights=(100 - percent, percent))]),
        f"sends {percent} % of the requests",
    )


FAULTS = [
    _forwards(50),
    _forwards(5),
    Fault(
        "a lower rule takes POST",
        _PART,
        "rules",
        lambda s: rule(s, 2, conditions(SHORT, methods="POST"), forward(s, "app")),
        "by POST",
    ),
    Fault(
        "a lower rule takes /oauth2/*",
        _PART,
        "rules",
        lambda s: rule(s, 2, conditions("admin.getorcha.com", "/oauth2/*"), forward(s, "app")),
    ),
    Fault(
        "a lower rule of a wildcard takes /login*",
        _PART,
        "rules",
        lambda s: rule(s, 2, conditions("*.getorcha.com", "/login*"), forward(s, "app")),
        "*.getorcha.com at /login*",
    ),
    Fault(
        "a lower rule takes all but what is asked", _PART, "rules", _all_but_what_is_asked, "forwards to v1-orcha-app"
    ),
    Fault(
        "an AAAA leads nowhere",
        _PART,
        "records",
        lambda s: records(s, ZONE, record(LINK, "AAAA", "2001:db8::1")),
        "2001:db8::1",
    ),
    Fault(
        "the AAAA is missing on a dualstack platform",
        _PART,
        "records",
        lambda s: records(s, "staging.getorcha.com", without=("link.staging.getorcha.com", "AAAA")),
        "has no AAAA",
        where="staging",
    ),
    Fault(
        "the parent has a DS of an unsigned child",
        _PART,
        "DNSSEC",
        lambda s: records(s, PARENT, record(ZONE, "DS", _DIGEST)),
        "is not signed",
    ),
    Fault("the zone's own NS set was edited", _PART, "NS set", _name_servers_edited, "ns1.example.net"),
    Fault(
        "a TTL of a week",
        _LATENT,
        "records",
        lambda s: records(s, PARENT, record(SHORT, "CNAME", LINK, ttl=604800), without=(SHORT, "CNAME")),
        "TTL of 7 days",
    ),
    Fault(
        "a fixed address in place of the alias",
        _LATENT,
        "records",
        lambda s: records(s, ZONE, record(LINK, "A", "192.0.2.1"), without=(LINK, "A")),
        "fixed address",
    ),
    Fault("weighted records of which half lead elsewhere", _PART, "records", _weighted, "elsewhere.example.net"),
]
