"""The scenarios: every call that a first deploy writes with, times the ways in which a call goes wrong."""

from collections.abc import Iterator

from tests.support.fault_proxy import Fault, Kind

# What a first deploy of prod writes, in the order in which its parts depend on one another: the operation, and which
# of its calls. Route 53's four are two validation records, the alias and the CNAME in the other account.
CALLS: tuple[tuple[str, int], ...] = (
    ("CreateTargetGroup", 1),
    ("ModifyTargetGroupAttributes", 1),
    ("AttachLoadBalancerTargetGroups", 1),
    ("AuthorizeSecurityGroupEgress", 1),
    ("AuthorizeSecurityGroupIngress", 1),
    ("RequestCertificate", 1),
    ("ChangeResourceRecordSets", 1),
    ("ChangeResourceRecordSets", 2),
    ("AddListenerCertificates", 1),
    ("CreateRule", 1),
    ("PutMetricAlarm", 1),
    ("PutMetricAlarm", 5),
    ("ChangeResourceRecordSets", 3),
    ("ChangeResourceRecordSets", 4),
    ("PutState", 1),
)
KINDS: tuple[Kind, ...] = ("SIGKILL", "SIGINT", "SIGTERM", "lost reply", "5xx after the write", "denial")


def first_deploys() -> Iterator[Fault]:
    """Give all scenarios of a first deploy: 90."""
    for operation, nth in CALLS:
        for kind in KINDS:
            yield Fault(kind, operation, nth)


def every_kind_once() -> Iterator[Fault]:
    """Give one of each kind, at calls spread over the deploy: what `make test` runs."""
    for number, kind in enumerate(KINDS):
        operation, nth = CALLS[number * len(CALLS) // len(KINDS)]
        yield Fault(kind, operation, nth)


def every_call_and_kind_once() -> Iterator[Fault]:
    """Give a sixth of them, in which every call and every kind occurs."""
    for number, (operation, nth) in enumerate(CALLS):
        yield Fault(KINDS[number % len(KINDS)], operation, nth)
